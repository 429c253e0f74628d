import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { GetPolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Stage } from "../stage.ts";

/** What would make a deployment fail, or fail its people afterwards, looked for without making anything. */

export interface Finding {
  /** What was looked at. */
  readonly of: string;
  /** Nothing when it is well. */
  readonly problem?: string;
  /** What to do about it. */
  readonly next?: string;
}

const root = join(import.meta.dirname, "../..");
/** Functions that run at once for a small team; a new account may have 10. */
const concurrency = 100;

export async function preflight(stage: Stage): Promise<Finding[]> {
  const { region } = stage;
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    return [
      {
        of: "Region",
        problem: `"${region}" is not a region.`,
        next: "Set SLIPWAY_REGION, for example to eu-central-1.",
      },
    ];
  const client = { region, maxAttempts: 2 };
  const { accountID, ...account } = await identity(new STSClient(client), region);
  if (accountID === undefined) return [account];
  return [
    account,
    ...(await Promise.all([
      boundary(new IAMClient(client), stage, accountID),
      secrets(new SSMClient(client), stage),
      // HTTP/1.1: one question needs no more, and proxies let it pass.
      model(new BedrockRuntimeClient({ ...client, requestHandler: new NodeHttpHandler() }), stage),
      quota(new LambdaClient(client)),
    ])),
  ];
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function identity(sts: STSClient, region: string): Promise<Finding & { accountID?: string }> {
  const of = "Account";
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    return { of: `Account ${Account}, ${region}, as ${Arn?.split(":").at(-1)}`, accountID: Account ?? "" };
  } catch (error) {
    const unknown = /ENOTFOUND|EAI_AGAIN/.test(
      `${nameOf(error)} ${messageOf(error)} ${String((error as { code?: unknown }).code)}`,
    );
    if (unknown)
      return {
        of,
        problem: `AWS has nothing in "${region}", or cannot be reached from here.`,
        next: "Check SLIPWAY_REGION and the network.",
      };
    return {
      of,
      problem: /Expired/.test(nameOf(error))
        ? "Your AWS credentials have expired."
        : "There are no AWS credentials that work.",
      next: "Sign in (aws sso login), or set AWS_PROFILE.",
    };
  }
}

async function boundary(iam: IAMClient, stage: Stage, accountID: string): Promise<Finding> {
  const of = `Boundary ${stage.boundary}`;
  try {
    await iam.send(new GetPolicyCommand({ PolicyArn: `arn:aws:iam::${accountID}:policy/${stage.boundary}` }));
    return { of };
  } catch (error) {
    if (nameOf(error) === "NoSuchEntityException")
      return {
        of,
        problem: "This account has no such policy, and every role needs it.",
        next: "Have the account's administrator deploy infra/account/template.json first (docs/operate.md, Once for each account).",
      };
    return { of, problem: `It cannot be read: ${messageOf(error)}`, next: "Deploy with the role slipway-deploy." };
  }
}

/** What is wrong with a secret's value; its value is never in the words. */
const wrong: Readonly<Record<string, (value: string) => string | undefined>> = {
  AuthSecret: (value) => (value.length >= 32 ? undefined : "is shorter than 32 characters"),
  DataKey: (value) =>
    value.split(",").every((key) => Buffer.from(key.trim(), "base64").length === 32)
      ? undefined
      : "is not 32 bytes in base64",
  AuthProviders(value) {
    try {
      const list = JSON.parse(value) as unknown;
      if (!Array.isArray(list)) return "is not a JSON list";
      if (list.length === 0) return "is an empty list: nobody could sign in";
      const isWhole = (one: Record<string, unknown>) =>
        ["github", "oidc"].includes(String(one.type)) && Boolean(one.clientId) && Boolean(one.clientSecret);
      return list.every(isWhole) ? undefined : "has a provider without type, clientId or clientSecret";
    } catch {
      return "is not JSON";
    }
  },
};
const howToSet: Readonly<Record<string, string>> = {
  AuthSecret: '"$(openssl rand -base64 48)"',
  DataKey: '"$(openssl rand -base64 32)"',
  AuthProviders: `'[{"type":"github","clientId":"…","clientSecret":"…"}]'`,
};

async function secrets(ssm: SSMClient, stage: Stage): Promise<Finding> {
  const of = "Secrets";
  const set = new Map<string, string>();
  // SST makes its buckets when it is first asked anything; here nothing is to be made.
  const isNew = await ssm.send(new GetParameterCommand({ Name: "/sst/bootstrap" })).then(
    () => false,
    (error: unknown) => nameOf(error) === "ParameterNotFound",
  );
  if (!isNew) {
    const listed = spawnSync(join(root, "node_modules/.bin/sst"), ["secret", "list", "--stage", stage.name], {
      cwd: root,
      encoding: "utf8",
    });
    for (const line of listed.stdout.split("\n")) {
      const at = line.indexOf("=");
      if (at > 0 && !line.startsWith("#")) set.set(line.slice(0, at), line.slice(at + 1));
    }
    if (listed.status !== 0 && set.size === 0 && !/no secrets/i.test(listed.stdout + listed.stderr))
      return { of, problem: "They cannot be listed.", next: `Try: npx sst secret list --stage ${stage.name}` };
  }
  const providers = set.get("AuthProviders");
  const isOpen =
    stage.members.length === 0 &&
    providers !== undefined &&
    wrong.AuthProviders?.(providers) === undefined &&
    (JSON.parse(providers) as { type: string; baseUrl?: string }[]).some(
      (one) => one.type === "github" && !one.baseUrl,
    );
  const problems = Object.entries(wrong).flatMap(([name, check]) => {
    const value = set.get(name);
    const problem = value === undefined ? "is not set" : check(value);
    return problem === undefined ? [] : [{ name, problem }];
  });
  if (problems.length === 0 && isOpen)
    return {
      of: "Members",
      problem: "Anyone with a GitHub account could sign in, and spend on your models.",
      next: "Set SLIPWAY_MEMBERS to addresses or domains, such as @example.com; or to * if you mean everyone.",
    };
  if (problems.length === 0) return { of };
  return {
    of,
    problem: problems.map(({ name, problem }) => `${name} ${problem}.`).join(" "),
    next: problems
      .map(({ name }) => `npx sst secret set ${name} ${howToSet[name]} --stage ${stage.name}`)
      .join("\n    "),
  };
}

/** The one way to know is to ask it for a word. */
async function model(bedrock: BedrockRuntimeClient, stage: Stage): Promise<Finding> {
  const { defaultModel: modelId, region } = stage;
  const of = `Model ${modelId}`;
  try {
    await bedrock.send(
      new ConverseCommand({
        modelId,
        messages: [{ role: "user", content: [{ text: "Say ok." }] }],
        inferenceConfig: { maxTokens: 1 },
      }),
    );
    return { of };
  } catch (error) {
    switch (nameOf(error)) {
      case "AccessDeniedException":
        return {
          of,
          problem: "This account may not use it yet.",
          next: `Enable it in the Bedrock console of ${region} (Model access), and look whether your role may invoke models.`,
        };
      case "ResourceNotFoundException":
      case "ValidationException":
        return {
          of,
          problem: `Bedrock does not have it in ${region}: ${messageOf(error)}`,
          next: "Set SLIPWAY_REGION to a region that has it, or SLIPWAY_DEFAULT_MODEL to one of this region's.",
        };
      case "ThrottlingException":
        return {
          of,
          problem: "It answers that there were too many requests, for a single one: its quota is 0 or used up.",
          next: `Ask for more in Service Quotas, Amazon Bedrock, ${region}.`,
        };
      default:
        return { of, problem: messageOf(error), next: "Try again; then look at https://health.aws.amazon.com." };
    }
  }
}

async function quota(lambda: LambdaClient): Promise<Finding> {
  const of = "Quota of functions that run at once";
  try {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    const most = AccountLimit?.UnreservedConcurrentExecutions ?? AccountLimit?.ConcurrentExecutions ?? 0;
    if (most >= concurrency) return { of };
    return {
      of,
      problem: `It is ${most}; ${concurrency} is the least with which a small team works undisturbed.`,
      next: "Ask for 1,000 in Service Quotas, AWS Lambda, Concurrent executions (L-B99A9384). It costs nothing.",
    };
  } catch (error) {
    return { of, problem: `It cannot be read: ${messageOf(error)}`, next: "Deploy with the role slipway-deploy." };
  }
}
