import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FunctionName, LinkName } from "@slipway/manifest";
import type { BedrockOptions } from "./bedrock/bedrock.ts";
import type { ModelChoice } from "./config.ts";
import type { Limits } from "./ecs/launcher.ts";
import type { ComputeMeter, Meter } from "./meter.ts";
import type { Principals, Secrets } from "./secrets.ts";

export interface CloudOptions {
  /** Root of the repository: where the manifest's paths begin. */
  root: string;
  /** Folder of all data. */
  data: string;
  /** 0 for a free one. */
  port: number;
  /** Of previews: the next one, or any, if it is absent. */
  previewPort?: number;
  host: string;
  model: ModelChoice;
  /** Origins of model endpoints that may be private or without TLS. */
  trustedModelOrigins?: readonly string[];
  planLimits: { free: number; pro: number };
  adminEmails: readonly string[];
  /** Who may sign in besides them; absent for everyone. */
  members?: readonly string[];
  authProviders: string;
  demoPace: number;
  /** Whether functions' routine log lines are shown too. */
  isVerbose?: boolean;
  socketIdle: number;
  socketLifetime: number;
  /** A development server of the web, instead of its build. */
  webURL?: URL;
  /** Of each sandbox in all. */
  sandboxLimits: Limits;
  /** Their image, where they run in Docker. Without it, one is built. */
  sandboxImage?: string | undefined;
  /** What programs of this machine find in their environment, for asking them how they are configured. */
  toolEnvironment: Readonly<NodeJS.ProcessEnv>;
  /** Variables that name a file of certificates, which programs in sandboxes need too. */
  certificates: Readonly<Record<string, string>>;
  /** For tests: the bundles that are deployed, without the local login, and their links as SST hands them over. */
  asDeployed?: boolean;
  /** For tests: bundles that replace those of some functions. */
  bundles?: Partial<Record<FunctionName, string>>;
  /** For tests: what the model answers. */
  script?: BedrockOptions["script"];
  /** For tests: the models of the deployment instead, its default first. */
  models?: BedrockOptions["models"];
}

/** What every service of one cloud shares. */
export interface Site {
  readonly options: CloudOptions;
  /** The app's own. */
  readonly origin: URL;
  readonly secrets: Secrets;
  readonly principals: Principals;
  readonly meter: ComputeMeter;
  /** What all services offer, and a function's reply to an event. Both only once every service has started. */
  offer(): Offer;
  invoke(name: string, event: unknown): Promise<unknown>;
  /** The loopback port of the sandbox that a public name belongs to; undefined once it has stopped. */
  taskPort(host: string): number | undefined;
}

/** How functions find services. */
export interface Offer {
  /** `AWS_ENDPOINT_URL_<service>`. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** `Resource.<name>`. */
  readonly links: Readonly<Partial<Record<LinkName, unknown>>>;
}

/** One of AWS's services, as this package stands in for it. */
export interface Service<Controls = unknown> {
  start(site: Site): Promise<Started<Controls>> | Started<Controls>;
}

export interface Started<Controls = unknown> extends Partial<Offer> {
  /** WebSocket upgrades on the app's port that this service handles. */
  readonly upgrades?: Upgrades;
  /** What tools and tests may do behind the product's back. */
  readonly controls?: Controls;
  stats?(): Promise<Partial<Meter>>;
  /** Continues what was interrupted; called when functions can be invoked. */
  resume?(): void;
  close(): Promise<void> | void;
}

export interface Upgrades {
  readonly path: string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The controls of every service in a list. */
export type ControlsOf<List extends readonly Service[]> = List extends readonly [
  Service<infer Controls>,
  ...infer Rest extends readonly Service[],
]
  ? Controls & ControlsOf<Rest>
  : unknown;

export interface Services<Controls> extends AsyncDisposable {
  readonly offer: Offer;
  readonly upgrades: readonly Upgrades[];
  readonly controls: Controls;
  stats(): Promise<Partial<Meter>>;
  resume(): void;
}

/** Starts services in order and folds what they offer. Closes them in reverse, also when one of them cannot start. */
export async function startServices<const List extends readonly Service[]>(
  list: List,
  site: Site,
): Promise<Services<ControlsOf<List>>> {
  await using closing = new AsyncDisposableStack();
  const started: Started[] = [];
  for (const service of list) {
    const one = await service.start(site);
    closing.defer(() => one.close());
    started.push(one);
  }
  const closers = closing.move();
  return {
    offer: {
      endpoints: Object.assign({}, ...started.map(({ endpoints }) => endpoints)),
      links: Object.assign({}, ...started.map(({ links }) => links)),
    },
    upgrades: started.flatMap(({ upgrades }) => upgrades ?? []),
    controls: Object.assign({}, ...started.map(({ controls }) => controls)),
    stats: async () => Object.assign({}, ...(await Promise.all(started.flatMap((one) => one.stats?.() ?? [])))),
    resume() {
      for (const one of started) one.resume?.();
    },
    [Symbol.asyncDispose]: () => closers.disposeAsync(),
  };
}
