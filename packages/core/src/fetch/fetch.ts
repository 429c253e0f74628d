import { headOf } from "@slipway/contract/cut";
import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { VisibleError } from "@slipway/contract/error";
import { isPublic } from "./address.ts";

/**
 * Fetches a public URL that a person or a model chose. A host is resolved once and connected to at that address, which
 * must be public: a name cannot change to a private address between check and connection. Redirects are checked the same
 * way. Size and time are bounded over all redirects.
 */

export interface FetchOptions {
  maxBytes: number;
  signal: AbortSignal;
  /** Media types, for the `accept` header. */
  accept?: string;
  /** For all of it: names, redirects and the body. */
  milliseconds?: number;
  /** Whether a redirect is followed; all are without it. */
  follows?(from: URL, to: URL): boolean;
}
export interface Fetched {
  /** Where the redirects ended. */
  url: URL;
  /** The `content-type` header; empty without one. */
  type: string;
  bytes: Buffer;
}
/** @throws VisibleError invalid_input, unavailable; the signal's reason once the caller aborts it */
export type Fetch = (url: string, options: FetchOptions) => Promise<Fetched>;

const maxRedirects = 3;
const defaultMilliseconds = 15_000;

/** `allows` is the rule for addresses; only tests give another. */
export function createFetch(allows: (address: string) => boolean = isPublic): Fetch {
  return async function fetchPublic(from, options) {
    const { maxBytes, signal, accept = "*/*", milliseconds = defaultMilliseconds, follows } = options;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
    let url = parse(from);
    try {
      for (let redirects = 0; ; redirects++) {
        const response = await get(url, { allows, accept, signal: limit });
        const next = redirectOf(response, url);
        if (next === undefined)
          return { url, type: response.headers["content-type"] ?? "", bytes: await readBody(response, maxBytes) };
        response.destroy();
        if (redirects === maxRedirects) throw refuse(`${from} redirects too often.`);
        if (follows?.(url, next) === false) throw refuse(`${url.href} redirects to ${next.href}.`);
        url = next;
      }
    } catch (error) {
      if (error instanceof VisibleError) throw error;
      signal.throwIfAborted();
      const why = limit.aborted ? " in time" : "";
      throw new VisibleError("unavailable", `${url.host} could not be read${why}.`, {}, error);
    }
  };
}

function parse(text: string, base?: URL): URL {
  if (!URL.canParse(text, base)) throw refuse(`"${headOf(text, 200)}" is not a URL.`);
  const url = new URL(text, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("Only http and https can be read.");
  if (url.username !== "" || url.password !== "") throw refuse("A URL with a password is not read.");
  return url;
}

/** Where a response sends on to; undefined for one with content. @throws VisibleError for any other status */
function redirectOf(response: IncomingMessage, url: URL): URL | undefined {
  const { statusCode: status = 0, headers } = response;
  try {
    if (status >= 300 && status < 400 && headers.location !== undefined) return parse(headers.location, url);
    if (status < 200 || status >= 300) throw refuse(`${url.href} answered ${status}.`);
    const encoding = headers["content-encoding"] ?? "identity";
    // None was asked for, and nothing is decompressed: a small reply cannot become a large one.
    if (encoding !== "identity") throw refuse(`${url.href} is compressed (${encoding}).`);
    return undefined;
  } catch (error) {
    response.destroy();
    throw error;
  }
}

async function get(
  url: URL,
  { allows, accept, signal }: { allows: (address: string) => boolean; accept: string; signal: AbortSignal },
): Promise<IncomingMessage> {
  const [target] = await addressesOf(url.hostname, { allows, signal });
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const call = request(
      url,
      {
        signal,
        agent: false,
        headers: { "user-agent": "Slipway", accept, "accept-encoding": "identity" },
        lookup: (_host, options, found) => {
          if (options.all) found(null, [target]);
          else found(null, target.address, target.family);
        },
      },
      resolve,
    );
    call.on("error", reject);
    call.end();
  });
}

/**
 * The addresses of a host, resolved once. A caller that connects to one of them cannot be redirected by a later answer.
 * @throws VisibleError invalid_input when one of them is not allowed
 */
export async function addressesOf(
  host: string,
  { allows = isPublic, signal }: { allows?: (address: string) => boolean; signal: AbortSignal },
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const name = host.replace(/^\[|\]$/g, "");
  const [first, ...others] = isIP(name)
    ? [{ address: name, family: isIP(name) }]
    : await within(
        signal,
        lookup(name, { all: true }).catch(() => []),
      );
  if (first === undefined) throw refuse(`There is no host ${name}.`);
  // One private address among several refuses all: the choice between them is not the caller's.
  if ([first, ...others].some(({ address }) => !allows(address)))
    throw refuse(`${name} is not on the public internet.`);
  return [first, ...others];
}

/** DNS takes no signal. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error("aborted", { cause: signal.reason }));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      response.destroy();
      throw refuse(`It is larger than ${Math.round(maxBytes / 1024)} KB.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refuse(message: string): VisibleError {
  return new VisibleError("invalid_input", message);
}
