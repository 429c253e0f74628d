import { request as requestHTTP, type IncomingMessage } from "node:http";
import { request as requestHTTPS } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Failure } from "./failure.ts";

/**
 * The runner's own requests: to the app's API, and to presigned addresses. In a sandbox without a network they go to the
 * egress proxy as such a client sends them, with the whole address; those are plain HTTP on the same machine.
 */

export interface Outgoing {
  method?: "GET" | "POST" | "PUT";
  headers?: Record<string, string>;
  body?: Buffer | { stream: Readable; length: number };
  signal?: AbortSignal;
}

/** A connection that is silent for this long is broken. */
const silenceMs = 30_000;

export type Fetch = (url: string, outgoing?: Outgoing) => Promise<IncomingMessage>;

/** The connection was not made, or ended before an answer came. */
export class NoAnswer extends Failure {
  constructor(host: string, cause: Error) {
    super("sync_failed", `${host} does not answer.`, cause);
  }
}

/** @throws NoAnswer when nobody answers. Any status is an answer. */
export function fetcher(egressSocket: string | undefined): Fetch {
  return (address, { method = "GET", headers = {}, body, signal } = {}) => {
    const url = new URL(address);
    const viaProxy = egressSocket !== undefined;
    if (url.protocol !== "http:" && (url.protocol !== "https:" || viaProxy))
      return Promise.reject(new Failure("sync_failed", "The address is neither HTTP nor HTTPS."));
    const length = body?.length;
    const options = {
      method,
      headers: { ...headers, ...(length === undefined ? {} : { "content-length": String(length) }) },
      timeout: silenceMs,
      ...(signal ? { signal } : {}),
    };
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(new NoAnswer(url.host, error));
      const request = viaProxy
        ? requestHTTP({
            ...options,
            socketPath: egressSocket,
            path: url.href,
            headers: { host: url.host, ...options.headers },
          })
        : url.protocol === "https:"
          ? requestHTTPS(url, options)
          : requestHTTP(url, options);
      request.on("response", resolve);
      request.on("error", fail);
      request.on("timeout", () => request.destroy(new Error("timeout")));
      if (body === undefined || Buffer.isBuffer(body)) request.end(body);
      else pipeline(body.stream, request).catch(fail);
    });
  };
}

/** @throws Failure sync_failed when there is more, or it breaks off */
export async function readAll(response: Readable, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > limit) throw new Failure("sync_failed", "The answer is too large.");
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("sync_failed", "The connection broke.", error);
  } finally {
    response.destroy();
  }
  return Buffer.concat(parts);
}
