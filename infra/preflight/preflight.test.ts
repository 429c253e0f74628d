import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startAws, type AwsPeer } from "./aws-peer.ts";

/** `npm run preflight` and the real `sst` command, against an AWS on loopback. */

const root = join(import.meta.dirname, "../..");
let aws: AwsPeer;
let home: string;

beforeAll(async () => {
  aws = await startAws();
  home = mkdtempSync(join(tmpdir(), "slipway-home-"));
  // The sst command looks for an engine that it does not use here.
  mkdirSync(join(home, ".config/sst/bin"), { recursive: true });
  writeFileSync(join(home, ".config/sst/bin/pulumi"), "#!/bin/sh\necho v3.215.0\n");
  chmodSync(join(home, ".config/sst/bin/pulumi"), 0o755);
});
afterAll(async () => {
  await aws.close();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => {
  aws.answers = { credentials: "work", hasBoundary: true, concurrency: 1000 };
  aws.made.length = 0;
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

const preflight = (environment: Record<string, string> = {}, stage = "trial") =>
  run(process.execPath, [join(root, "infra/preflight/run.ts"), "--stage", stage], environment);
const sst = (...args: string[]) => run(join(root, "node_modules/.bin/sst"), [...args, "--stage", "trial"]);

test("an account where nothing has been done yet is told each thing, and nothing is made", async () => {
  aws.answers = { credentials: "work", hasBoundary: false, concurrency: 10, modelError: "AccessDeniedException" };
  const { code, said } = await preflight();
  expect(code).toBe(1);
  expect(said).toContain("✓ Account 123456789012, us-east-1, as user/ada");
  expect(said).toContain("infra/account/template.json");
  expect(said).toContain("AuthSecret is not set. DataKey is not set. AuthProviders is not set.");
  expect(said).toContain("npx sst secret set DataKey");
  expect(said).toContain("may not use it yet");
  expect(said).toContain("It is 10;");
  expect(said).toContain("4 things are in the way. Nothing was made.");
  expect(aws.made).toEqual([]);
});

test("secrets are checked by their values, which are never shown; when all is well it says so", async () => {
  const set = async (name: string, value: string) => {
    const { code, said } = await sst("secret", "set", name, value);
    expect([code, said]).toEqual([0, expect.stringContaining(name)]);
  };
  await set("AuthSecret", "short");
  await set("DataKey", "bm90IDMyIGJ5dGVz");
  await set("AuthProviders", "[]");
  aws.made.length = 0;
  const bad = await preflight();
  expect(bad.code).toBe(1);
  expect(bad.said).toContain("AuthSecret is shorter than 32 characters.");
  expect(bad.said).toContain("DataKey is not 32 bytes in base64.");
  expect(bad.said).toContain("nobody could sign in");
  expect(bad.said).not.toContain("bm90IDMyIGJ5dGVz");
  await set("AuthProviders", '[{"type":"github","clientId":"x"}]');
  expect((await preflight()).said).toContain("without type, clientId or clientSecret");
  await set("AuthSecret", "0123456789abcdef0123456789abcdef");
  await set("DataKey", Buffer.alloc(32, 1).toString("base64"));
  await set("AuthProviders", '[{"type":"github","clientId":"x","clientSecret":"y=z"}]');
  const open = await preflight();
  expect(open.code).toBe(1);
  expect(open.said).toContain("Anyone with a GitHub account could sign in");
  aws.made.length = 0;
  const good = await preflight({ SLIPWAY_MEMBERS: "@example.com" });
  expect(good.said).toContain("Ready. Nothing was made");
  expect(good.code).toBe(0);
  expect(aws.made).toEqual([]);
}, 60_000);

test.each([
  ["expired credentials", { credentials: "expired" as const }, "have expired"],
  ["credentials of nobody", { credentials: "unknown" as const }, "no AWS credentials that work"],
  ["a model that the region lacks", { modelError: "ValidationException" }, "Bedrock does not have it in us-east-1"],
  ["a model that does not exist", { modelError: "ResourceNotFoundException" }, "Bedrock does not have it in us-east-1"],
  ["a model without quota", { modelError: "ThrottlingException" }, "Service Quotas, Amazon Bedrock"],
])(
  "%s",
  async (_, answers, words) => {
    Object.assign(aws.answers, answers);
    const { code, said } = await preflight();
    expect(said).toContain(words);
    expect(code).toBe(1);
  },
  30_000,
);

test("a bad stage, a bad setting and a region that is none are named before AWS is asked", async () => {
  expect((await preflight({}, "My Stage")).said).toContain("cannot be a stage");
  expect((await preflight({ SLIPWAY_DOMAIN: "not a host" })).said).toContain("SLIPWAY_DOMAIN must be a host name");
  expect((await preflight({ SLIPWAY_REGION: "europe" })).said).toContain('"europe" is not a region');
  // A region of the right form that AWS does not have: its address does not exist.
  const nowhere = await preflight({ SLIPWAY_REGION: "xx-north-9", AWS_ENDPOINT_URL: "https://sts.xx-north-9.invalid" });
  expect(nowhere.said).toContain('AWS has nothing in "xx-north-9"');
});
