import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { routes } from "@slipway/manifest";
import { AwsError, closeServer, readBody } from "../endpoint.ts";
import { FunctionError, payloadLimit } from "../lambda/runtime.ts";
import { bug } from "../log.ts";
import type { CloudOptions, Upgrades } from "../service.ts";
import { fromReply, type HttpReply, sendError, sendReply, toEvent } from "./http-event.ts";
import {
  bucketPath,
  isWildcard,
  reachedBy,
  toBucket,
  translateReply,
  translateRequest,
  type Addresses,
} from "./network.ts";

/** Where the web comes from: a build, or a development server. */
export interface WebSource {
  /** `translate` is for the replies of its server; its files name no address. */
  answer(request: IncomingMessage, response: ServerResponse, translate: (reply: HttpReply) => HttpReply): Promise<void>;
  /** Upgrades that are not the app's own, such as hot reload. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** What stands behind the front. */
export interface Behind {
  invoke(functionName: string, event: unknown): Promise<unknown>;
  upgrades: readonly Upgrades[];
  web: WebSource;
  addresses: Addresses;
}

/** The one public port. It answers 503 until something is served. */
export interface Front extends AsyncDisposable {
  readonly origin: URL;
  /** Disposing of what it returns closes the port and every connection. */
  serve(behind: Behind): AsyncDisposable;
}

/** Takes the port, before anything else is started. @throws Error in plain words when it is in use. */
export async function openFront({ port, host }: Pick<CloudOptions, "port" | "host">): Promise<Front> {
  const server = createServer();
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  const starting = (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(503, { "retry-after": "1" }).end("Slipway is starting.");
  server.on("request", starting);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      reject(new Error(`Port ${port} is in use. Stop what uses it, or choose another: PORT=${port + 1} npm start`));
    });
    server.listen(port, host === "localhost" ? "127.0.0.1" : host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  // Bound to one address of the network, it has no other.
  const name = host === "localhost" || isWildcard(host) ? "localhost" : host.includes(":") ? `[${host}]` : host;
  const origin = new URL(`http://${name}:${address.port}`);
  const upgraded = new Set<Duplex>();
  async function close(): Promise<void> {
    if (!server.listening) return;
    for (const socket of upgraded) socket.destroy();
    await closeServer(server);
  }
  return {
    origin,
    serve(behind) {
      const { answer, upgrade } = createFront({ ...behind, origin, anyHost: host !== "localhost" });
      server.off("request", starting);
      server.on("request", answer);
      server.on("upgrade", (request, socket, head) => {
        upgraded.add(socket);
        socket.on("close", () => upgraded.delete(socket));
        upgrade(request, socket, head);
      });
      return { [Symbol.asyncDispose]: close };
    },
    [Symbol.asyncDispose]: close,
  };
}

/**
 * `/api` to its function, a service's upgrades to the service, everything else to the web. Only the app's own host name
 * is answered, so that a page elsewhere cannot reach it by DNS rebinding.
 */
function createFront(
  options: Behind & {
    origin: URL;
    /** Host names besides the origin's: any, when the server was bound to an address on purpose. */
    anyHost: boolean;
  },
): {
  answer(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
} {
  const { origin } = options;

  /** The origin by which a caller of another address has reached this; undefined for the app's own. */
  function elsewhere(request: IncomingMessage): string | undefined {
    return options.anyHost && request.headers.host !== origin.host ? reachedBy(request) : undefined;
  }

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
      const reply = fromReply(await options.invoke(name, toEvent(request, body, origin)));
      const reached = elsewhere(request);
      sendReply(response, reached === undefined ? reply : translateReply(reply, reached, options.addresses));
    } catch (error) {
      if (!(error instanceof FunctionError)) bug("gateway", error);
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
        response.writeHead(308, { location: atOrigin(origin, url) }).end();
        return;
      }
      sendError(response, 421, "not_allowed", `This server answers at ${origin.origin} only.`);
      return;
    }
    const reached = elsewhere(request);
    if (reached !== undefined) {
      if (path.startsWith(`${bucketPath}/`)) return toBucket(request, response, options.addresses);
      translateRequest(request, reached, options.addresses);
    }
    const route = routes.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
    if (route) return callFunction(route.function, request, response);
    return options.web.answer(request, response, (reply) =>
      reached === undefined ? reply : translateReply(reply, reached, options.addresses),
    );
  }

  return {
    answer(request, response) {
      answer(request, response).catch((error: unknown) => {
        bug("gateway", error);
        sendError(response, 500, "internal", "Something went wrong.");
      });
    },
    upgrade(request, socket, head) {
      const path = (request.url ?? "/").split("?")[0];
      const reached = elsewhere(request);
      if (reached !== undefined) translateRequest(request, reached, options.addresses);
      const isOurHost = options.anyHost || request.headers.host === origin.host;
      const ours = options.upgrades.find((candidate) => candidate.path === path) ?? options.web;
      if (isOurHost && ours.upgrade) ours.upgrade(request, socket, head);
      else socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    },
  };
}

/** A request's target at this origin. Not resolved against it: `//evil.test/` would name another host. */
export function atOrigin(origin: URL, target: string): string {
  return `${origin.origin}/${target.replace(/^[\\/]+/, "")}`;
}
