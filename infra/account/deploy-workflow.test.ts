import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

/** The workflow file and the account's template belong together. */
const root = join(import.meta.dirname, "../..");
interface Workflow {
  permissions: Record<string, string>;
  jobs: {
    deploy: {
      environment: string;
      env: Record<string, string>;
      steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
    };
  };
}
const workflow = parse(readFileSync(join(root, ".github/workflows/deploy.yml"), "utf8")) as Workflow;
const { steps, env, environment } = workflow.jobs.deploy;

test("it takes the deploy role by its token, in the environment that the role's trust names, and has no other right", () => {
  expect(workflow.permissions).toEqual({ contents: "read", "id-token": "write" });
  expect(environment).toContain("inputs.stage");
  expect(steps.find(({ uses }) => uses?.startsWith("aws-actions/"))?.with?.["role-to-assume"]).toBe(
    "${{ vars.AWS_ROLE_ARN }}",
  );
});

test("nothing is deployed before the look beforehand, and no input is put into a command", () => {
  const commands = steps.flatMap(({ run }) => run ?? []);
  expect(commands.findIndex((run) => run.includes("preflight"))).toBeLessThan(
    commands.findIndex((run) => run.includes("sst deploy")),
  );
  for (const run of commands) expect(run).not.toContain("${{");
});

test("every setting of a stage can be given", () => {
  const source = readFileSync(join(root, "infra/stage.ts"), "utf8");
  const known = new Set(source.match(/SLIPWAY_[A-Z_]+/g));
  known.delete("SLIPWAY_BOUNDARY");
  expect([...known].filter((name) => !(name in env))).toEqual([]);
});
