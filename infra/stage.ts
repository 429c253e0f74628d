/**
 * Everything that differs from one deployment to the next, in one place: what follows from the name of the stage, and
 * what the team sets. The one module of `infra` that reads the environment.
 */

export interface Stage {
  readonly app: string;
  readonly name: string;
  readonly region: string;
  /** Refuse `sst remove`. */
  readonly protect: boolean;
  /** Keep table and buckets when what made them is taken away. */
  readonly retain: boolean;
  readonly logRetention: "1 week" | "3 months";
  /** Public host name. Without it the team gets CloudFront's own. */
  readonly domain: string | undefined;
  /** ARN of a certificate in us-east-1, for a domain whose names are not in Route 53. */
  readonly certificate: string | undefined;
  readonly adminEmails: readonly string[];
  /** Addresses, `@domain`s or `*`: who may sign in besides admins. Empty for whomever the login providers let in. */
  readonly members: readonly string[];
  /** Runs a month. */
  readonly planLimits: { readonly free: number; readonly pro: number };
  readonly defaultModel: string;
  /** Who is told when an alarm goes off. */
  readonly alertEmail: string | undefined;
  /** Dollars of models in one day from which somebody is told. */
  readonly dailyDollars: number;
  /** Name of the policy that bounds every role: `infra/account` makes it. */
  readonly boundary: string;
}

/** This process's environment for one that it starts, with changes. */
export function childEnvironment(changes: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}

/** A stage's name becomes part of every resource's, and some of those may have 64 characters. */
export const stageName = /^[a-z][a-z0-9-]{0,19}$/;

/** Of Bedrock: `vendor.model`, or an inference profile, which begins with where it may send requests. */
const modelName = /^(?:(?:global|us|us-gov|eu|apac|jp|au|ca)\.)?([a-z0-9]+)\.[\w.:-]+$/;

/** `global.anthropic.claude-…` → `anthropic`. */
export function vendorOf(model: string): string {
  return modelName.exec(model)?.[1] ?? "anthropic";
}

/** @throws Error in plain words about the first setting that is wrong. */
export function readStage(name: string | undefined, environment: NodeJS.ProcessEnv = process.env): Stage {
  if (name === undefined || !stageName.test(name) || name.endsWith("-"))
    throw new Error(
      `"${name ?? ""}" cannot be a stage: begin with a letter, then small letters, digits and hyphens, 20 at most.`,
    );
  const isProduction = name === "production";
  const text = (key: string) => environment[key]?.trim() || undefined;
  const number = (key: string, fallback: number) => {
    const value = Number(text(key) ?? fallback);
    if (!Number.isFinite(value) || value < 0) throw new Error(`${key} must be a number, not "${text(key)}".`);
    return value;
  };
  const list = (key: string) =>
    (text(key) ?? "")
      .split(",")
      .map((entry) => entry.trim().toLowerCase())
      .filter(Boolean);
  const members = list("SLIPWAY_MEMBERS");
  const odd = members.find((member) => member !== "*" && !/^[^@\s]*@[a-z0-9.-]+\.[a-z]{2,}$/.test(member));
  if (odd !== undefined)
    throw new Error(`SLIPWAY_MEMBERS must be addresses or domains such as @example.com, not "${odd}".`);
  const domain = text("SLIPWAY_DOMAIN");
  if (domain !== undefined && !/^(?=.{4,253}$)([a-z0-9-]+\.)+[a-z]{2,}$/.test(domain))
    throw new Error(`SLIPWAY_DOMAIN must be a host name such as slipway.example.com, not "${domain}".`);
  const defaultModel = text("SLIPWAY_DEFAULT_MODEL") ?? "global.anthropic.claude-sonnet-5-5";
  if (!modelName.test(defaultModel))
    throw new Error(
      `SLIPWAY_DEFAULT_MODEL must be a model of Bedrock such as global.anthropic.claude-sonnet-5-5, not "${defaultModel}".`,
    );
  const certificate = text("SLIPWAY_CERTIFICATE");
  if (certificate !== undefined && !certificate.startsWith("arn:aws:acm:us-east-1:"))
    throw new Error(
      "SLIPWAY_CERTIFICATE must be the ARN of a certificate in us-east-1, where CloudFront looks for it.",
    );
  if (certificate !== undefined && domain === undefined)
    throw new Error("SLIPWAY_CERTIFICATE is of no use without SLIPWAY_DOMAIN.");
  return {
    app: "slipway",
    name,
    region: text("SLIPWAY_REGION") ?? text("AWS_REGION") ?? text("AWS_DEFAULT_REGION") ?? "us-east-1",
    protect: isProduction,
    retain: isProduction,
    logRetention: isProduction ? "3 months" : "1 week",
    domain,
    certificate,
    adminEmails: list("SLIPWAY_ADMINS"),
    members,
    planLimits: { free: number("SLIPWAY_FREE_RUNS", 5), pro: number("SLIPWAY_PRO_RUNS", 15) },
    defaultModel,
    alertEmail: text("SLIPWAY_ALERT_EMAIL"),
    dailyDollars: number("SLIPWAY_DAILY_DOLLARS", 100),
    boundary: text("SLIPWAY_BOUNDARY") ?? "slipway-boundary",
  };
}
