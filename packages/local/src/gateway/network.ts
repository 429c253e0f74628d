import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { pipeline } from "node:stream";
import type { HttpReply } from "./http-event.ts";

/**
 * The product knows one address of itself, and its bucket and socket have addresses of their own. With `HOST` it is reached
 * by whatever address the machine or a container has, through one port. This translates between the two at the edge: the
 * origin of a request to the product's own, and the addresses in a reply to the caller's.
 */
export interface Addresses {
  /** The product's own origin. */
  origin: string;
  /** Where the bucket listens, on loopback. */
  bucket: string;
  /** The socket's address as the product gives it to pages. */
  socket: string;
}

/** Requests below this path go to the bucket. */
export const bucketPath = "/_bucket";

/** The origin by which a request has reached this machine. Undefined for a name that could be another site's. */
export function reachedBy(request: Pick<IncomingMessage, "headers">): string | undefined {
  const host = request.headers.host ?? "";
  const name = host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  // A public name could be made to resolve to this machine by the page of another site (DNS rebinding).
  const isPrivate =
    isIP(name) !== 0 || (/^[\w-]+$/.test(name) && name !== "") || /^[\w.-]+\.(?:local|lan|internal)$/.test(name);
  if (!isPrivate) return undefined;
  return `${request.headers["x-forwarded-proto"] === "https" ? "https" : "http"}://${host}`;
}

/** Makes a request of the caller's own origin one of the product's. */
export function translateRequest(request: IncomingMessage, reached: string, { origin }: Addresses): void {
  if (request.headers.origin === reached) request.headers.origin = origin;
  // A reply whose addresses are translated must not be compressed.
  request.headers["accept-encoding"] = "identity";
}

export function translateReply(reply: HttpReply, reached: string, { bucket, socket, origin }: Addresses): HttpReply {
  const socketOrigin = new URL(socket).origin;
  const reachedSocket = reached.replace(/^http/, "ws");
  const inHeader = (value: string) =>
    value.replaceAll(bucket, reached).replaceAll(socketOrigin, reachedSocket).replaceAll(origin, reached);
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(inHeader) : inHeader(value),
    ]),
  );
  const isText = /^(?:application\/json|text\/html)/.test(String(reply.headers["content-type"] ?? ""));
  if (!isText) return { ...reply, headers };
  // Whole addresses alone: a file's text may well mention the product's origin.
  const text = reply.body
    .toString()
    .replaceAll(`${bucket}/`, `${reached}${bucketPath}/`)
    .replaceAll(`"${socket}"`, `"${socket.replace(socketOrigin, reachedSocket)}"`);
  return { ...reply, headers, body: Buffer.from(text) };
}

/** Passes a presigned request on to the bucket. */
export function toBucket(request: IncomingMessage, response: ServerResponse, { bucket, origin }: Addresses): void {
  const { host, port } = new URL(bucket);
  const headers: NodeJS.Dict<string | string[]> = { ...request.headers, host };
  if (headers.origin !== undefined) headers.origin = origin;
  const upstream = httpRequest(
    {
      host: "127.0.0.1",
      port,
      method: request.method,
      path: (request.url ?? "").slice(bucketPath.length),
      headers,
    },
    (reply) => {
      response.writeHead(reply.statusCode ?? 502, {
        ...reply.headers,
        // Files of people are on the app's own origin here, where they must not run.
        "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:",
        "x-content-type-options": "nosniff",
      });
      pipeline(reply, response, () => undefined);
    },
  );
  upstream.on("error", () => response.destroy());
  pipeline(request, upstream, () => undefined);
}

/** The addresses of this machine by which others reach it. */
export function networkAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).flatMap(({ family, internal, address }) => (family === "IPv4" && !internal ? [address] : [])),
  );
}

/** Whether a server that is bound to it listens on every address. */
export function isWildcard(host: string): boolean {
  return ["0.0.0.0", "::", "[::]", "*", ""].includes(host);
}
