import { resolve } from "node:path";

/** Settings of the start command. The only module of this package that reads the environment. */
export interface Config extends ReturnType<typeof machineOf> {
  port: number;
  /** Port of previews; the app's next one, or any, if nothing is set. */
  previewPort?: number;
  host: string;
  /** Folder of all data. */
  data: string;
  model: ModelChoice;
  /** Origins of model endpoints that may be private or without TLS. */
  trustedModelOrigins?: string[];
  planLimits: { free: number; pro: number };
  adminEmails: string[];
  /** JSON list for the API's login. */
  authProviders: string;
  /** 1 streams the demo model at a human pace, 0 at once. */
  demoPace: number;
  isVerbose: boolean;
  /** API Gateway's limits in milliseconds, which a test may shorten. */
  socketIdle: number;
  socketLifetime: number;
  /** The web and the API are rebuilt as their sources change. */
  development: boolean;
}

/** What sandboxes take from this machine. */
export function machineOf(environment: NodeJS.ProcessEnv = process.env) {
  const certificates = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "PIP_CERT", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE"];
  return {
    sandboxLimits: {
      memory: count(environment, "SLIPWAY_SANDBOX_MEMORY", 4096) * 1024 ** 2,
      disk: count(environment, "SLIPWAY_SANDBOX_DISK", 10_240) * 1024 ** 2,
      processes: 512,
    },
    sandboxImage: environment.SLIPWAY_SANDBOX_IMAGE,
    toolEnvironment: environment,
    certificates: Object.fromEntries(
      certificates.flatMap((name) => {
        const path = environment[name];
        return path?.startsWith("/") ? [[name, path] as const] : [];
      }),
    ),
  };
}

export type ModelChoice =
  | { kind: "demo" }
  | {
      kind: "openai-compatible";
      url: string;
      model: string;
      key: string | undefined;
      /** Tokens that the model was started with. */
      contextWindow?: number | undefined;
    }
  | { kind: "bedrock"; region: string };

/** Reads and validates the settings. @throws Error in plain words about the first invalid one. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const port = portOf(environment.PORT ?? "3000", "PORT");
  return {
    ...machineOf(environment),
    port,
    ...(environment.SLIPWAY_PREVIEW_PORT
      ? { previewPort: portOf(environment.SLIPWAY_PREVIEW_PORT, "SLIPWAY_PREVIEW_PORT") }
      : {}),
    host: environment.HOST ?? "localhost",
    data: resolve(environment.SLIPWAY_DATA ?? ".slipway"),
    model: modelChoice(environment),
    trustedModelOrigins: trustedOrigins(environment),
    planLimits: { free: count(environment, "SLIPWAY_FREE_RUNS", 5), pro: count(environment, "SLIPWAY_PRO_RUNS", 15) },
    adminEmails: (environment.SLIPWAY_ADMINS ?? "")
      .split(",")
      .map((email) => email.trim().toLowerCase())
      .filter(Boolean),
    authProviders: authProviders(environment),
    demoPace: Number(environment.SLIPWAY_DEMO_PACE ?? 1),
    isVerbose: environment.SLIPWAY_VERBOSE === "1",
    socketIdle: count(environment, "SLIPWAY_SOCKET_IDLE", 600_000),
    socketLifetime: count(environment, "SLIPWAY_SOCKET_LIFETIME", 7_200_000),
    development: environment.SLIPWAY_DEVELOPMENT === "1",
  };
}

function portOf(text: string, name: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${name} must be a port number, not "${text}".`);
  return port;
}

function modelChoice(environment: NodeJS.ProcessEnv): ModelChoice {
  if (environment.SLIPWAY_BEDROCK === "1") {
    const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
    if (!region) throw new Error("SLIPWAY_BEDROCK=1 needs AWS_REGION and AWS credentials.");
    return { kind: "bedrock", region };
  }
  const url = environment.SLIPWAY_MODEL_URL;
  if (url === undefined) return { kind: "demo" };
  if (!URL.canParse(url)) throw new Error(`SLIPWAY_MODEL_URL is not a URL: "${url}".`);
  if (!environment.SLIPWAY_MODEL) throw new Error("SLIPWAY_MODEL_URL needs SLIPWAY_MODEL, the name of a model there.");
  return {
    kind: "openai-compatible",
    url,
    model: environment.SLIPWAY_MODEL,
    key: environment.SLIPWAY_MODEL_KEY,
    contextWindow: count(environment, "SLIPWAY_MODEL_CONTEXT", 0) || undefined,
  };
}

function trustedOrigins(environment: NodeJS.ProcessEnv): string[] {
  const texts = (environment.SLIPWAY_TRUSTED_MODEL_ORIGINS ?? "").split(",").map((text) => text.trim());
  return texts.filter(Boolean).map((text) => {
    if (!URL.canParse(text)) throw new Error(`SLIPWAY_TRUSTED_MODEL_ORIGINS must be URLs, not "${text}".`);
    return new URL(text).origin;
  });
}

function authProviders(environment: NodeJS.ProcessEnv): string {
  const providers: Record<string, string>[] = [];
  if (environment.AUTH_GITHUB_ID && environment.AUTH_GITHUB_SECRET) {
    providers.push({
      type: "github",
      clientId: environment.AUTH_GITHUB_ID,
      clientSecret: environment.AUTH_GITHUB_SECRET,
      ...(environment.AUTH_GITHUB_URL ? { baseUrl: environment.AUTH_GITHUB_URL } : {}),
      ...(environment.AUTH_GITHUB_APP ? { appSlug: environment.AUTH_GITHUB_APP } : {}),
    });
  }
  if (environment.AUTH_OIDC_ISSUER && environment.AUTH_OIDC_ID && environment.AUTH_OIDC_SECRET) {
    providers.push({
      type: "oidc",
      id: "oidc",
      name: environment.AUTH_OIDC_NAME ?? "Single sign-on",
      issuer: environment.AUTH_OIDC_ISSUER,
      clientId: environment.AUTH_OIDC_ID,
      clientSecret: environment.AUTH_OIDC_SECRET,
    });
  }
  return JSON.stringify(providers);
}

function count(environment: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = Number(environment[name] ?? fallback);
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`${name} must be a whole number, not "${environment[name]}".`);
  return value;
}

/** The environment of a child process: this one's, with changes. */
export function childEnvironment(changes: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}
