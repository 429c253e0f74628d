import { FilePath } from "@slipway/contract/file";
import { Revision, SandboxID, Time } from "@slipway/contract/id";
import { CallID, CommandInfo, ListeningPort, maxListed, SyncState, TerminalInfo } from "@slipway/contract/sandbox";
import { z } from "zod";

/**
 * The runner's HTTP interface, for the control plane. Every request carries a token of scope `control` (or `claim`) in
 * `x-slipway-token`. `session.ts` is its client.
 *
 * | request                                        | body → reply                                   |
 * | ---------------------------------------------- | ---------------------------------------------- |
 * | `POST /v1/claim`                               | `ClaimRequest` → `Health`                      |
 * | `GET  /v1/health`                              | → `Health`                                     |
 * | `POST /v1/stop`                                | → `{ok}`, then the runner exits                |
 * | `POST /v1/projects/:id/open`                   | `OpenRequest` → `SyncState`                    |
 * | `POST /v1/projects/:id/sync`                   | `SyncRequest` → `SyncState`                    |
 * | `GET  /v1/projects/:id/commands`               | → `CommandList`                                |
 * | `POST /v1/projects/:id/commands`               | `CommandRequest` → lines of `CommandFrame`     |
 * | `GET  /v1/projects/:id/commands/:call?offset=` | → lines of `CommandFrame`                      |
 * | `GET  /v1/projects/:id/commands/:call/output`  | `?start=&end=` → bytes                         |
 * | `POST /v1/projects/:id/commands/:call/kill`    | → `CommandInfo`                                |
 * | `GET  /v1/projects/:id/files?path=`            | → `FolderList`                                 |
 * | `GET  /v1/projects/:id/file?path=`             | → bytes                                        |
 * | `GET  /v1/projects/:id/ports`                  | → `PortList`                                   |
 * | `GET  /v1/projects/:id/terminals`              | → `TerminalList`                               |
 * | `POST /v1/projects/:id/terminals`              | `TerminalRequest` → `TerminalInfo`             |
 * | `POST /v1/projects/:id/terminals/:call/resize` | `ResizeRequest` → `TerminalInfo`               |
 * | `POST /v1/projects/:id/terminals/:call/close`  | → `{ok}`                                       |
 * | `POST /v1/projects/:id/snapshot`               | `SnapshotRequest` → `SnapshotReply` or `{ok}`  |
 * | `POST /v1/projects/:id/restore`                | `RestoreRequest` → `SnapshotReply`             |
 *
 * Browsers use WebSockets with the token in a subprotocol (`contract/sandbox`): `/terminal` and `/watch`. A token of scope
 * `preview` reaches its port and nothing else, whatever the path.
 */

export const tokenHeader = "x-slipway-token";

/** A silent stream is broken: a heartbeat is sent this often. */
export const heartbeatMs = 10_000;

/** Bounds of a reply, which the client enforces: the runner may be anyone's program. */
export const maxReplyBytes = 1024 * 1024;
/** The most of a command's output that its stream carries before it skips to the end. */
export const maxStreamBytes = 1024 * 1024;
/** What a stream that skipped still carries: the last bytes. */
export const maxTailBytes = 128 * 1024;
/** The most of an output that is kept, from its start. */
export const maxKeptBytes = 64 * 1024 * 1024;

export const ErrorReply = z.object({
  error: z.object({
    code: z.enum([
      "bad_request",
      "unauthorized",
      "unclaimed",
      "already_claimed",
      "not_found",
      "not_open",
      "too_large",
      "busy",
      "disk_full",
      "sync_failed",
      "refused",
      "internal",
    ]),
    message: z.string().max(2000),
  }),
});
export type RunnerErrorCode = z.infer<typeof ErrorReply>["error"]["code"];

/** Binds a task from a pool to a sandbox. The token names sandbox and epoch, so there is nothing to say but settings. */
export const ClaimRequest = z.object({
  /** Stops then at the latest, whatever happens. */
  stopAt: Time.optional(),
});

export const Health = z.object({
  sandbox: SandboxID.nullable(),
  epoch: z.int().nonnegative(),
  version: z.string().max(100),
  startedAt: Time,
  idleMs: z.int().nonnegative(),
  projects: z.array(z.object({ id: z.string().max(40), sync: SyncState })).max(maxListed),
});
export type Health = z.infer<typeof Health>;

/** The API of the app as seen from the sandbox, and a token of scope `sync`. */
export const SyncAccess = z.object({ url: z.url().max(2048), token: z.string().max(4096) });

/** Opens a project: makes its folder, and begins to sync. Repeating renews what it was given. */
export const OpenRequest = z.object({
  /** Without it nothing is synced. */
  api: SyncAccess.optional(),
  /** Presigned GET of the last snapshot: restored once, after the first pull. Commands wait for it. */
  snapshot: z.url().max(8192).optional(),
  /** Presigned PUT for a snapshot, which is taken when the sandbox stops. Null: none is to be taken. */
  snapshotTo: z.url().max(8192).nullable().optional(),
  /** The sandbox is to hold nothing of it yet: what an earlier task may have left on the disk was given up. */
  isNew: z.boolean().default(false),
  /** Wait for the first pull and the snapshot. */
  wait: z.boolean().default(true),
});
export type OpenRequest = z.input<typeof OpenRequest>;

/** Pulls up to `rev`, and pushes what has changed. */
export const SyncRequest = z.object({ rev: Revision.optional(), api: SyncAccess.optional() });
export type SyncRequest = z.input<typeof SyncRequest>;

const EnvironmentName = z.string().regex(/^[A-Za-z_]\w{0,127}$/);
export const CommandRequest = z.object({
  call: CallID,
  /** For `bash -c`. */
  command: z
    .string()
    .min(1)
    .max(128 * 1024),
  /** In the workspace. */
  cwd: z.string().max(4096).default(""),
  /** Secrets, and whatever else this command alone may know. */
  env: z.record(EnvironmentName, z.string().max(32 * 1024)).default({}),
  /** 0 for none. Two minutes by default, and none for what runs in the background. */
  timeoutMs: z
    .int()
    .min(0)
    .max(24 * 3_600_000)
    .optional(),
  /** A server or watcher: it does not keep the sandbox from idling. */
  background: z.boolean().default(false),
  /** Pulled before it starts, so that the command sees what a person has typed. */
  rev: Revision.optional(),
  /** Where the stream begins: what the caller has seen already. */
  offset: z.int().nonnegative().default(0),
});
export type CommandRequest = z.input<typeof CommandRequest>;

/**
 * A line of a command's stream. Output of both streams is one sequence of bytes, in the order in which it was written;
 * `data` is base64. An `offset` beyond the end of the line before means that the stream skipped: the rest can be read by
 * range. The stream ends with `exit` or `error`. Closing it leaves the command running.
 */
export const CommandFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), call: CallID, at: Time }),
  z.object({ type: z.literal("output"), offset: z.int().nonnegative(), data: z.base64().max(512 * 1024) }),
  z.object({ type: z.literal("heartbeat"), total: z.int().nonnegative() }),
  z.object({ type: z.literal("exit"), info: CommandInfo }),
  z.object({ type: z.literal("error"), error: ErrorReply.shape.error }),
]);
export type CommandFrame = z.infer<typeof CommandFrame>;

export const CommandList = z.object({ commands: z.array(CommandInfo).max(maxListed) });
export const PortList = z.object({ ports: z.array(ListeningPort).max(maxListed) });
export const TerminalList = z.object({ terminals: z.array(TerminalInfo).max(maxListed) });
export const TerminalRequest = z.object({
  id: CallID,
  cols: TerminalInfo.shape.cols.default(80),
  rows: TerminalInfo.shape.rows.default(24),
  cwd: z.string().max(4096).default(""),
});
export const ResizeRequest = z.object({ cols: TerminalInfo.shape.cols, rows: TerminalInfo.shape.rows });

export const maxFolderEntries = 5000;
export const FolderList = z.object({
  entries: z
    .array(z.object({ path: FilePath, kind: z.enum(["file", "folder", "link", "other"]), size: z.int().nonnegative() }))
    .max(maxFolderEntries),
  isCut: z.boolean(),
});
export type FolderList = z.infer<typeof FolderList>;

/** The largest file that the runner hands out whole. */
export const maxFileBytes = 25 * 1024 * 1024;

/** What is ignored by sync, as tar + zstd. */
export const maxSnapshotBytes = 2 * 1024 * 1024 * 1024;
export const SnapshotRequest = z.object({
  url: z.url().max(8192).meta({ description: "Presigned PUT." }),
  wait: z.boolean().default(true).meta({ description: "Without it the reply is `{ok}`, at once." }),
});
export const RestoreRequest = z.object({ url: z.url().max(8192).meta({ description: "Presigned GET." }) });
export const SnapshotReply = z.object({
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative().meta({ description: "Compressed." }),
  ms: z.int().nonnegative(),
  skipped: z.int().nonnegative().meta({ description: "Entries that were refused, or did not fit." }),
});
export type SnapshotReply = z.infer<typeof SnapshotReply>;

export const Ok = z.object({ ok: z.literal(true) });
