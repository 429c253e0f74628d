import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { pipeline, type Duplex } from "node:stream";
import type { Edge as EdgeFunctions, EdgeRequest, EdgeResponse, Valued } from "@slipway/sandbox/edge";

/**
 * The edge of sandboxes: what CloudFront does there. Its function checks the token of each request and names the task that
 * the request goes to; the reply passes its second function. Nothing is cached.
 */
export interface Edge {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

/** Milliseconds without a byte after which CloudFront gives up on an origin's reply, and on an open WebSocket. */
const readTime = 60_000;
const socketIdle = 600_000;

export function createEdge(options: {
  functions: EdgeFunctions;
  /** The loopback port of the task that a host name belongs to. */
  portOf(host: string): number | undefined;
}): Edge {
  async function decide(
    request: IncomingMessage,
  ): Promise<EdgeResponse | { port: number; headers: Record<string, string> }> {
    const decision = await options.functions.request(toEdgeRequest(request));
    if ("response" in decision) return decision.response;
    const port = options.portOf(decision.origin.host);
    return port === undefined ? badGateway("The sandbox has stopped.") : { port, headers: headersOf(decision.request) };
  }

  return {
    async answer(request, response) {
      const decided = await decide(request);
      if (!("port" in decided)) return send(response, decided);
      const upstream = httpRequest(
        {
          host: "127.0.0.1",
          port: decided.port,
          method: request.method,
          path: request.url,
          headers: { ...decided.headers, ...framing(request) },
          agent: false,
        },
        (reply) => relay(reply, response),
      );
      upstream.setTimeout(readTime, () => upstream.destroy());
      upstream.on("error", () => {
        if (response.headersSent) response.destroy();
        else send(response, badGateway("The sandbox does not answer."));
      });
      response.on("close", () => upstream.destroy());
      pipeline(request, upstream, () => undefined);
    },

    async upgrade(request, socket, head) {
      socket.on("error", () => socket.destroy());
      const decided = await decide(request);
      if (!("port" in decided)) return end(socket, decided);
      const upstream = connect({ host: "127.0.0.1", port: decided.port });
      upstream.once("error", () => end(socket, badGateway("The sandbox does not answer.")));
      upstream.once("connect", () => {
        upstream.setTimeout(socketIdle, () => upstream.destroy());
        const lines = Object.entries({ ...decided.headers, connection: "Upgrade", upgrade: "websocket" });
        upstream.write(
          `${request.method} ${request.url} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
        );
        if (head.length > 0) upstream.write(head);
        pipeline(socket, upstream, () => undefined);
        pipeline(upstream, socket, () => undefined);
      });
      socket.once("close", () => upstream.destroy());
    },
  };

  function relay(reply: IncomingMessage, response: ServerResponse): void {
    const { "set-cookie": lines = [], ...headers } = reply.headers;
    const { statusCode, cookies } = options.functions.response({
      statusCode: reply.statusCode ?? 502,
      statusDescription: reply.statusMessage ?? "",
      headers: {},
      cookies: parseCookies(lines),
    });
    const set = formatCookies(cookies);
    response.writeHead(statusCode, { ...withoutHops(headers), ...(set.length > 0 ? { "set-cookie": set } : {}) });
    pipeline(reply, response, () => undefined);
  }
}

function badGateway(body: string): EdgeResponse {
  return { statusCode: 502, statusDescription: "Bad Gateway", headers: {}, body };
}

function toEdgeRequest(request: IncomingMessage): EdgeRequest {
  const [uri = "/", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const { cookie = "", ...headers } = request.headers;
  return {
    method: request.method ?? "GET",
    uri,
    // Values stay encoded, as in CloudFront.
    querystring: Object.fromEntries(
      query
        .split("&")
        .filter(Boolean)
        .map((pair) => {
          const [name = "", value = ""] = pair.split(/=(.*)/s);
          return [name, { value }];
        }),
    ),
    headers: Object.fromEntries(
      Object.entries(withoutHops(headers)).map(([name, value]) => [
        name,
        { value: Array.isArray(value) ? value.join(", ") : String(value ?? "") },
      ]),
    ),
    cookies: Object.fromEntries(
      cookie
        .split(/; ?/)
        .filter(Boolean)
        .map((pair) => {
          const [name = "", value = ""] = pair.split(/=(.*)/s);
          return [name, { value }];
        }),
    ),
  };
}

function headersOf({ headers, cookies }: EdgeRequest): Record<string, string> {
  const cookie = Object.entries(cookies)
    .map(([name, { value }]) => `${name}=${value}`)
    .join("; ");
  return {
    ...Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
    ...(cookie === "" ? {} : { cookie }),
  };
}

/** Of one connection alone, and thus not passed on. */
const hops = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "trailer", "upgrade"]);

function withoutHops<V>(headers: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hops.has(name)));
}

/** How the body of a request is framed: by its length, or in chunks. */
function framing({ headers }: IncomingMessage): Record<string, string> {
  const encoding = headers["transfer-encoding"];
  return encoding === undefined ? {} : { "transfer-encoding": encoding };
}

function parseCookies(lines: readonly string[]): Record<string, Valued> {
  const cookies: Record<string, Valued> = {};
  for (const line of lines) {
    const [pair = "", attributes = ""] = line.split(/;\s*(.*)/s);
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    const one = { value, attributes };
    const known = cookies[name];
    cookies[name] = known ? { ...known, multiValue: [...(known.multiValue ?? [{ ...known }]), one] } : one;
  }
  return cookies;
}

function formatCookies(cookies: Readonly<Record<string, Valued>> = {}): string[] {
  return Object.entries(cookies).flatMap(([name, cookie]) =>
    (cookie.multiValue ?? [cookie]).map(
      ({ value, attributes }) => `${name}=${value}${attributes ? `; ${attributes}` : ""}`,
    ),
  );
}

function headersOfReply({ headers, cookies }: EdgeResponse): Record<string, string | string[]> {
  const set = formatCookies(cookies);
  return {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    ...Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
    ...(set.length > 0 ? { "set-cookie": set } : {}),
  };
}

function send(response: ServerResponse, reply: EdgeResponse): void {
  response.writeHead(reply.statusCode, headersOfReply(reply)).end(reply.body);
}

function end(socket: Duplex, reply: EdgeResponse): void {
  if (socket.destroyed || socket.writableEnded) return;
  const { statusCode, statusDescription, body = "" } = reply;
  const headers = { ...headersOfReply(reply), connection: "close", "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
  socket.end(`HTTP/1.1 ${statusCode} ${statusDescription}\r\n${lines.join("")}\r\n${body}`);
}
