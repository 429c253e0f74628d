import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, Script } from "node:vm";
import { z } from "zod";

/**
 * Runs the edge's functions outside CloudFront: in the local edge, and in tests. Their sources are in `edge/`;
 * `edge/vectors.json` says what an edge must answer.
 */

export interface Valued {
  value: string;
  multiValue?: { value: string; attributes?: string }[];
  attributes?: string;
}

/** A request as a CloudFront function sees it. Values of the query are as in the address: not decoded. */
export interface EdgeRequest {
  method: string;
  uri: string;
  querystring: Record<string, Valued>;
  headers: Record<string, Valued>;
  cookies: Record<string, Valued>;
}

export interface EdgeResponse {
  statusCode: number;
  statusDescription: string;
  headers: Record<string, Valued>;
  cookies?: Record<string, Valued>;
  body?: string;
}

export interface EdgeOrigin {
  host: string;
  port: number;
}

export interface Edge {
  /** Where the request goes, as it was rewritten; or the reply of the edge itself. */
  request(request: EdgeRequest): Promise<{ request: EdgeRequest; origin: EdgeOrigin } | { response: EdgeResponse }>;
  response(response: EdgeResponse): EdgeResponse;
}

/** `origins` for an account: a task's public name at EC2, no private address. */
export const accountOrigins = String.raw`ec2-(?!(?:0|10|127|169-254|172-(?:1[6-9]|2\d|3[01])|192-168)-)(?:\d{1,3}-){3}\d{1,3}\.(?:compute-1|[a-z]{2}(?:-[a-z]+)+-\d\.compute)\.amazonaws\.com:(?:8722|80)`;
/** `origins` where sandboxes are processes of this machine. */
export const loopbackOrigins = String.raw`127\.0\.0\.1:\d{4,5}`;

const Updated = z.object({ domainName: z.string(), customOriginConfig: z.object({ port: z.int() }) });

/** `keys` is the key-value store: `origins`, and `mac-<kid>` for each signing key. */
export function createEdge(keys: ReadonlyMap<string, string>, now: () => number = Date.now): Edge {
  const current = new AsyncLocalStorage<{ origin?: EdgeOrigin }>();
  const cf = {
    kvs: () => ({
      get(key: string): Promise<string> {
        const value = keys.get(key);
        return value === undefined ? Promise.reject(new Error("KeyNotFound")) : Promise.resolve(value);
      },
    }),
    updateRequestOrigin(given: unknown) {
      const { domainName, customOriginConfig } = Updated.parse(given);
      const scope = current.getStore();
      if (scope) scope.origin = { host: domainName, port: customOriginConfig.port };
    },
  };
  const onRequest: (event: { request: EdgeRequest }) => Promise<EdgeRequest | EdgeResponse> = load("viewer-request");
  const onResponse: (event: { response: EdgeResponse }) => EdgeResponse = load("viewer-response");

  function load<Handler>(name: Parameters<typeof edgeSource>[0]): Handler {
    // In CloudFront the module's import is a global binding, and `handler` what it looks for.
    const source = edgeSource(name).replace(/^import cf from "cloudfront";$/m, "");
    const globals = createContext({
      cf,
      require: createRequire(import.meta.url),
      Buffer,
      Date: { now },
      Number,
      RegExp,
    });
    return new Script(`${source}\nhandler;`).runInContext(globals) as Handler;
  }

  return {
    async request(request) {
      const scope: { origin?: EdgeOrigin } = {};
      const answer = await current.run(scope, () => onRequest({ request }));
      if ("statusCode" in answer) return { response: answer };
      if (!scope.origin) throw new Error("The edge let a request through without an origin.");
      return { request: answer, origin: scope.origin };
    },
    response: (response) => onResponse({ response }),
  };
}

/** The source of an edge's function. */
export function edgeSource(name: "viewer-request" | "viewer-response"): string {
  return readFileSync(join(import.meta.dirname, "edge", `${name}.js`), "utf8");
}
