import { setTimeout as sleep } from "node:timers/promises";
import { CommandInfo, SyncState, TerminalInfo } from "@slipway/contract/sandbox";
import type { z } from "zod";
import {
  CommandFrame,
  CommandList,
  ErrorReply,
  FolderList,
  Health,
  heartbeatMs,
  maxFileBytes,
  maxReplyBytes,
  Ok,
  PortList,
  SnapshotReply,
  TerminalList,
  tokenHeader,
} from "./protocol.ts";
import { readBytes, readLines } from "./reply.ts";
import { SandboxError } from "./sandbox-error.ts";
import type { SandboxControl, SandboxSession } from "./session.ts";

/** The client of a runner over HTTP, through the edge. */

export interface Connection {
  /** Where the edge listens. */
  url: string;
  /** A token for the next request; called for each. */
  token(scope: "claim" | "control", projectID?: string): Promise<string> | string;
  fetch?: typeof globalThis.fetch;
}

const minute = 60_000;
/** How long a reply may take: packing or the first pull of a large project takes longer than the rest. */
const timeouts = { short: 20_000, sync: 3 * minute, snapshot: 10 * minute };
/** A stream that is silent for this long is broken. */
const silenceMs = 3 * heartbeatMs;
/** Broken connections in a row, without a line between, before a stream gives up. */
const maxBreaks = 4;

export function connect(connection: Connection): SandboxControl {
  const { json } = requester(connection);
  return {
    claim: (settings) => json(Health, { method: "POST", path: "/v1/claim", body: settings, scope: "claim" }),
    health: () => json(Health, { path: "/v1/health" }),
    stop: async () => void (await json(Ok, { method: "POST", path: "/v1/stop", body: {} })),
    project: (projectID) => session(connection, projectID),
  };
}

function session(connection: Connection, projectID: string): SandboxSession {
  const { json, bytes, lines } = requester(connection, projectID);
  const base = `/v1/projects/${projectID}`;
  const post = <T>(schema: z.ZodType<T>, path: string, body: unknown, timeoutMs?: number) =>
    json(schema, { method: "POST", path: base + path, body, ...(timeoutMs ? { timeoutMs } : {}) });
  const get = <T>(schema: z.ZodType<T>, path: string) => json(schema, { path: base + path });
  const command = (call: string) => `/commands/${encodeURIComponent(call)}`;

  /** Follows a stream across broken connections, from where the last one stopped. */
  async function* follow(
    next: (offset: number, hasStarted: boolean) => Omit<Call, "scope">,
    from: number,
    signal?: AbortSignal,
  ): AsyncGenerator<CommandFrame, void> {
    let offset = from;
    let hasStarted = false;
    for (let breaks = 0; ;) {
      try {
        for await (const frame of lines(CommandFrame, next(offset, hasStarted), signal)) {
          breaks = 0;
          if (frame.type === "output") offset = frame.offset + Buffer.byteLength(frame.data, "base64");
          if (frame.type === "started" && hasStarted) continue;
          hasStarted = true;
          yield frame;
          if (frame.type === "exit" || frame.type === "error") return;
        }
        throw new SandboxError("unreachable", "The sandbox closed the connection.");
      } catch (error) {
        const isBroken = error instanceof SandboxError && error.code === "unreachable";
        if (!isBroken || signal?.aborted === true || ++breaks >= maxBreaks) throw error;
        await sleep(200 * 2 ** breaks, undefined, signal ? { signal } : {});
      }
    }
  }

  return {
    open: (request) => post(SyncState, "/open", request, timeouts.sync),
    sync: (request) => post(SyncState, "/sync", request, timeouts.sync),
    exec: (request, signal) =>
      follow(
        (offset, hasStarted) =>
          // Once it is known to have started, only attach: a runner that has lost it must not run it again.
          hasStarted
            ? { path: `${base}${command(request.call)}?offset=${offset}` }
            : { method: "POST", path: `${base}/commands`, body: { ...request, offset } },
        request.offset ?? 0,
        signal,
      ),
    attach: (call, from, signal) =>
      follow((offset) => ({ path: `${base}${command(call)}?offset=${offset}` }), from, signal),
    kill: (call) => post(CommandInfo, `${command(call)}/kill`, {}),
    commands: async () => (await get(CommandList, "/commands")).commands,
    output: (call, start, end) => {
      const last = Math.min(end, start + maxReplyBytes);
      return bytes({ path: `${base}${command(call)}/output?start=${start}&end=${last}` }, maxReplyBytes);
    },
    readFile: (path) => bytes({ path: `${base}/file?path=${encodeURIComponent(path)}` }, maxFileBytes),
    listFolder: (path) => get(FolderList, `/files?path=${encodeURIComponent(path)}`),
    ports: async () => (await get(PortList, "/ports")).ports,
    terminals: async () => (await get(TerminalList, "/terminals")).terminals,
    openTerminal: (request) => post(TerminalInfo, "/terminals", request),
    resizeTerminal: (id, size) => post(TerminalInfo, `/terminals/${encodeURIComponent(id)}/resize`, size),
    closeTerminal: async (id) => void (await post(Ok, `/terminals/${encodeURIComponent(id)}/close`, {})),
    snapshot: (url) => post(SnapshotReply, "/snapshot", { url }, timeouts.snapshot),
    beginSnapshot: async (url) => void (await post(Ok, "/snapshot", { url, wait: false })),
    restore: (url) => post(SnapshotReply, "/restore", { url }, timeouts.snapshot),
    remove: async () => void (await post(Ok, "/remove", {})),
  };
}

interface Call {
  path: string;
  method?: "GET" | "POST";
  body?: unknown;
  scope?: "claim" | "control";
  timeoutMs?: number;
}

function requester({ url, token, fetch = globalThis.fetch }: Connection, projectID?: string) {
  async function send(call: Call, signal: AbortSignal): Promise<Response> {
    const given = await token(call.scope ?? "control", projectID);
    let response: Response;
    try {
      response = await fetch(new URL(call.path, url), {
        method: call.method ?? "GET",
        headers: { [tokenHeader]: given, "content-type": "application/json" },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        redirect: "error",
        signal,
      });
    } catch (error) {
      throw new SandboxError("unreachable", "The sandbox does not answer.", error);
    }
    if (response.ok) return response;
    throw await failureOf(response);
  }

  const timed = (ms = timeouts.short) => AbortSignal.timeout(ms);
  return {
    async json<T>(schema: z.ZodType<T>, call: Call): Promise<T> {
      const response = await send(call, timed(call.timeoutMs));
      return parseReply(schema, Buffer.from(await readBytes(response, maxReplyBytes)).toString());
    },
    async bytes(call: Call, limit: number): Promise<Uint8Array> {
      return readBytes(await send(call, timed(timeouts.sync)), limit);
    },
    async *lines<T>(schema: z.ZodType<T>, call: Call, signal?: AbortSignal): AsyncGenerator<T, void> {
      const silence = new AbortController();
      let timer = setTimeout(() => silence.abort(), silenceMs);
      try {
        const response = await send(call, signal ? AbortSignal.any([signal, silence.signal]) : silence.signal);
        for await (const line of readLines(response, maxReplyBytes)) {
          clearTimeout(timer);
          timer = setTimeout(() => silence.abort(), silenceMs);
          yield parseReply(schema, line);
        }
      } finally {
        clearTimeout(timer);
        silence.abort();
      }
    },
  };
}

/** The runner's own error, or that of an edge in between. */
async function failureOf(response: Response): Promise<SandboxError> {
  const text = Buffer.from(await readBytes(response, 64 * 1024)).toString();
  const known = ErrorReply.safeParse(jsonOf(text));
  if (known.success) return new SandboxError(known.data.error.code, known.data.error.message);
  const isGone = response.status >= 500 || response.status === 404;
  const code = isGone ? "unreachable" : response.status === 401 ? "unauthorized" : "refused";
  return new SandboxError(code, `The sandbox answered ${response.status}.`);
}

function parseReply<T>(schema: z.ZodType<T>, text: string): T {
  const { success, data, error } = schema.safeParse(jsonOf(text));
  if (!success) throw new SandboxError("invalid_reply", "The sandbox's reply has not the expected form.", error);
  return data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
