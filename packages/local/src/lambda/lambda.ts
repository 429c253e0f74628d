import { existsSync } from "node:fs";
import { join } from "node:path";
import { functions, web, type FunctionName } from "@slipway/manifest";
import { say, sayUnlessRoutine } from "../log.ts";
import type { Service, Site } from "../service.ts";
import { environmentOf } from "./environment.ts";
import { createRuntime, type FunctionDefinition } from "./runtime.ts";

export interface LambdaControls {
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Ends every worker of a function, busy or not. Returns how many there were. */
  kill(name: FunctionName): Promise<number>;
  /** How many workers of a function are busy with an event. */
  busy(name: FunctionName): number;
  /** Lets busy workers finish; later events run the bundle that is now on disk. */
  recycle(names?: readonly string[]): void;
}

/** The manifest's functions and the web's server side, from their bundles. */
export const lambda: Service<LambdaControls> = {
  start(site) {
    const { options, meter } = site;
    const definitions = Object.keys(functions).map((name) => definitionOf(name as FunctionName, site));
    if (!options.webURL) definitions.push(webDefinition(site));
    const { close, ...controls } = createRuntime(definitions, options.isVerbose ? say : sayUnlessRoutine, meter);
    return { controls, close };
  },
};

function definitionOf(name: FunctionName, site: Site): FunctionDefinition {
  const { memory, timeout } = functions[name];
  return {
    name,
    bundle: bundleOf(name, site),
    memory,
    timeout,
    environment: () => environmentOf(name, site),
    concurrency: name === "api" ? 4 : 10,
  };
}

function webDefinition(site: Site): FunctionDefinition {
  return {
    name: "web",
    bundle: join(site.options.root, web.output, "server/index.mjs"),
    memory: web.memory,
    timeout: web.timeout,
    environment: () => environmentOf("web", site),
    concurrency: 2,
  };
}

/** The deployed bundle, or the local variant with the local login. */
function bundleOf(name: FunctionName, { options }: Site): string {
  const replaced = options.bundles?.[name];
  if (replaced !== undefined) return replaced;
  const local = join(options.root, ".build/local-functions", name, "index.mjs");
  if (!options.asDeployed && existsSync(local)) return local;
  return join(options.root, ".build/functions", name, "index.mjs");
}
