import { join } from "node:path";
import { web } from "@slipway/manifest";
import { z } from "zod";
import { bedrock } from "./bedrock/bedrock.ts";
import { ecs } from "./ecs/ecs.ts";
import { openFront } from "./gateway/front.ts";
import { previews } from "./gateway/previews.ts";
import { sockets } from "./gateway/sockets.ts";
import type { Addresses } from "./gateway/network.ts";
import { builtWeb, developmentWeb } from "./gateway/web.ts";
import { environmentOf } from "./lambda/environment.ts";
import { lambda } from "./lambda/lambda.ts";
import { lockDirectory } from "./lock.ts";
import { newMeter, type Meter } from "./meter.ts";
import { schedules } from "./schedules.ts";
import { createPrincipals, loadSecrets } from "./secrets.ts";
import { startServices, type CloudOptions, type ControlsOf, type Offer, type Site } from "./service.ts";
import { settings } from "./settings.ts";
import { storage } from "./storage.ts";
import { stepFunctions } from "./workflow/step-functions.ts";

export type { CloudOptions } from "./service.ts";

/** Everything that stands in for AWS, in start order. A new service is one more entry. */
const services = [storage, bedrock, settings, ecs, lambda, previews, sockets, stepFunctions, schedules] as const;

export interface Cloud extends ControlsOf<typeof services> {
  readonly url: string;
  /** Environment of the web's server side, for its development server. */
  readonly webEnvironment: Readonly<Record<string, string>>;
  /** Environment of a process with every permission, for tools and tests. */
  readonly rootEnvironment: Readonly<Record<string, string>>;
  stats(): Promise<Meter>;
  close(): Promise<void>;
}

/** Starts everything that stands in for AWS, and the product on top of it. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  await using starting = new AsyncDisposableStack();
  starting.defer(lockDirectory(options.data));
  const front = starting.use(await openFront(options));
  const secrets = loadSecrets(options.data);
  const site: Site = {
    options,
    origin: front.origin,
    secrets,
    principals: createPrincipals(secrets),
    meter: newMeter(),
    offer: () => running.offer,
    invoke: (name, event) => running.controls.invoke(name, event),
    taskPort: (host) => running.controls.taskPort(host),
  };
  const running = starting.use(await startServices(services, site));
  const pages = options.webURL
    ? developmentWeb(options.webURL)
    : builtWeb(join(options.root, web.output), front.origin, (event) => site.invoke("web", event));
  const addresses = addressesOf(front.origin, running.offer);
  starting.use(front.serve({ invoke: site.invoke, upgrades: running.upgrades, web: pages, addresses }));
  running.resume();
  const closing = starting.move();
  return {
    ...running.controls,
    url: front.origin.origin,
    webEnvironment: environmentOf("web", site),
    rootEnvironment: environmentOf("root", site),
    stats: async () => ({ dynamodb: {}, s3: {}, ...structuredClone(site.meter), ...(await running.stats()) }),
    close: () => closing.disposeAsync(),
  };
}

/** The addresses that pages are told of, for callers who reach the app by another one. */
function addressesOf(origin: URL, { links }: Offer): Addresses {
  const { Blobs, Socket } = z
    .object({ Blobs: z.object({ origin: z.string() }), Socket: z.object({ url: z.string() }) })
    .parse(links);
  return { origin: origin.origin, bucket: Blobs.origin, socket: Socket.url };
}
