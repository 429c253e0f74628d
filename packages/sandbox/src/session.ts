import type { CommandInfo, ListeningPort, SyncState, TerminalInfo } from "@slipway/contract/sandbox";
import type {
  CommandFrame,
  CommandRequest,
  FolderList,
  Health,
  OpenRequest,
  SnapshotReply,
  SyncRequest,
} from "./protocol.ts";

/**
 * A project in a running sandbox, for tools and routes. What the sandbox answers is bounded in size and time and parsed,
 * but it is its user's word: it proves nothing. Every verb throws `SandboxError`.
 */
export interface SandboxSession {
  /** Begins to sync the project; repeating it renews the access that sync uses. */
  open(request: OpenRequest): Promise<SyncState>;
  /** Pulls up to a revision and pushes what has changed. */
  sync(request: SyncRequest): Promise<SyncState>;
  /**
   * Starts a command, or attaches to it if this call has started it before. Ends after `exit` or `error`. A broken
   * connection is resumed by offset. Leaving the iteration leaves the command running.
   */
  exec(request: CommandRequest, signal?: AbortSignal): AsyncGenerator<CommandFrame, void>;
  /** Follows a command from an offset of its output on. */
  attach(call: string, offset: number, signal?: AbortSignal): AsyncGenerator<CommandFrame, void>;
  /** Ends the command's whole tree, what it left in the background too. */
  kill(call: string): Promise<CommandInfo>;
  /** Newest first. */
  commands(): Promise<CommandInfo[]>;
  /** A part of a command's output. At most 1 MB; shorter where less is kept. */
  output(call: string, start: number, end: number): Promise<Uint8Array>;
  readFile(path: string): Promise<Uint8Array>;
  listFolder(path: string): Promise<FolderList>;
  ports(): Promise<ListeningPort[]>;
  terminals(): Promise<TerminalInfo[]>;
  /** Opens a terminal, or returns the one of this id. Its bytes go over a WebSocket, by a token of scope `terminal`. */
  openTerminal(request: { id: string; cols?: number; rows?: number; cwd?: string }): Promise<TerminalInfo>;
  resizeTerminal(id: string, size: { cols: number; rows: number }): Promise<TerminalInfo>;
  closeTerminal(id: string): Promise<void>;
  /** Packs what sync ignores and puts it at a presigned address. */
  snapshot(url: string): Promise<SnapshotReply>;
  /** As `snapshot`, without waiting for it. */
  beginSnapshot(url: string): Promise<void>;
  restore(url: string): Promise<SnapshotReply>;
  /** The project is gone: ends what runs in it, and removes its files from the sandbox. */
  remove(): Promise<void>;
}

/** A running sandbox, for its lifecycle. */
export interface SandboxControl {
  /** Binds a task of a pool to its sandbox. The token of scope `claim` names both. */
  claim(settings: { stopAt?: number }): Promise<Health>;
  health(): Promise<Health>;
  stop(): Promise<void>;
  project(projectID: string): SandboxSession;
}
