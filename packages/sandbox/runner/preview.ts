import {
  Agent,
  request as sendRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { reporter, reporterPath } from "@slipway/contract/preview-reporter";
import { tokenHeader } from "../src/protocol.ts";
import type { Claims } from "../src/token.ts";
import { isFramed, isPage, reporting } from "./reporting.ts";

/** Forwards a preview's requests to the port that its token names, whatever their path. */

/** Whether this is a page asking by itself, as a forgotten tab does all night: development servers' own keep-alives. */
export function isKeepAlive({ url = "", headers }: IncomingMessage): boolean {
  return (
    headers.accept?.includes("text/x-vite-ping") === true || /\/(?:__vite_ping|__webpack_hmr|webpack-hmr)\b/.test(url)
  );
}

/** Headers between two hops, and those that are the edge's. */
const hop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  tokenHeader,
]);
const cookieName = "__Host-pv";
const agent = new Agent({ keepAlive: true, maxSockets: 128 });

export class Preview {
  readonly #reserved: ReadonlySet<number>;
  /** Whether the port is another project's: nothing is forwarded, and nothing said. */
  readonly #isForeign: (claims: Claims) => boolean;
  /** What the server that was on the port wrote last. */
  readonly #lastLines: (claims: Claims) => string[];
  /** The origin of the app around a preview, which its pages report to. */
  readonly #app: (claims: Claims) => string | undefined;
  /** The address that a port last answered on: servers listen on one of the two. */
  readonly #hosts = new Map<number, string>();

  constructor(options: {
    reserved: ReadonlySet<number>;
    isForeign: (claims: Claims) => boolean;
    lastLines: (claims: Claims) => string[];
    app: (claims: Claims) => string | undefined;
  }) {
    this.#app = options.app;
    this.#reserved = options.reserved;
    this.#isForeign = options.isForeign;
    this.#lastLines = options.lastLines;
  }

  async forward(request: IncomingMessage, response: ServerResponse, claims: Claims): Promise<void> {
    const app = this.#app(claims);
    if (app !== undefined && request.url === reporterPath) return sendReporter(request, response, app);
    const host = await this.#find(claims);
    if (host === undefined) return this.#sendAbsent(request, response, claims);
    const upstream = sendRequest({
      host,
      port: claims.port,
      method: request.method,
      path: request.url,
      headers: forwarded(request, claims.port ?? 0),
      agent,
    });
    upstream.on("response", (reply) => {
      const { statusCode = 502 } = reply;
      const headers = returned(reply.headers);
      const isReporting = app !== undefined && isPage(request.headers, statusCode, reply.headers);
      // It grows.
      if (isReporting) delete headers["content-length"];
      try {
        response.writeHead(statusCode, reply.statusMessage, headers);
      } catch {
        // A status or a header that Node refuses to send on.
        reply.destroy();
        return response.destroy();
      }
      reply.on("error", () => response.destroy());
      if (isReporting) reply.pipe(reporting()).pipe(response);
      else reply.pipe(response);
    });
    upstream.on("error", () => {
      this.#hosts.delete(claims.port ?? 0);
      if (response.headersSent) response.destroy();
      else this.#sendAbsent(request, response, claims);
    });
    response.on("close", () => upstream.destroy());
    request.pipe(upstream);
  }

  #sendAbsent(request: IncomingMessage, response: ServerResponse, claims: Claims): void {
    sendAbsent(request, response, claims.port ?? 0, this.#isForeign(claims) ? [] : this.#lastLines(claims));
  }

  /** A WebSocket: the bytes are passed on as they are. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, claims: Claims): Promise<void> {
    const host = await this.#find(claims);
    if (host === undefined) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
      return;
    }
    const upstream: Socket = connect({ host, port: claims.port ?? 0 }, () => {
      const headers = { ...forwarded(request, claims.port ?? 0), connection: "Upgrade", upgrade: "websocket" };
      const lines = Object.entries(headers).flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).map((each) => `${name}: ${each}`),
      );
      upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      if (head.length > 0) upstream.write(head);
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on("error", () => this.#hosts.delete(claims.port ?? 0));
    const close = () => {
      upstream.destroy();
      socket.destroy();
    };
    for (const side of [upstream, socket]) side.on("error", close).on("close", close);
  }

  /** Where the port answers: loopback of IPv4, else of IPv6. Known until a connection fails. */
  async #find(claims: Claims): Promise<string | undefined> {
    const port = claims.port ?? 0;
    if (this.#reserved.has(port) || this.#isForeign(claims)) return undefined;
    const known = this.#hosts.get(port);
    if (known !== undefined) return known;
    for (const host of ["127.0.0.1", "::1"]) {
      if (!(await answers(host, port))) continue;
      this.#hosts.set(port, host);
      return host;
    }
    return undefined;
  }
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5000 });
    const done = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket
      .on("connect", () => done(true))
      .on("error", () => done(false))
      .on("timeout", () => done(false));
  });
}

/** Development servers check Host and Origin against their own address. */
function forwarded({ headers }: IncomingMessage, port: number): IncomingHttpHeaders {
  const result: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) if (!hop.has(name)) result[name] = value;
  const cookies = headers.cookie?.split(/;\s*/).filter((each) => !each.startsWith(`${cookieName}=`));
  if (cookies && cookies.length > 0) result.cookie = cookies.join("; ");
  else delete result.cookie;
  if (headers.host) result["x-forwarded-host"] = headers.host;
  result["x-forwarded-proto"] = "https";
  result.host = `localhost:${port}`;
  // A page has to be readable for the reporter to be put into it.
  if (isFramed(headers)) result["accept-encoding"] = "identity";
  if (headers.origin) result.origin = `http://localhost:${port}`;
  return result;
}

/** A previewed server sets cookies for its own host only, and none of the edge's. Nothing between keeps its pages. */
function returned(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const result: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) if (!hop.has(name)) result[name] = value;
  const cookies = headers["set-cookie"]
    ?.filter((each) => !each.trimStart().startsWith(cookieName))
    .map((each) =>
      each
        .split(";")
        .filter((part) => !/^\s*domain\s*(?:=|$)/i.test(part))
        .join(";"),
    );
  if (cookies && cookies.length > 0) result["set-cookie"] = cookies;
  else delete result["set-cookie"];
  return result;
}

function sendReporter(request: IncomingMessage, response: ServerResponse, app: string): void {
  request.resume();
  response.writeHead(200, { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-cache" });
  response.end(reporter(app, ""));
}

/** A page for people, which tries again by itself; data for everything else. */
function sendAbsent(request: IncomingMessage, response: ServerResponse, port: number, lines: readonly string[]): void {
  request.resume();
  const message = `Nothing is listening on port ${port}.`;
  const isPage = request.headers.accept?.includes("text/html") === true;
  const text = isPage
    ? absentPage(message, lines)
    : JSON.stringify({ error: { code: "no_server", message, port, lines } });
  response.writeHead(502, {
    "content-type": isPage ? "text/html; charset=utf-8" : "application/json",
    "cache-control": "no-store",
    "retry-after": "2",
    "x-slipway-preview": "no-server",
  });
  response.end(text);
}

function absentPage(message: string, lines: readonly string[]): string {
  const output =
    lines.length > 0
      ? `<p>The last output of the server that ran here:</p><pre>${escaped(lines.join("\n"))}</pre>`
      : "";
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><title>No server</title>
<style>:root{color-scheme:light dark}body{font:14px/1.5 system-ui;margin:2rem;max-width:60rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:12px;border:1px solid color-mix(in srgb,currentColor 20%,transparent);border-radius:8px}</style>
<h1 style="font-size:16px">${escaped(message)}</h1><p>Start the server. This page reloads by itself.</p>${output}</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
