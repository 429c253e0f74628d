import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { allWell, startAws, type Answers, type AwsPeer } from "./aws-peer.ts";

/** `npm run preflight` and the real `sst` command, against an AWS on loopback. */

const root = join(import.meta.dirname, "../..");
let aws: AwsPeer;
let home: string;

beforeAll(async () => {
  aws = await startAws();
  home = mkdtempSync(join(tmpdir(), "slipway-home-"));
  // The sst command wants an engine, and does not use it for secrets.
  mkdirSync(join(home, ".config/sst/bin"), { recursive: true });
  writeFileSync(join(home, ".config/sst/bin/pulumi"), "#!/bin/sh\necho v3.215.0\n");
  chmodSync(join(home, ".config/sst/bin/pulumi"), 0o755);
});
afterAll(async () => {
  await aws.close();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => {
  aws.answers = allWell();
  aws.made.length = 0;
  aws.models.length = 0;
});

function run(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const bun = join(
      root,
      `infra/node_modules/@oven/bun-linux-${process.arch === "arm64" ? "aarch64" : "x64"}/bin/bun`,
    );
    const child = spawn(command, args, {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        DO_NOT_TRACK: "1",
        SST_BUN_PATH: bun,
        AWS_ACCESS_KEY_ID: "x",
        AWS_SECRET_ACCESS_KEY: "x",
        AWS_ENDPOINT_URL: aws.url,
        SLIPWAY_REGION: "us-east-1",
        AWS_REGION: "us-east-1",
        ...environment,
      },
    });
    let said = "";
    for (const output of [child.stdout, child.stderr]) output.on("data", (chunk) => (said += String(chunk)));
    child.on("exit", (code) => resolve({ code: code ?? -1, said }));
  });
}

/** Stands in for `npx sst deploy`, which would need Pulumi's engine. */
function withDeployCommand(): Record<string, string> {
  const folder = join(home, "bin");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "npx"), '#!/bin/sh\necho "DEPLOYS: $*"\n');
  chmodSync(join(folder, "npx"), 0o755);
  return { PATH: `${folder}:${process.env.PATH ?? ""}` };
}

const preflight = (environment: Record<string, string> = {}, stage = "trial") =>
  run(process.execPath, [join(root, "infra/preflight/run.ts"), "--stage", stage], environment);
const sst = (...args: string[]) => run(join(root, "node_modules/.bin/sst"), [...args, "--stage", "trial"]);

test("reports each thing that a new account lacks, and creates nothing", async () => {
  aws.answers = {
    ...allWell(),
    hasBoundary: false,
    hasLogRole: false,
    concurrency: 10,
    modelErrors: { anthropic: { name: "AccessDeniedException" } },
  };
  const { code, said } = await preflight({}, "production");
  expect(code).toBe(1);
  expect(said).toContain("✓ Account 123456789012, us-east-1, as user/ada");
  expect(said).toContain("infra/account/template.json");
  expect(said).toContain("infra/account/region.json");
  expect(said).toContain("AuthSecret is not set. DataKey is not set. SandboxKey is not set. AuthProviders is not set.");
  expect(said).toContain("npx sst secret set DataKey");
  expect(said).toContain("may not use it yet");
  expect(said).toContain("It is 10.");
  // Boundary, log role, secrets, two models and the quota.
  expect(said).toContain("6 problems to solve first. Nothing was created.");
  expect(aws.made).toEqual([]);
});

test("a small quota of executions stops production, and only warns for a trial", async () => {
  aws.answers = { ...allWell(), concurrency: 10 };
  expect((await preflight({}, "production")).said).toContain("✗ Quota of concurrent Lambda executions: It is 10.");
  expect((await preflight()).said).toContain("! Quota of concurrent Lambda executions: It is 10.");
});

test("calls every model that the product calls, and needs the default and the small one", async () => {
  aws.answers = { ...allWell(), modelErrors: { opus: { name: "AccessDeniedException" } } };
  expect((await preflight()).said).toContain(
    "! Model global.anthropic.claude-opus-5-5: This account may not use it yet",
  );
  expect(aws.models.toSorted()).toEqual([
    "global.anthropic.claude-haiku-5-5",
    "global.anthropic.claude-opus-5-5",
    "global.anthropic.claude-sonnet-5-5",
  ]);
  aws.answers = { ...allWell(), modelErrors: { haiku: { name: "AccessDeniedException" } } };
  expect((await preflight()).said).toContain(
    "✗ Model global.anthropic.claude-haiku-5-5: This account may not use it yet",
  );
});

test("names a Bedrock quota that two runs would exhaust", async () => {
  const name = "Global cross-region model inference tokens per minute for Anthropic Claude Sonnet 5.5";
  aws.answers = { ...allWell(), quotas: { [name]: 20_000, [name.replace("Sonnet", "Haiku")]: 5_000_000 } };
  const { said } = await preflight();
  expect(said).toContain("! Quota of global.anthropic.claude-sonnet-5-5: It is 20,000 tokens per minute.");
  expect(said).toContain(`"${name}" (L-1)`);
  expect(said).toContain("✓ Quota of global.anthropic.claude-haiku-5-5");
});

test("checks the values of secrets without printing them, and deploys only when all is well", async () => {
  const set = async (name: string, value: string) => {
    const { code, said } = await sst("secret", "set", name, value);
    expect([code, said]).toEqual([0, expect.stringContaining(name)]);
  };
  await set("AuthSecret", "short");
  await set("DataKey", "bm90IDMyIGJ5dGVz");
  await set("SandboxKey", "k1.short.short");
  await set("AuthProviders", "[]");
  aws.made.length = 0;
  const bad = await preflight();
  expect(bad.code).toBe(1);
  expect(bad.said).toContain("AuthSecret is shorter than 32 characters.");
  expect(bad.said).toContain("DataKey is not 32 bytes in base64.");
  expect(bad.said).toContain("SandboxKey is not a name and two keys");
  expect(bad.said).toContain("nobody could sign in");
  expect(bad.said).not.toContain("bm90IDMyIGJ5dGVz");
  await set("AuthProviders", '[{"type":"github","clientId":"x"}]');
  expect((await preflight()).said).toContain("without type, clientId or clientSecret");
  await set("AuthSecret", "0123456789abcdef0123456789abcdef");
  await set("DataKey", Buffer.alloc(32, 1).toString("base64"));
  await set("SandboxKey", `k1.${"a".repeat(43)}.${"b".repeat(43)}`);
  await set("AuthProviders", '[{"type":"github","clientId":"x","clientSecret":"y=z"}]');
  const open = await preflight();
  expect(open.code).toBe(1);
  expect(open.said).toContain("Anyone could sign in through GitHub");
  aws.made.length = 0;
  const deploy = (environment: Record<string, string>) =>
    run(process.execPath, [join(root, "infra/preflight/run.ts"), "--stage", "trial", "--deploy"], {
      ...withDeployCommand(),
      ...environment,
    });
  expect((await deploy({})).said).not.toContain("DEPLOYS");
  expect((await deploy({ SLIPWAY_MEMBERS: "@example.com" })).said).toContain("DEPLOYS: sst deploy --stage trial");
  const good = await preflight({ SLIPWAY_MEMBERS: "@example.com" });
  expect(good.said).toContain("Ready. Nothing was created");
  expect(good.code).toBe(0);
  expect(aws.made).toEqual([]);
});

const failing = (name: string, message?: string): Partial<Answers> => ({
  modelErrors: { sonnet: { name, ...(message === undefined ? {} : { message }) } },
});
test.each<[string, Partial<Answers>, string]>([
  ["expired credentials", { credentials: "expired" }, "have expired"],
  ["invalid credentials", { credentials: "unknown" }, "no valid AWS credentials"],
  ["a model that the region lacks", failing("ValidationException"), "Bedrock does not have it in us-east-1"],
  ["a model that does not exist", failing("ResourceNotFoundException"), "Bedrock does not have it in us-east-1"],
  ["a model without quota", failing("ThrottlingException"), "Service Quotas, Amazon Bedrock"],
  [
    "Anthropic's form",
    failing("ResourceNotFoundException", "Model use case details have not been submitted for this account."),
    "Anthropic's use case form has not been submitted",
  ],
  [
    "a missing subscription",
    failing(
      "AccessDeniedException",
      "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions.",
    ),
    "aws-marketplace:Subscribe",
  ],
])("reports %s", async (_, answers, words) => {
  Object.assign(aws.answers, answers);
  const { code, said } = await preflight();
  expect(said).toContain(words);
  expect(code).toBe(1);
});

test("reports an invalid stage, setting or region before asking AWS", async () => {
  expect((await preflight({}, "My Stage")).said).toContain("cannot be a stage");
  expect((await preflight({ SLIPWAY_DOMAIN: "not a host" })).said).toContain("SLIPWAY_DOMAIN must be a host name");
  expect((await preflight({ SLIPWAY_REGION: "europe" })).said).toContain('"europe" is not a region');
  // Of the right form, but AWS does not have it: its host name does not resolve.
  const nowhere = await preflight({ SLIPWAY_REGION: "xx-north-9", AWS_ENDPOINT_URL: "https://sts.xx-north-9.invalid" });
  expect(nowhere.said).toContain('AWS has no region "xx-north-9"');
});
