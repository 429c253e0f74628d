import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

/** GitHub's workflows, and how they match the account's template and the stage's settings. */

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".github/workflows");

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  needs?: string | string[];
  uses?: string;
  environment?: string;
  permissions?: Record<string, string>;
  env?: Record<string, string>;
  steps?: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const sources = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
) as Record<"ci.yml" | "deploy.yml", string>;

/** What is wrong with a workflow: nothing when all is well. */
function faults(source: string): string[] {
  const { on, permissions, jobs } = parse(source) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const granted = [permissions ?? { all: "write" }, ...Object.values(jobs).map((job) => job.permissions ?? {})];
  return [
    ...[...source.matchAll(/uses: (.*)/g)]
      .map(([, used = ""]) => used)
      .filter((used) => !/^\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used) && !used.startsWith("./"))
      .map((used) => `${used} is not pinned by a hash, with its version beside it`),
    ...granted
      .flatMap((one) => Object.entries(one))
      .filter(([scope, access]) => access === "write" && scope !== "id-token" && scope !== "packages")
      .map(([scope]) => `it may write ${scope}`),
    ...steps
      .filter(({ run }) => run?.includes("${{"))
      .map(({ run }) => `an expression becomes part of a command: ${run ?? ""}`),
    ...steps
      .filter((step) => step.uses?.startsWith("actions/checkout@") && step.with?.["persist-credentials"] !== false)
      .map(() => "the token stays in the working copy"),
    ...("pull_request_target" in on ? ["strangers' code runs with this repository's rights"] : []),
    ...Object.entries(jobs)
      .filter(([, job]) => Object.values(job.permissions ?? {}).includes("write") && (!job.environment || !job.needs))
      .map(([name]) => `${name} reaches AWS or publishes without an environment, or without the gate`),
  ];
}

describe("every workflow", () => {
  test.each(Object.entries(sources))(
    "%s is pinned, has the least permissions, and runs no foreign text",
    (_, source) => {
      expect(faults(source)).toEqual([]);
    },
  );

  test.each([
    ["an action by its tag", (source: string) => source.replace(/@[0-9a-f]{40} # v\S+/, "@v7")],
    ["a hash without its version", (source: string) => source.replace(/ # v\S+/, "")],
    ["default permissions", (source: string) => source.replace("permissions: {}", "")],
    ["a permission to write", (source: string) => source.replace("permissions: {}", "permissions: {contents: write}")],
    ["an input in a command", (source: string) => source.replace('"$STAGE"', '"${{ inputs.stage }}"')],
    ["a token that is kept", (source: string) => source.replace("persist-credentials: false", "fetch-depth: 1")],
    ["pull_request_target", (source: string) => source.replace("workflow_dispatch:", "pull_request_target:")],
    ["a deployment without the gate", (source: string) => source.replace("    needs: gate\n", "")],
    ["a deployment outside an environment", (source: string) => source.replace(/ {4}environment: .*\n/, "")],
  ])("finds %s", (_, plant) => {
    const planted = plant(sources["deploy.yml"]);
    expect(planted).not.toBe(sources["deploy.yml"]);
    expect(faults(planted)).not.toEqual([]);
  });
});

describe("the gate", () => {
  const { on, jobs } = parse(sources["ci.yml"]) as Workflow;

  test("runs for pull requests, for main, and ahead of a deployment", () => {
    expect(Object.keys(on)).toEqual(expect.arrayContaining(["pull_request", "push", "workflow_call"]));
    expect(jobs.gate?.steps?.flatMap(({ run }) => run ?? [])).toEqual(["bash .ci/run"]);
  });

  test("needs no secrets, so it runs for forks too", () => {
    expect(sources["ci.yml"]).not.toMatch(/\bsecrets\.|\bvars\./);
  });
});

describe("the deployment", () => {
  const { gate, deploy } = (parse(sources["deploy.yml"]) as Workflow).jobs;

  test("comes after the gate, and takes the deploy role by its token in the stage's environment", () => {
    expect(gate?.uses).toBe("./.github/workflows/ci.yml");
    expect(deploy?.needs).toBe("gate");
    expect(deploy?.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(deploy?.environment).toContain("inputs.stage");
    expect(deploy?.steps?.find(({ uses }) => uses?.startsWith("aws-actions/"))?.with?.["role-to-assume"]).toBe(
      "${{ vars.AWS_ROLE_ARN }}",
    );
  });

  test("runs preflight first", () => {
    expect(deploy?.steps?.at(-1)?.run).toBe('npm run deploy -- --stage "$STAGE"');
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts.deploy).toBe(`${scripts.preflight ?? ""} --deploy`);
  });

  test("passes every setting of a stage on", () => {
    const known = new Set(readFileSync(join(root, "infra/stage.ts"), "utf8").match(/SLIPWAY_[A-Z_]+/g));
    known.delete("SLIPWAY_BOUNDARY");
    expect([...known].filter((name) => !(name in (deploy?.env ?? {})))).toEqual([]);
  });
});
