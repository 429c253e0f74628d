import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { CallID, socketProtocol, TerminalQuery, tokenProtocolPrefix, WatchInput } from "@slipway/contract/sandbox";
import { WebSocketServer, type WebSocket } from "ws";
import { z } from "zod";
import * as protocol from "../src/protocol.ts";
import type { Claims } from "../src/token.ts";
import type { Activity } from "./activity.ts";
import type { ChangeSignal } from "./change-signal.ts";
import type { Claim } from "./claim.ts";
import { Failure, toFailure } from "./failure.ts";
import { listFolder, readFile } from "./files.ts";
import { goneSignal, readBody, sendFailure, sendJSON, sendLines } from "./http.ts";
import { log } from "./log.ts";
import type { Notices } from "./notices.ts";
import type { Ports } from "./ports.ts";
import { isKeepAlive, type Preview } from "./preview.ts";
import type { Project, Projects } from "./project.ts";
import { keepAlive, messageOf } from "./socket.ts";
import { serveWatch } from "./watch.ts";

/** The runner's one port: the control plane's requests, browsers' sockets, and previews. */

export interface Runner {
  version: string;
  claim: Claim;
  activity: Activity;
  projects: Projects;
  ports: Ports;
  notices: Notices;
  /** File with what the sandbox uses, if somebody else measures it. */
  usage: string | undefined;
  preview: Preview;
  changed: ChangeSignal;
  startedAt: number;
  idleMs: number;
  stopAt(time: number): void;
  stop(): Promise<void>;
}

export function createRunnerServer(runner: Runner): Server {
  const server = createServer((request, response) => {
    handle(runner, request, response).catch((error: unknown) => {
      const failure = toFailure(error);
      if (failure.code === "internal") log("request-failed", { message: failure.message });
      request.resume();
      sendFailure(response, failure);
    });
  });
  // Streams live as long as they need. A request's head does not.
  server.requestTimeout = 0;
  server.headersTimeout = 10_000;
  server.keepAliveTimeout = 65_000;

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 512 * 1024,
    // The token is a protocol too, and is not sent back.
    handleProtocols: (offered) => (offered.has(socketProtocol) ? socketProtocol : false),
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    upgrade(runner, sockets, request, socket, head).catch((error: unknown) => {
      socket.end(`HTTP/1.1 ${toFailure(error).status} Refused\r\nconnection: close\r\n\r\n`);
    });
  });
  return server;
}

async function handle(runner: Runner, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const given = request.headers[protocol.tokenHeader];
  // For the launcher, which waits until it is up. It says nothing else.
  if (given === undefined && request.url === "/health") return sendJSON(response, { ok: true });
  const claims = runner.claim.verify(typeof given === "string" ? given : undefined, ["claim", "control", "preview"]);
  if (claims.scope !== "preview") runner.activity.hear();
  // Whatever the path: a preview's token reaches nothing but its port.
  if (claims.scope === "preview") {
    if (!isKeepAlive(request)) runner.activity.touch();
    return runner.preview.forward(request, response, claims);
  }
  const url = new URL(request.url ?? "/", "http://runner");
  const names = url.pathname.split("/").slice(1).map(decode);
  if (names[0] !== "v1") throw new Failure("not_found", "There is no such address.");
  if (names[1] === "projects") return onProject({ runner, request, response, claims, url, names });

  const what = `${request.method} ${names.slice(1).join("/")}`;
  if (what === "POST claim") {
    if (claims.scope !== "claim") throw new Failure("unauthorized", "A claim needs a token for it.");
    const { stopAt } = await readBody(request, protocol.ClaimRequest);
    runner.claim.bind(claims);
    if (stopAt !== undefined) runner.stopAt(stopAt);
    return sendJSON(response, healthOf(runner));
  }
  requireControl(claims);
  if (what === "GET health") return sendJSON(response, healthOf(runner));
  if (what === "POST stop") {
    sendJSON(response, { ok: true });
    response.on("finish", () => void runner.stop());
    return;
  }
  throw new Failure("not_found", "There is no such address.");
}

interface Call {
  runner: Runner;
  request: IncomingMessage;
  response: ServerResponse;
  claims: Claims;
  url: URL;
  names: string[];
}

async function onProject({ runner, request, response, claims, url, names }: Call): Promise<void> {
  requireControl(claims);
  const [, , id = "", noun = "", item = "", verb = ""] = names;
  if (claims.project !== id) throw new Failure("unauthorized", "The token is for another project.");
  const route = `${request.method} ${noun}${item === "" ? "" : "/:id"}${verb === "" ? "" : `/${verb}`}`;
  const query = (name: string) => url.searchParams.get(name) ?? "";
  if (route === "POST open") {
    const asked = await readBody(request, protocol.OpenRequest);
    return sendJSON(response, await runner.projects.ensure(id, asked.isNew).open(asked));
  }
  if (route === "POST remove") {
    await runner.projects.remove(id);
    return sendJSON(response, { ok: true });
  }
  const project = runner.projects.get(id);
  switch (route) {
    case "POST sync":
      return sendJSON(response, await project.synchronise(await readBody(request, protocol.SyncRequest)));
    case "GET commands":
      return sendJSON(response, { commands: project.commands.list() });
    case "POST commands": {
      const asked = await readBody(request, protocol.CommandRequest);
      const command = project.run(asked);
      return sendLines(response, command.frames(asked.offset, goneSignal(response)));
    }
    case "GET commands/:id":
      return sendLines(response, project.commands.get(item).frames(numberOf(query("offset")), goneSignal(response)));
    case "GET commands/:id/output": {
      const start = numberOf(query("start"));
      const end = Math.min(numberOf(query("end")), start + protocol.maxReplyBytes);
      const part = await project.commands.get(item).output.read(start, end);
      // Bytes that are no longer kept are not made up: the part begins where the caller asked, or is empty.
      return sendBytes(response, part.start === start ? part.bytes : Buffer.alloc(0));
    }
    case "POST commands/:id/kill": {
      const command = project.commands.get(item);
      await command.kill();
      return sendJSON(response, command.info());
    }
    case "GET files":
      return sendJSON(response, listFolder(project.folder, query("path")));
    case "GET file":
      return sendBytes(response, readFile(project.folder, query("path"), protocol.maxFileBytes).bytes);
    case "GET ports":
      return sendJSON(response, { ports: runner.ports.of(id) });
    case "GET terminals":
      return sendJSON(response, { terminals: project.terminals.list() });
    case "POST terminals": {
      const { id: terminal, cwd, ...size } = await readBody(request, protocol.TerminalRequest);
      return sendJSON(response, (await project.openTerminal(terminal, size, cwd)).info());
    }
    case "POST terminals/:id/resize": {
      const terminal = project.terminals.get(CallID.parse(item));
      terminal.resize(await readBody(request, protocol.ResizeRequest));
      return sendJSON(response, terminal.info());
    }
    case "POST terminals/:id/close":
      await project.terminals.get(item).close();
      return sendJSON(response, { ok: true });
    case "POST snapshot": {
      const { url: to, wait } = await readBody(request, protocol.SnapshotRequest);
      const packed = project.snapshot(to);
      if (wait) return sendJSON(response, await packed);
      packed.catch((error: unknown) => log("snapshot-failed", { project: id, code: toFailure(error).code }));
      return sendJSON(response, { ok: true });
    }
    case "POST restore":
      return sendJSON(response, await project.restore((await readBody(request, protocol.RestoreRequest)).url));
    default:
      throw new Failure("not_found", "There is no such address.");
  }
}

async function upgrade(
  runner: Runner,
  sockets: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const given = request.headers[protocol.tokenHeader];
  const offered = request.headers["sec-websocket-protocol"]?.split(/,\s*/) ?? [];
  const inProtocol = offered.find((each) => each.startsWith(tokenProtocolPrefix))?.slice(tokenProtocolPrefix.length);
  // The edge moves a token to the header; without an edge it is in the protocol.
  const token = typeof given === "string" ? given : inProtocol;
  const claims = runner.claim.verify(token, ["preview", "terminal", "watch"]);
  // A page's socket says nothing of whether someone is there: it is no activity.
  if (claims.scope === "preview") return runner.preview.upgrade(request, socket, head, claims);
  const url = new URL(request.url ?? "/", "http://runner");
  const project = runner.projects.get(claims.project ?? "");
  const accept = () =>
    new Promise<WebSocket>((resolve) =>
      sockets.handleUpgrade(request, socket, head, (made) => resolve(keepAlive(made))),
    );
  if (url.pathname === "/terminal" && claims.scope === "terminal") {
    const { success, data } = TerminalQuery.safeParse(Object.fromEntries(url.searchParams));
    if (!success) throw new Failure("bad_request", "The terminal is not well described.");
    const { id, offset, cwd, ...size } = data;
    const terminal = await project.openTerminal(id, size, cwd);
    await project.terminals.serve(await accept(), terminal, offset);
  } else if (url.pathname === "/watch") {
    const connection = await accept();
    connection.on("message", (data, isBinary) => onWatchInput(project, messageOf(data, isBinary)));
    const { ports, notices, usage, activity, idleMs, changed } = runner;
    serveWatch(connection, {
      project,
      sandbox: claims.sandbox,
      ports,
      notices,
      usage,
      activity,
      idleMs,
      changed,
    });
  } else throw new Failure("not_found", "There is no such address.");
}

/** A browser learns first that the store has changed: it has saved the file itself. */
function onWatchInput(project: Project, message: unknown): void {
  const input = WatchInput.safeParse(message).data;
  if (input)
    project.sync
      .pullTo(input.rev)
      .catch((error: unknown) => log("pull-failed", { message: String(error).slice(0, 200) }));
}

function healthOf({ claim, version, startedAt, activity, projects }: Runner): protocol.Health {
  return {
    sandbox: claim.bound?.sandbox ?? null,
    epoch: claim.bound?.epoch ?? 0,
    version,
    startedAt,
    idleMs: activity.idleMs,
    projects: projects.all().map((project) => ({ id: project.id, sync: project.info() })),
  };
}

function requireControl({ scope }: Claims): void {
  if (scope !== "control") throw new Failure("unauthorized", "The token is not valid here.");
}

function sendBytes(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-length": bytes.byteLength,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(bytes);
}

function numberOf(text: string): number {
  const { success, data } = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).safeParse(text);
  if (!success) throw new Failure("bad_request", "An offset must be a whole number.");
  return data;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new Failure("bad_request", "The address is not well formed.");
  }
}
