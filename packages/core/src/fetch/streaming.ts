import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable, Transform } from "node:stream";
import { VisibleError } from "@slipway/contract/error";
import { addressesOf } from "./fetch.ts";

/**
 * A `fetch` whose response arrives as it is sent, for endpoints that a person chose: https to a public address that is
 * resolved once, no redirect, nothing decompressed, and at most so many bytes.
 */
export function createStreamingFetch(options: {
  maxBytes: number;
  /** Origins that may be private, and without TLS. */
  isTrusted(url: URL): boolean;
}): typeof fetch {
  return async function streamingFetch(input, init = {}) {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init.signal ?? new AbortController().signal;
    signal.throwIfAborted();
    const isTrusted = options.isTrusted(url);
    if (url.protocol !== "https:" && !isTrusted) throw refuse(`${url.host} is not reached over https.`);
    const [target] = await addressesOf(url.hostname, { signal, ...(isTrusted ? { allows: () => true } : {}) });
    const response = await send(url, { init, signal, target });
    const { statusCode: status = 0, headers } = response;
    const encoding = headers["content-encoding"] ?? "identity";
    if ((status >= 300 && status < 400) || encoding !== "identity") {
      response.destroy();
      throw refuse(
        encoding === "identity"
          ? `${url.host} redirects to another address. Enter that one as the base URL.`
          : `${url.host} sends a compressed reply (${encoding}).`,
      );
    }
    return new Response(hasBody(status) ? toWeb(response, options.maxBytes) : null, {
      status,
      headers: plain(headers),
    });
  };
}

function send(
  url: URL,
  { init, signal, target }: { init: RequestInit; signal: AbortSignal; target: { address: string; family: number } },
): Promise<IncomingMessage> {
  const { body } = init;
  if (body !== undefined && body !== null && typeof body !== "string") throw new TypeError("only text is sent");
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method: init.method ?? "GET",
        signal,
        agent: false,
        headers: { ...Object.fromEntries(new Headers(init.headers)), "accept-encoding": "identity" },
        lookup: (_host, options, found) => {
          if (options.all) found(null, [target]);
          else found(null, target.address, target.family);
        },
      },
      resolve,
    );
    call.on("error", (error) => reject(signal.aborted ? abortReason(signal) : unreachable(url, error)));
    call.end(body ?? undefined);
  });
}

/** `fetch` rejects with a TypeError when there is no connection; the AI SDK retries that and nothing else. */
function unreachable(url: URL, cause: unknown): TypeError {
  return new TypeError(`${url.host} cannot be reached`, { cause });
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException("aborted", "AbortError");
}

function toWeb(response: IncomingMessage, maxBytes: number): ReadableStream<Uint8Array> {
  let size = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) done(refuse(`The reply is larger than ${Math.round(maxBytes / 1024 / 1024)} MB.`));
      else done(null, chunk);
    },
  });
  response.on("error", (error) => bounded.destroy(error));
  response.on("close", () => {
    if (!response.complete) bounded.destroy(new TypeError("terminated"));
  });
  bounded.on("close", () => response.destroy());
  return Readable.toWeb(response.pipe(bounded)) as ReadableStream<Uint8Array>;
}

function hasBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304;
}

function plain(headers: IncomingMessage["headers"]): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as [string, string]],
  );
}

function refuse(message: string): VisibleError {
  return new VisibleError("invalid_input", message);
}
