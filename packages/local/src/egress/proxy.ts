import {
  createServer,
  request as httpRequest,
  STATUS_CODES,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { LookupAddress } from "node:dns";
import { connect, type LookupFunction } from "node:net";
import { pipeline, type Duplex } from "node:stream";
import { VisibleError } from "@slipway/contract/error";
import { addressesOf } from "@slipway/core/fetch";
import { closeServer } from "../endpoint.ts";

/**
 * The only way out of a sandbox: an HTTP proxy. A host is resolved once, all of its addresses are checked,
 * and the connection goes to one that was checked. Public addresses are open on ports 80 and 443.
 */

/** What a sandbox may reach besides the public internet. */
export interface EgressRules {
  /** Registries that npm and pip are configured with, as `host:port`. They may be private. */
  readonly registries: ReadonlySet<string>;
  /** Requests to services of this machine that are let through. All others are refused. */
  readonly services: readonly ServiceRule[];
}

export interface ServiceRule {
  readonly origin: string;
  /** Where the service listens. */
  readonly port: number;
  readonly allows: (request: { method: string; url: URL }) => boolean;
}

export interface Egress {
  /** Serves on a Unix socket, whose path must not exist yet. */
  listen(socket: string): Promise<void>;
  /** Serves one connection that comes some other way. */
  accept(connection: Duplex): void;
  close(): Promise<void>;
}

const connectTime = 15_000;
/** Milliseconds without a byte, in either direction, after which a tunnel is closed. */
const idleTime = 600_000;

export function createEgress(rules: EgressRules): Egress {
  const server = createServer((request, response) => void forward(request, response, rules));
  server.on("connect", (request, client, head) => void tunnel(request, client, head, rules));
  const tunnels = new Set<Duplex>();
  server.on("connection", (client) => {
    tunnels.add(client);
    client.on("close", () => tunnels.delete(client));
  });
  return {
    listen: (path) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen({ path, readableAll: true, writableAll: true }, resolve);
      }),
    accept: (connection) => void server.emit("connection", connection),
    async close() {
      for (const each of tunnels) each.destroy();
      if (server.listening) await closeServer(server);
    },
  };
}

/** `CONNECT host:port`. */
async function tunnel(request: IncomingMessage, client: Duplex, head: Buffer, rules: EgressRules): Promise<void> {
  client.on("error", () => client.destroy());
  try {
    const target = new URL(`tcp://${request.url}`);
    const port = Number(target.port || 443);
    const addresses = await addressesFor(target.hostname, port, rules);
    const upstream = connect({ host: target.hostname, port, lookup: answering(addresses), timeout: connectTime });
    upstream.once("timeout", () => upstream.destroy());
    upstream.once("error", () => end(client, 502, "The host does not answer."));
    upstream.once("connect", () => {
      upstream.setTimeout(idleTime);
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      if (head.length > 0) upstream.write(head);
      pipeline(client, upstream, () => undefined);
      pipeline(upstream, client, () => undefined);
    });
    client.once("close", () => upstream.destroy());
  } catch (error) {
    end(client, 403, reasonOf(error));
  }
}

/** A request whose target is a whole URL. */
async function forward(request: IncomingMessage, response: ServerResponse, rules: EgressRules): Promise<void> {
  try {
    const url = new URL(request.url ?? "");
    if (url.protocol !== "http:" || url.username !== "" || url.password !== "")
      throw new VisibleError("invalid_input", "Only plain http URLs pass; use CONNECT for others.");
    const service = rules.services.find(({ origin }) => origin === url.origin);
    const method = request.method ?? "GET";
    if (service && !service.allows({ method, url }))
      throw new VisibleError("invalid_input", `${url.origin} is not open to sandboxes.`);
    const port = service?.port ?? Number(url.port || 80);
    const addresses: readonly LookupAddress[] = service
      ? [{ address: "127.0.0.1", family: 4 }]
      : await addressesFor(url.hostname, port, rules);
    const headers: NodeJS.Dict<string | string[]> = { ...request.headers, host: url.host };
    delete headers["proxy-connection"];
    delete headers["proxy-authorization"];
    const upstream = httpRequest(
      // A literal address is not looked up, so the host is always the one that was checked.
      { host: addresses[0]?.address, port, method, path: url.pathname + url.search, headers, agent: false },
      (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        pipeline(reply, response, () => undefined);
      },
    );
    upstream.setTimeout(idleTime, () => upstream.destroy());
    upstream.on("error", () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { "content-type": "text/plain" }).end("The host does not answer.\n");
    });
    response.on("close", () => upstream.destroy());
    pipeline(request, upstream, () => undefined);
  } catch (error) {
    response.writeHead(403, { "content-type": "text/plain", connection: "close" }).end(`${reasonOf(error)}\n`);
  }
}

/** @throws VisibleError when the host is not open to sandboxes */
async function addressesFor(host: string, port: number, rules: EgressRules): Promise<readonly LookupAddress[]> {
  const isRegistry = rules.registries.has(`${host}:${port}`);
  if (!isRegistry && port !== 80 && port !== 443)
    throw new VisibleError("invalid_input", `Port ${port} is not open to sandboxes; 80 and 443 are.`);
  const signal = AbortSignal.timeout(connectTime);
  return isRegistry ? addressesOf(host, { allows: () => true, signal }) : addressesOf(host, { signal });
}

/** Answers a connection's lookup with what was checked. */
function answering(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, found) => {
    if (options.all) found(null, [...addresses]);
    else found(null, addresses[0]?.address ?? "", addresses[0]?.family);
  };
}

function end(client: Duplex, status: number, reason: string): void {
  if (client.destroyed || client.writableEnded) return;
  const body = `${reason}\n`;
  client.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof VisibleError ? error.message : "The request has no target that could be reached.";
}
