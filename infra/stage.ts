/**
 * Everything that differs between deployments: what follows from the stage's name, and what the team sets. The only module
 * of `infra` that reads the environment.
 */

export interface Stage {
  readonly app: string;
  readonly name: string;
  readonly region: string;
  /** Refuse `sst remove`. */
  readonly protect: boolean;
  /** Keep table and buckets when the stage is removed. */
  readonly retain: boolean;
  readonly logRetention: "1 week" | "3 months";
  /** Public host name; CloudFront's own without it. */
  readonly domain: string | undefined;
  /** ARN of a certificate in us-east-1, for a domain that is not in Route 53. */
  readonly certificate: string | undefined;
  /** Host name below which each preview has a host of its own. All share CloudFront's without it. */
  readonly previewDomain: string | undefined;
  /** ARN of a certificate in us-east-1 for the names below it, if it is not in Route 53. */
  readonly previewCertificate: string | undefined;
  /** Image of sandboxes, by digest. No sandboxes without it. */
  readonly sandboxImage: string | undefined;
  /** Tasks that wait for a launch, each at the price of one in use. */
  readonly sandboxPool: number;
  /** Host name below which each server in a sandbox is shown on a host of its own. All share CloudFront's without it. */
  readonly sandboxDomain: string | undefined;
  /** ARN of a certificate in us-east-1 for the names below it. */
  readonly sandboxCertificate: string | undefined;
  readonly adminEmails: readonly string[];
  /**
   * Addresses, `@domain`s or `*`: who may sign in besides admins. Empty for everyone whom the sign-in providers let in, which
   * `sign-in.ts` refuses when that is the whole world.
   */
  readonly members: readonly string[];
  /** Runs a month. */
  readonly planLimits: { readonly free: number; readonly pro: number };
  readonly defaultModel: string;
  /** Models of Bedrock offered besides, and models that people are not offered. */
  readonly models: readonly { id: string; contextWindow?: number }[];
  readonly hiddenModels: readonly string[];
  /** Address that alarms are sent to. */
  readonly alertEmail: string | undefined;
  /** Model cost per day, in dollars, above which an alarm goes off. */
  readonly dailyDollars: number;
  /** Name of the policy that caps every role; `infra/account` makes it. */
  readonly boundary: string;
  /** ARN of a key of the team's own that encrypts the functions' environments. AWS's key without it. */
  readonly kmsKey: string | undefined;
}

/** The environment for a child process: this one's, with changes. */
export function childEnvironment(changes: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}

/** The stage is part of every resource name, and some of those are limited to 64 characters. */
export const stageName = /^[a-z][a-z0-9-]{0,19}$/;

/** Bedrock's form: `vendor.model`, or an inference profile, which begins with the scope of its requests. */
const modelName = /^(?:(?:global|us|us-gov|eu|apac|jp|au|ca)\.)?([a-z0-9]+)\.[\w.:-]+$/;

/** `global.anthropic.claude-…` → `anthropic`. */
export function vendorOf(model: string): string {
  return modelName.exec(model)?.[1] ?? "anthropic";
}

/** @throws Error that names the first invalid setting */
export function readStage(name: string | undefined, environment: NodeJS.ProcessEnv = process.env): Stage {
  if (name === undefined || !stageName.test(name) || name.endsWith("-"))
    throw new Error(
      `"${name ?? ""}" cannot be a stage: use a letter first, then lowercase letters, digits and hyphens, 20 at most.`,
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
  const invalid = members.find((member) => member !== "*" && !/^[^@\s]*@[a-z0-9.-]+\.[a-z]{2,}$/.test(member));
  if (invalid !== undefined)
    throw new Error(`SLIPWAY_MEMBERS must be addresses or domains such as @example.com, not "${invalid}".`);
  const host = (key: string) => {
    const value = text(key);
    if (value !== undefined && !/^(?=.{4,253}$)([a-z0-9-]+\.)+[a-z]{2,}$/.test(value))
      throw new Error(`${key} must be a host name such as slipway.example.com, not "${value}".`);
    return value;
  };
  const certificateFor = (key: string, domainKey: string) => {
    const value = text(key);
    if (value !== undefined && !/^arn:aws[a-z-]*:acm:us-east-1:/.test(value))
      throw new Error(`${key} must be the ARN of a certificate in us-east-1, which CloudFront requires.`);
    if (value !== undefined && host(domainKey) === undefined)
      throw new Error(`${key} has no effect without ${domainKey}.`);
    return value;
  };
  const defaultModel = text("SLIPWAY_DEFAULT_MODEL") ?? "global.anthropic.claude-sonnet-5-5";
  if (!modelName.test(defaultModel))
    throw new Error(
      `SLIPWAY_DEFAULT_MODEL must be a model of Bedrock such as global.anthropic.claude-sonnet-5-5, not "${defaultModel}".`,
    );
  const words = (key: string) => (text(key) ?? "").split(",").flatMap((entry) => entry.trim() || []);
  const models = words("SLIPWAY_MODELS").map((entry) => {
    const [id = "", window, ...rest] = entry.split("=");
    if (!modelName.test(id) || rest.length > 0 || (window !== undefined && !/^[1-9]\d{2,8}$/.test(window)))
      throw new Error(
        `SLIPWAY_MODELS must be models of Bedrock, each with its context in tokens if need be, not "${entry}".`,
      );
    return { id, ...(window === undefined ? {} : { contextWindow: Number(window) }) };
  });
  const region = text("SLIPWAY_REGION") ?? text("AWS_REGION") ?? text("AWS_DEFAULT_REGION") ?? "us-east-1";
  const kmsKey = text("SLIPWAY_KMS_KEY");
  if (kmsKey !== undefined && !new RegExp(`^arn:aws[a-z-]*:kms:${region}:\\d{12}:key/[\\w-]+$`).test(kmsKey))
    throw new Error(`SLIPWAY_KMS_KEY must be the ARN of a key in ${region}, not "${kmsKey}".`);
  const sandboxImage = text("SLIPWAY_SANDBOX_IMAGE");
  if (sandboxImage !== undefined && !/^[\w./:-]+@sha256:[0-9a-f]{64}$/.test(sandboxImage))
    throw new Error(`SLIPWAY_SANDBOX_IMAGE must name an image by its digest (…@sha256:…), not "${sandboxImage}".`);
  const sandboxDomain = host("SLIPWAY_SANDBOX_DOMAIN");
  const sandboxCertificate = certificateFor("SLIPWAY_SANDBOX_CERTIFICATE", "SLIPWAY_SANDBOX_DOMAIN");
  if (sandboxDomain !== undefined && sandboxCertificate === undefined)
    throw new Error("SLIPWAY_SANDBOX_DOMAIN needs SLIPWAY_SANDBOX_CERTIFICATE, for the names below it.");
  return {
    app: "slipway",
    name,
    region,
    protect: isProduction,
    retain: isProduction,
    logRetention: isProduction ? "3 months" : "1 week",
    domain: host("SLIPWAY_DOMAIN"),
    certificate: certificateFor("SLIPWAY_CERTIFICATE", "SLIPWAY_DOMAIN"),
    previewDomain: host("SLIPWAY_PREVIEW_DOMAIN"),
    previewCertificate: certificateFor("SLIPWAY_PREVIEW_CERTIFICATE", "SLIPWAY_PREVIEW_DOMAIN"),
    sandboxImage,
    sandboxPool: number("SLIPWAY_SANDBOX_POOL", 0),
    sandboxDomain,
    sandboxCertificate,
    adminEmails: list("SLIPWAY_ADMINS"),
    members,
    planLimits: { free: number("SLIPWAY_FREE_RUNS", 5), pro: number("SLIPWAY_PRO_RUNS", 15) },
    defaultModel,
    models,
    hiddenModels: words("SLIPWAY_HIDDEN_MODELS"),
    alertEmail: text("SLIPWAY_ALERT_EMAIL"),
    dailyDollars: number("SLIPWAY_DAILY_DOLLARS", 100),
    boundary: text("SLIPWAY_BOUNDARY") ?? "slipway-boundary",
    kmsKey,
  };
}
