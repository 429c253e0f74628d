import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { AwsError, readBody } from "../endpoint.ts";
import { FunctionError, payloadLimit } from "../lambda/runtime.ts";
import { fromReply, sendError, sendReply, toEvent } from "./http-event.ts";
import type { Sockets } from "./sockets.ts";

/** Where the web comes from: a build, or a development server that is to be spoken to instead. */
export interface WebSource {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Upgrades that are not the app's own, such as hot reload. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * The one public port: `/api` to its function, `/socket` to the sockets, everything else to the web. Only its own host
 * name is answered, so that a page elsewhere cannot reach it by rebinding a name.
 */
export function createFront(options: {
  origin: URL;
  /** Host names besides the origin's: any, when the server was bound to an address on purpose. */
  anyHost: boolean;
  routes: readonly { prefix: string; function: string }[];
  invoke(functionName: string, event: unknown): Promise<unknown>;
  sockets: Sockets;
  web: WebSource;
  onBug(error: unknown): void;
}): Server {
  const { origin } = options;

  async function callFunction(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body: Buffer;
    try {
      body = await readBody(request, payloadLimit - 64 * 1024);
    } catch (error) {
      if (!(error instanceof AwsError)) return;
      response.setHeader("connection", "close");
      sendError(
        response,
        413,
        "payload_too_large",
        "This is more than 6 MB. Upload large files instead of sending them.",
      );
      return;
    }
    try {
      sendReply(response, fromReply(await options.invoke(name, toEvent(request, body, origin))));
    } catch (error) {
      if (!(error instanceof FunctionError)) options.onBug(error);
      sendError(response, 502, "unavailable", "The server could not answer. Try again in a moment.");
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? "/";
    const host = request.headers.host ?? "";
    const path = url.split("?")[0] ?? "/";
    const isHealth = path === "/api/health";
    if (host !== origin.host && !options.anyHost && !isHealth) {
      if (host === `127.0.0.1:${origin.port}` && (request.method === "GET" || request.method === "HEAD")) {
        response.writeHead(308, { location: new URL(url, origin).href }).end();
        return;
      }
      sendError(response, 421, "not_allowed", `This server answers at ${origin.origin} only.`);
      return;
    }
    const route = options.routes.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
    if (route) return callFunction(route.function, request, response);
    return options.web.answer(request, response);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      options.onBug(error);
      sendError(response, 500, "internal", "Something went wrong.");
    });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = (request.url ?? "/").split("?")[0];
    const hostIsOurs = options.anyHost || request.headers.host === origin.host;
    if (path === "/socket" && hostIsOurs) options.sockets.upgrade(request, socket, head);
    else if (options.web.upgrade && hostIsOurs) options.web.upgrade(request, socket, head);
    else socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  return server;
}
