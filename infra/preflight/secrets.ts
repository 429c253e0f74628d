import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { closedAdvice, openProvider, parseProviders } from "../sign-in.ts";
import type { Stage } from "../stage.ts";
import { nameOf, type Finding } from "./finding.ts";

const root = join(import.meta.dirname, "../..");

/** What is wrong with a secret's value. Never repeats the value. */
const faults: Readonly<Record<string, (value: string) => string | undefined>> = {
  AuthSecret: (value) => (value.length >= 32 ? undefined : "is shorter than 32 characters"),
  DataKey: (value) =>
    value.split(",").every((key) => Buffer.from(key.trim(), "base64").length === 32)
      ? undefined
      : "is not 32 bytes in base64",
  SandboxKey: (value) =>
    /^[\w-]{1,32}\.[\w-]{43}\.[\w-]{43}$/.test(value) ? undefined : "is not a name and two keys, separated by dots",
  AuthProviders(value) {
    const list = parseProviders(value) as readonly Record<string, unknown>[] | undefined;
    if (list === undefined) return "is not a JSON list";
    if (list.length === 0) return "is an empty list: nobody could sign in";
    const isComplete = (one: Record<string, unknown>) =>
      ["github", "oidc"].includes(String(one.type)) && Boolean(one.clientId) && Boolean(one.clientSecret);
    return list.every(isComplete) ? undefined : "has a provider without type, clientId or clientSecret";
  },
};
const howToSet: Readonly<Record<string, string>> = {
  AuthSecret: '"$(openssl rand -base64 48)"',
  DataKey: '"$(openssl rand -base64 32)"',
  SandboxKey: `"k1.$(openssl rand -base64 32 | tr '+/' '-_' | tr -d =).$(openssl rand -base64 32 | tr '+/' '-_' | tr -d =)"`,
  AuthProviders: `'[{"type":"github","clientId":"…","clientSecret":"…"}]'`,
};

export async function secrets(ssm: SSMClient, stage: Stage): Promise<Finding> {
  const of = "Secrets";
  const values = (await isBootstrapped(ssm)) ? list(stage) : new Map<string, string>();
  if (values === undefined)
    return { of, problem: "They cannot be listed.", next: `Try: npx sst secret list --stage ${stage.name}` };
  const problems = Object.entries(faults).flatMap(([name, fault]) => {
    const value = values.get(name);
    const problem = value === undefined ? "is not set" : fault(value);
    return problem === undefined ? [] : [{ name, problem }];
  });
  if (problems.length > 0)
    return {
      of,
      problem: problems.map(({ name, problem }) => `${name} ${problem}.`).join(" "),
      next: problems
        .map(({ name }) => `npx sst secret set ${name} ${howToSet[name]} --stage ${stage.name}`)
        .join("\n    "),
    };
  const open = openProvider(values.get("AuthProviders") ?? "", stage.members);
  if (open !== undefined)
    return {
      of: "Members",
      problem: `Anyone could sign in through ${open}, and spend on your models.`,
      next: closedAdvice,
    };
  return { of };
}

/** SST makes its buckets when it is first asked anything, and a check must create nothing. */
async function isBootstrapped(ssm: SSMClient): Promise<boolean> {
  return ssm.send(new GetParameterCommand({ Name: "/sst/bootstrap" })).then(
    () => true,
    (error: unknown) => nameOf(error) !== "ParameterNotFound",
  );
}

/** Undefined when the sst command fails. */
function list(stage: Stage): Map<string, string> | undefined {
  const { stdout, stderr, status } = spawnSync(
    join(root, "node_modules/.bin/sst"),
    ["secret", "list", "--stage", stage.name],
    { cwd: root, encoding: "utf8" },
  );
  const values = new Map<string, string>();
  for (const line of stdout.split("\n")) {
    const at = line.indexOf("=");
    if (at > 0 && !line.startsWith("#")) values.set(line.slice(0, at), line.slice(at + 1));
  }
  return status === 0 || values.size > 0 || /no secrets/i.test(stdout + stderr) ? values : undefined;
}
