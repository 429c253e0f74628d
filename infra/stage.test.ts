import { expect, test } from "vitest";
import { readStage } from "./stage.ts";
import { ofType, rights, roleOf } from "./synth/policies.ts";
import { synthesise } from "./synth/synth.ts";

test("protects production only, and keeps its data", () => {
  expect(readStage("production", {})).toMatchObject({ protect: true, retain: true, logRetention: "3 months" });
  expect(readStage("trial", {})).toMatchObject({ protect: false, retain: false, logRetention: "1 week" });
});

test.each([
  [undefined, {}, /cannot be a stage/],
  ["", {}, /cannot be a stage/],
  ["Production", {}, /cannot be a stage/],
  ["9lives", {}, /cannot be a stage/],
  ["ends-", {}, /cannot be a stage/],
  ["a".repeat(21), {}, /20 at most/],
  ["trial", { SLIPWAY_DOMAIN: "https://slipway.example.com" }, /must be a host name/],
  ["trial", { SLIPWAY_CERTIFICATE: "arn:aws:acm:eu-west-1:1:certificate/x" }, /in us-east-1/],
  ["trial", { SLIPWAY_CERTIFICATE: "arn:aws:acm:us-east-1:1:certificate/x" }, /without SLIPWAY_DOMAIN/],
  ["trial", { SLIPWAY_KMS_KEY: "alias/slipway" }, /must be the ARN of a key in us-east-1/],
  [
    "trial",
    { SLIPWAY_KMS_KEY: "arn:aws:kms:eu-west-1:123456789012:key/k", SLIPWAY_REGION: "us-east-1" },
    /a key in us-east-1/,
  ],
  ["trial", { SLIPWAY_MEMBERS: "example.com" }, /must be addresses or domains/],
  ["trial", { SLIPWAY_DEFAULT_MODEL: "claude" }, /must be a model of Bedrock/],
  ["trial", { SLIPWAY_DEFAULT_MODEL: "*" }, /must be a model of Bedrock/],
  ["trial", { SLIPWAY_MODELS: "us.amazon.nova-pro-v1:0, llama" }, /SLIPWAY_MODELS must be models of Bedrock.*"llama"/],
  ["trial", { SLIPWAY_MODELS: "meta.llama4-v1:0=much" }, /SLIPWAY_MODELS must be models of Bedrock/],
  ["trial", { SLIPWAY_SANDBOX_IMAGE: "slipway/sandbox:latest" }, /by its digest/],
  ["trial", { SLIPWAY_SANDBOX_DOMAIN: "sandbox.example.net" }, /needs SLIPWAY_SANDBOX_CERTIFICATE/],
  ["trial", { SLIPWAY_FREE_RUNS: "many" }, /must be a number/],
  ["trial", { SLIPWAY_DAILY_DOLLARS: "-1" }, /must be a number/],
])("refuses the stage %j with %j", (name, environment, why) => {
  expect(() => readStage(name, environment)).toThrow(why);
});

test("names no partition: everything is GovCloud's in GovCloud", () => {
  const { resources, builds } = synthesise("trial", {}, { partition: "aws-us-gov" });
  const text = JSON.stringify({ resources, builds });
  expect(text).toContain("arn:aws-us-gov:states:::lambda:invoke");
  expect(text.match(/arn:aws:[^"\\]*/g)).toBeNull();
});

test("a key of the team's own encrypts every function's environment", () => {
  const kmsKey = "arn:aws:kms:us-east-1:123456789012:key/1234-abcd";
  const functions = ofType(synthesise("trial", { SLIPWAY_KMS_KEY: kmsKey }), "aws:lambda/function:Function");
  expect(functions.length).toBeGreaterThan(9);
  expect([...new Set(functions.map(({ inputs }) => inputs.kmsKeyArn))]).toEqual([kmsKey]);
});

test("a team's settings reach the deployment", () => {
  const synth = synthesise("trial", {
    SLIPWAY_DOMAIN: "slipway.example.com",
    SLIPWAY_PREVIEW_DOMAIN: "preview.example.net",
    SLIPWAY_PREVIEW_CERTIFICATE: "arn:aws:acm:us-east-1:123456789012:certificate/y",
    SLIPWAY_CERTIFICATE: "arn:aws:acm:us-east-1:123456789012:certificate/x",
    SLIPWAY_ADMINS: "Ada@example.com, grace@example.com",
    SLIPWAY_MEMBERS: "@example.com,guest@elsewhere.org",
    SLIPWAY_FREE_RUNS: "7",
    SLIPWAY_ALERT_EMAIL: "ops@example.com",
    SLIPWAY_DAILY_DOLLARS: "12",
    SLIPWAY_DEFAULT_MODEL: "eu.amazon.nova-pro-v1:0",
    SLIPWAY_MODELS: "meta.llama4-maverick-v1:0=128000, global.anthropic.claude-sonnet-5-5",
    SLIPWAY_HIDDEN_MODELS: "global.anthropic.claude-opus-5-5",
  });
  const turn = roleOf(synth, "slipway-trial-turn");
  const models = (turn ? rights(turn) : []).filter(({ Action }) => Action.includes("bedrock:InvokeModel"));
  expect(models.flatMap(({ Resource }) => Resource.map((arn) => arn.split(":").at(-1)))).toEqual([
    "foundation-model/anthropic.*",
    "inference-profile/*.anthropic.*",
    "foundation-model/amazon.*",
    "inference-profile/*.amazon.*",
    "foundation-model/meta.*",
    "inference-profile/*.meta.*",
  ]);
  const distributions = ofType(synth, "aws:cloudfront/distribution:Distribution");
  const distribution = distributions.find(({ inputs }) => String(inputs.aliases) === "slipway.example.com");
  const previews = distributions.find(({ name }) => name.startsWith("Preview"));
  expect(previews?.inputs.aliases).toEqual(["preview.example.net", "*.preview.example.net"]);
  expect(synth.builds.find(({ links }) => links.Previews)?.links.Previews).toMatchObject({
    origin: "https://*.preview.example.net",
  });
  expect(distribution?.inputs.viewerCertificate).toMatchObject({ sslSupportMethod: "sni-only" });
  const settings = synth.builds.find(({ links }) => links.Settings)?.links.Settings;
  expect(settings).toMatchObject({
    url: "https://slipway.example.com",
    stage: "trial",
    adminEmails: ["ada@example.com", "grace@example.com"],
    members: ["@example.com", "guest@elsewhere.org"],
    planLimits: { free: 7, pro: 15 },
  });
  expect(ofType(synth, "aws:sns/topicSubscription:TopicSubscription")[0]?.inputs.endpoint).toBe("ops@example.com");
  const dollars = ofType(synth, "aws:cloudwatch/metricAlarm:MetricAlarm").find(({ name }) => name === "DollarsAlarm");
  expect(dollars?.inputs.threshold).toBe(12);
});
