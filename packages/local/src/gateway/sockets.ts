import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { socketRoutes } from "@slipway/manifest";
import { WebSocket, WebSocketServer } from "ws";
import {
  AwsError,
  authenticate,
  closeServer,
  listenOnLoopback,
  readBody,
  requireGrant,
  sendJson,
} from "../endpoint.ts";
import { bug } from "../log.ts";
import type { ComputeMeter } from "../meter.ts";
import type { Principal } from "../principal.ts";
import type { Service } from "../service.ts";

export interface SocketControls {
  /** Cuts every socket, as a network would. Returns how many there were. */
  dropSockets(): number;
}

/** API Gateway's WebSocket API: routes to a function, the `@connections` endpoint, and its limits. */
export const sockets: Service<SocketControls> = {
  async start({ options, origin, principals, meter, invoke }) {
    const api = createSockets({
      meter,
      origin,
      idle: options.socketIdle,
      lifetime: options.socketLifetime,
      principals: Object.values(principals),
      invoke: (route, event) => invoke(socketRoutes[route], event),
      onBug: (error) => bug("socket", error),
    });
    const managementEndpoint = await listenOnLoopback(api.management);
    return {
      links: { Socket: { url: `${origin.origin.replace(/^http/, "ws")}${path}`, managementEndpoint } },
      upgrades: { path, upgrade: api.upgrade },
      controls: { dropSockets: api.drop },
      async close() {
        await api.close();
        await closeServer(api.management);
      },
    };
  },
};

const path = "/socket";

interface Sockets {
  /** Handles an HTTP upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The `@connections` API, on an address of its own. */
  management: Server;
  drop(): number;
  /** Resolves when `$disconnect` has been delivered for every socket. */
  close(): Promise<void>;
}

/** In bytes: a message in either direction, and a frame from a client. */
const messageLimit = 128 * 1024;
const frameLimit = 32 * 1024;

function createSockets(options: {
  origin: URL;
  /** Milliseconds. */
  idle: number;
  lifetime: number;
  principals: readonly Principal[];
  meter: ComputeMeter;
  invoke(route: "$connect" | "$disconnect" | "$default", event: unknown): Promise<unknown>;
  onBug(error: unknown): void;
}): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: frameLimit, perMessageDeflate: false });
  const connections = new Map<string, { socket: WebSocket; connectedAt: number; lastActiveAt: number; ip: string }>();
  const disconnecting = new Set<Promise<unknown>>();

  function event(route: string, connectionId: string, rest: Record<string, unknown>): Record<string, unknown> {
    return {
      ...rest,
      isBase64Encoded: false,
      requestContext: {
        routeKey: route,
        eventType: { $connect: "CONNECT", $disconnect: "DISCONNECT" }[route] ?? "MESSAGE",
        connectionId,
        connectedAt: connections.get(connectionId)?.connectedAt ?? Date.now(),
        requestTimeEpoch: Date.now(),
        requestId: randomBytes(9).toString("base64url"),
        domainName: options.origin.host,
        stage: "local",
        apiId: "local",
      },
    };
  }

  async function connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const connectionID = `${randomBytes(11).toString("base64url")}=`;
    const query = new URL(request.url ?? "/", options.origin).searchParams;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const reply = (await options.invoke(
      "$connect",
      event("$connect", connectionID, {
        headers,
        ...(query.size > 0 ? { queryStringParameters: Object.fromEntries(query) } : {}),
      }),
    )) as { statusCode?: number } | null;
    const status = reply?.statusCode ?? 500;
    if (status !== 200) return refuse(socket, status);
    server.handleUpgrade(request, socket, head, (opened) =>
      follow(connectionID, opened, request.socket.remoteAddress ?? ""),
    );
  }

  function follow(connectionID: string, socket: WebSocket, ip: string): void {
    const now = Date.now();
    connections.set(connectionID, { socket, connectedAt: now, lastActiveAt: now, ip });
    const lifetime = setTimeout(() => socket.close(1001, "Going away"), options.lifetime);
    let idle = setTimeout(() => socket.close(1001, "Going away"), options.idle);
    let queue: Promise<unknown> = Promise.resolve();
    socket.on("message", (data: Buffer, isBinary) => {
      options.meter.messages++;
      clearTimeout(idle);
      idle = setTimeout(() => socket.close(1001, "Going away"), options.idle);
      const entry = connections.get(connectionID);
      if (entry) entry.lastActiveAt = Date.now();
      const body = isBinary ? data.toString("base64") : data.toString();
      // In order, so that a subscribe is answered before what follows it.
      queue = queue
        .then(() => options.invoke("$default", event("$default", connectionID, { body })))
        .catch(() =>
          post(connectionID, JSON.stringify({ message: "Internal server error", connectionId: connectionID })),
        );
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearTimeout(lifetime);
      clearTimeout(idle);
      connections.delete(connectionID);
      const told = options
        .invoke("$disconnect", event("$disconnect", connectionID, {}))
        .catch(options.onBug)
        .finally(() => disconnecting.delete(told));
      disconnecting.add(told);
    });
  }

  function post(connectionID: string, data: string | Buffer): boolean {
    const entry = connections.get(connectionID);
    if (entry?.socket.readyState !== WebSocket.OPEN) return false;
    entry.lastActiveAt = Date.now();
    entry.socket.send(String(data));
    options.meter.messages++;
    return true;
  }

  const management = createServer((request, response) => {
    async function answer(): Promise<void> {
      const body = await readBody(request, messageLimit);
      const principal = authenticate(request, body, { principals: options.principals, encodesPathAgain: true });
      requireGrant(principal, "execute-api:ManageConnections", "socket");
      const connectionID = decodeURIComponent(/\/@connections\/([^/?]+)/.exec(request.url ?? "")?.[1] ?? "");
      const entry = connections.get(connectionID);
      if (entry === undefined) throw new AwsError(410, "GoneException", "The connection is gone.");
      if (request.method === "POST") post(connectionID, body);
      else if (request.method === "DELETE") entry.socket.close(1000);
      else {
        return sendJson(response, 200, {
          connectedAt: new Date(entry.connectedAt).toISOString(),
          lastActiveAt: new Date(entry.lastActiveAt).toISOString(),
          identity: { sourceIp: entry.ip },
        });
      }
      response.writeHead(200).end();
    }
    answer().catch((error: unknown) => {
      const known = error instanceof AwsError ? error : new AwsError(500, "InternalServerError", "Internal error");
      if (known !== error) options.onBug(error);
      response.setHeader("x-amzn-errortype", known.status === 413 ? "PayloadTooLargeException" : known.code);
      sendJson(response, known.status, { message: known.message });
    });
  });

  return {
    upgrade(request, socket, head) {
      socket.on("error", () => socket.destroy());
      connect(request, socket, head).catch((error: unknown) => {
        options.onBug(error);
        refuse(socket, 500);
      });
    },
    management,
    drop() {
      for (const { socket } of connections.values()) socket.terminate();
      return connections.size;
    },
    async close() {
      server.close();
      const open = [...connections.values()].map(({ socket }) => {
        socket.terminate();
        return once(socket, "close");
      });
      await Promise.all(open);
      await Promise.all(disconnecting);
    },
  };
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
