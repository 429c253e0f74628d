import { z } from "zod";
import { ProjectID, Revision, SandboxID, Time } from "./id.ts";

/**
 * What a browser and the runner in a sandbox say to each other. The runner is untrusted: every message that it sends is
 * parsed, and every list is bounded.
 */

/** The port of the runner. The edge forwards to no other but 80. */
export const runnerPort = 8722;

/** WebSocket subprotocols: the first names this protocol, the second is this prefix and the token. */
export const socketProtocol = "slipway.sandbox.1";
export const tokenProtocolPrefix = "slipway.token.";

/** Name of a command or a terminal, chosen by who starts it: starting it again attaches to it. */
export const CallID = z.string().regex(/^[A-Za-z0-9][\w.:-]{0,127}$/, "not a call id");

export const maxTerminalColumns = 1000;
const TerminalSize = {
  cols: z.int().min(2).max(maxTerminalColumns),
  rows: z.int().min(1).max(maxTerminalColumns),
};

/** Query of `/terminal`. Opens the terminal if there is none of this id, and attaches from `offset` on. */
export const TerminalQuery = z.object({
  id: CallID,
  offset: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).default(0),
  cols: z.coerce.number().pipe(TerminalSize.cols).default(80),
  rows: z.coerce.number().pipe(TerminalSize.rows).default(24),
  cwd: z.string().max(4096).default(""),
});
export type TerminalQuery = z.infer<typeof TerminalQuery>;

/** Text frames of a terminal, from the browser. */
export const TerminalInput = z.discriminatedUnion("type", [
  z.object({ type: z.literal("input"), data: z.string().max(256 * 1024) }),
  z.object({ type: z.literal("resize"), ...TerminalSize }),
  z.object({ type: z.literal("close") }),
]);
export type TerminalInput = z.infer<typeof TerminalInput>;

/**
 * Text frames of a terminal, to the browser. Binary frames are its output, in order. `offset` is the offset of the next
 * binary frame: it is later than what was asked for when the scrollback no longer holds it, or the client was too slow.
 */
export const TerminalEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("attached"),
    offset: z.int().nonnegative(),
    total: z
      .int()
      .nonnegative()
      .default(0)
      .meta({ description: "Output before this offset is old: what it asks of a terminal has been answered." }),
    ...TerminalSize,
  }),
  z.object({ type: z.literal("gap"), offset: z.int().nonnegative() }),
  z.object({ type: z.literal("resized"), ...TerminalSize }),
  z.object({ type: z.literal("exit"), code: z.int().nullable(), signal: z.string().max(20).nullable() }),
  z.object({ type: z.literal("error"), message: z.string().max(500) }),
]);
export type TerminalEvent = z.infer<typeof TerminalEvent>;

export const maxListed = 200;

export const ListeningPort = z.object({
  port: z.int().min(1).max(65_535),
  pid: z.int().nullable(),
  /** Name of the program, cut. */
  program: z.string().max(200),
  call: z.string().max(128).nullable().meta({ description: "The command or terminal that it belongs to, if known." }),
});
export type ListeningPort = z.infer<typeof ListeningPort>;

/** A command: running, or ended with its output kept. */
export const CommandInfo = z.object({
  call: CallID,
  command: z.string().max(2000).meta({ description: "Cut." }),
  cwd: z.string().max(4096),
  background: z.boolean(),
  startedAt: Time,
  endedAt: Time.nullable(),
  code: z.int().nullable(),
  signal: z.string().max(20).nullable(),
  reason: z.enum(["exited", "killed", "timeout", "failed"]).nullable().meta({ description: "Null while it runs." }),
  total: z.int().nonnegative().meta({ description: "Bytes of output." }),
  alive: z.int().nonnegative().meta({ description: "Processes of its tree, also after it has ended." }),
});
export type CommandInfo = z.infer<typeof CommandInfo>;

export const TerminalInfo = z.object({ id: CallID, startedAt: Time, title: z.string().max(200), ...TerminalSize });
export type TerminalInfo = z.infer<typeof TerminalInfo>;

export const SyncState = z.object({
  state: z.enum(["closed", "pulling", "pushing", "synced", "offline"]),
  rev: Revision.meta({ description: "The revision up to which the store's changes are in the workspace." }),
  pending: z.int().nonnegative().meta({ description: "Changes of the workspace that the store has not taken." }),
  conflicts: z.array(z.string().max(4096)).max(maxListed).meta({ description: "Files that hold a losing version." }),
  localOnly: z
    .array(z.object({ path: z.string().max(4096), reason: z.string().max(500) }))
    .max(maxListed)
    .meta({ description: "Files that stay in the sandbox: too large, links, names the store refuses." }),
  missing: z
    .array(z.object({ path: z.string().max(4096), reason: z.string().max(500) }))
    .max(maxListed)
    .default([])
    .meta({ description: "Files of the project that could not be brought in. They are retried." }),
  pulled: z.int().nonnegative().default(0).meta({ description: "Files that the pull under way has looked at." }),
  error: z.string().max(500).nullable(),
});
export type SyncState = z.infer<typeof SyncState>;

/** What was done to the sandbox from outside, in a sentence. */
export const Notice = z.object({ at: Time, message: z.string().max(500) });
export type Notice = z.infer<typeof Notice>;

const Usage = z.object({ used: z.int().nonnegative(), total: z.int().nonnegative() });

/** The whole state, sent on connecting and within a second of a change. */
export const WatchEvent = z.object({
  type: z.literal("state"),
  sandboxId: SandboxID,
  projectId: ProjectID,
  ports: z.array(ListeningPort).max(maxListed),
  commands: z.array(CommandInfo).max(maxListed).meta({ description: "Newest first." }),
  terminals: z.array(TerminalInfo).max(maxListed),
  sync: SyncState,
  disk: Usage,
  memory: Usage,
  notices: z.array(Notice).max(maxListed).default([]).meta({ description: "Oldest first." }),
  idleMs: z.int().nonnegative(),
  stopsAt: Time.meta({ description: "When it stops if nothing happens." }),
});
export type WatchEvent = z.infer<typeof WatchEvent>;

/** From the browser to `/watch`: it has heard that the store is at a newer revision, which the sandbox then pulls. */
export const WatchInput = z.object({ type: z.literal("changed"), rev: Revision });
export type WatchInput = z.infer<typeof WatchInput>;
