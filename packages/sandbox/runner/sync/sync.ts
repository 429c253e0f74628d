import { setTimeout as sleep } from "node:timers/promises";
import { mergeTexts } from "@slipway/contract/merge-texts";
import {
  maxSyncedBytes,
  type PullLine,
  type PushedChange,
  type PushResult,
  type StoreEntry,
  type StoreFile,
} from "@slipway/contract/routes/sandbox-sync";
import { maxListed, type SyncState } from "@slipway/contract/sandbox";
import type { z } from "zod";
import type { SyncAccess } from "../../src/protocol.ts";
import { Failure, isDiskFull, toFailure } from "../failure.ts";
import { fetcher, NoAnswer, type Fetch } from "../fetch.ts";
import { readFile, statOf } from "../files.ts";
import { log } from "../log.ts";
import { AccessEnded, Rejected, ReloadRequired, SyncAPI } from "./api.ts";
import { Base, textOf } from "./base.ts";
import { changesOf, conflictTime, fits, isConflict, sizeOf, withContent, type Change } from "./changes.ts";
import { hashOf } from "./content-hash.ts";
import { Scanner } from "./scan.ts";
import { Watcher } from "./watcher.ts";
import { Work } from "./work.ts";
import { Writer } from "./write.ts";

/**
 * Keeps a workspace and the store equal. Per path there are three versions: what both last agreed on (base), what the
 * workspace holds, and what the store holds. The side that has changed it wins; where both have, texts are merged line by line,
 * or else the store wins and the workspace's version becomes a file of its own. An edit wins over a removal.
 */

/** Changes are pushed this long after the last one, and not later than `maxDelayMs` after the first. */
const debounceMs = 150;
const maxDelayMs = 500;
/** How often one cycle scans again, since something has changed meanwhile. */
const maxRounds = 8;
const maxMergedBytes = 1024 * 1024;
/** A change within this time of the last may bear the same timestamp. */
const timestampMs = 20;
const retryMs = { first: 2000, last: 30_000 };
/** A retry of missing files lists again what has changed since none was: not as often. */
const maxMissingRetryMs = 5 * 60_000;
/** Files of a pull between two reports of how far it is. */
const reportEvery = 50;

/** A change on its way, with the content that it stands for. */
interface Item {
  change: Change;
  sent: PushedChange;
  bytes?: Buffer;
}

/** `retry`: also what is missing. */
interface Want extends Record<string, boolean> {
  pull: boolean;
  scan: boolean;
  retry: boolean;
}

/** `synced`: the store has this content. `local`: it has no such file. Otherwise the file has changed and is not pushed. */
export type Compared = "synced" | "local" | Unpushed;

export interface Unpushed {
  /** Hash of the version that the store held. */
  base: string;
  /** Hash of the file; undefined when it is too large to be synced. */
  hash: string | undefined;
}

export class Sync {
  readonly #folder: string;
  readonly #fetch: Fetch;
  readonly #projectID: string;
  readonly #onChange: () => void;
  readonly #base: Base;
  readonly #scanner: Scanner;
  readonly #writer: Writer;
  readonly #watcher: Watcher;
  readonly #work = new Work<Want>({ pull: false, scan: false, retry: false }, (want) => this.#cycle(want));
  #api: SyncAPI | undefined;
  #state: SyncState["state"] = "closed";
  #error: string | null = null;
  #pending = 0;
  #conflicts: string[] = [];
  #localOnly = new Map<string, string>();
  /** What the store has refused, by path: not sent again until it changes. */
  readonly #refused = new Map<string, { version: string; reason: string }>();
  /** Files of the store that could not be brought in, by path. */
  readonly #missing = new Map<string, string>();
  #pulled = 0;
  #timer: NodeJS.Timeout | undefined;
  #firstTouch = 0;
  #retry: NodeJS.Timeout | undefined;
  #retryDelay = retryMs.first;
  #missingTimer: NodeJS.Timeout | undefined;
  #missingDelay = retryMs.first;

  constructor(options: {
    projectID: string;
    folder: string;
    state: string;
    /** On the file system of the workspace. */
    incoming: string;
    owner: number | undefined;
    egressSocket: string | undefined;
    onChange: () => void;
  }) {
    this.#folder = options.folder;
    this.#projectID = options.projectID;
    this.#onChange = options.onChange;
    this.#fetch = fetcher(options.egressSocket);
    this.#base = new Base(options.state);
    this.#scanner = new Scanner(options.folder);
    this.#writer = new Writer({ root: options.folder, incoming: options.incoming, owner: options.owner });
    this.#watcher = new Watcher(options.folder, () => this.look());
  }

  info(): SyncState {
    const refused = [...this.#refused].map(([path, { reason }]) => ({ path, reason }));
    const own = [...this.#localOnly].map(([path, reason]) => ({ path, reason }));
    return {
      state: this.#state,
      rev: this.#base.rev,
      pending: this.#pending,
      conflicts: this.#conflicts.slice(0, maxListed),
      localOnly: [...refused, ...own].slice(0, maxListed),
      missing: [...this.#missing].map(([path, reason]) => ({ path, reason })).slice(0, maxListed),
      pulled: this.#state === "pulling" ? this.#pulled : 0,
      error: this.#error,
    };
  }

  /** How a path compares with the store. What the store does not hold (ignored, too large, unpushed, links) is for the snapshot. */
  compare(path: string): Compared {
    const base = this.#base.files.get(path);
    if (base === undefined) return "local";
    const hash = this.#scanner.file(path)?.hash;
    return hash === base.hash ? "synced" : { base: base.hash, hash };
  }

  /** Begins, or continues with new access. @throws Failure sync_failed */
  async open(access: z.infer<typeof SyncAccess>): Promise<void> {
    if (this.#api) this.#api.renew(access);
    else this.#api = new SyncAPI(this.#fetch, this.#projectID, access);
    await this.#work.request({ pull: true, scan: true, retry: true });
  }

  renew(access: z.infer<typeof SyncAccess>): void {
    if (!this.#api) this.#api = new SyncAPI(this.#fetch, this.#projectID, access);
    this.#api.renew(access);
    if (this.#state === "offline") this.#inBackground({ pull: true, scan: true });
  }

  /** The store's changes up to a revision are in the workspace. @throws Failure sync_failed */
  async pullTo(rev: number): Promise<void> {
    if (!this.#api || this.#base.rev >= rev) return;
    await this.#work.request({ pull: true });
    if (this.#base.rev < rev) throw new Failure("sync_failed", "The store does not have that revision yet.");
  }

  /** Both sides are equal. @throws Failure sync_failed */
  async settle(rev?: number): Promise<void> {
    if (!this.#api) return;
    await this.#work.request({ pull: rev === undefined || this.#base.rev < rev, scan: true });
  }

  /** Something may have changed in the workspace. */
  look(): void {
    if (!this.#api) return;
    const now = Date.now();
    if (this.#timer === undefined) this.#firstTouch = now;
    clearTimeout(this.#timer);
    const delay = Math.max(0, Math.min(debounceMs, this.#firstTouch + maxDelayMs - now));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#inBackground({ scan: true });
    }, delay);
  }

  /** Pushes what is left, and lets go. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#watcher.close();
    if (this.#api) await this.#work.request({ scan: true }).catch(() => undefined);
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
    clearTimeout(this.#missingTimer);
    this.#api = undefined;
    this.#saveBase();
    this.#state = "closed";
  }

  #inBackground(want: Partial<Want>): void {
    // What fails is in the state, and is tried again.
    this.#work.request(want).catch(() => undefined);
  }

  async #cycle(want: Want): Promise<void> {
    const api = this.#api;
    if (!api) return;
    try {
      let mustPull = want.pull;
      let mustScan = want.scan;
      for (let round = 0; (mustPull || mustScan) && round < maxRounds; round++) {
        const hasConflicts = mustPull && (await this.#pull(api, want.retry && round === 0));
        mustScan ||= hasConflicts;
        if (!mustScan) break;
        ({ mustPull, mustScan } = await this.#push(api));
      }
      if (mustPull || mustScan) this.look();
      this.#settled();
    } catch (error) {
      this.#failed(error);
      throw error;
    } finally {
      this.#saveBase();
      this.#onChange();
    }
  }

  #settled(): void {
    this.#state = "synced";
    this.#error = null;
    this.#pending = 0;
    clearTimeout(this.#retry);
    this.#retryDelay = retryMs.first;
    if (this.#missing.size > 0) this.#retryMissing();
    else this.#missingDelay = retryMs.first;
    // Where the system watches no more folders, changes are looked for.
    this.#retry = this.#watcher.isFull
      ? setTimeout(() => this.#inBackground({ scan: true }), retryMs.first)
      : undefined;
  }

  /** Tries again by itself, unless only new access helps. */
  #failed(error: unknown): void {
    const failure = toFailure(error);
    if (failure.code === "internal") log("sync-failed", { message: failure.message });
    this.#state = "offline";
    this.#error = failure.message.slice(0, 500);
    clearTimeout(this.#retry);
    if (error instanceof AccessEnded) return;
    this.#retry = setTimeout(() => this.#inBackground({ pull: true, scan: true }), this.#retryDelay);
    this.#retryDelay = Math.min(retryMs.last, this.#retryDelay * 2);
  }

  /** Other cycles meanwhile do not put it off. */
  #retryMissing(): void {
    if (this.#missingTimer !== undefined) return;
    this.#missingTimer = setTimeout(() => {
      this.#missingTimer = undefined;
      this.#inBackground({ pull: true, scan: true, retry: true });
    }, this.#missingDelay);
    this.#missingDelay = Math.min(maxMissingRetryMs, this.#missingDelay * 2);
  }

  #saveBase(): void {
    try {
      this.#base.save();
    } catch (error) {
      // A full disk: what is not written down is compared again after a restart.
      log("base-not-saved", { message: toFailure(error).code });
    }
  }

  #tell(state: SyncState["state"]): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onChange();
  }

  // From the store to the workspace.

  /** Whether the workspace now has something to push. A file that cannot be brought in is noted, and holds up no other. */
  async #pull(api: SyncAPI, isRetry: boolean): Promise<boolean> {
    this.#pulled = 0;
    this.#tell("pulling");
    const { rev, gen } = isRetry ? this.#base.complete : this.#base;
    const from = { since: rev, gen };
    const failed = new Set<string>();
    let head: { rev: number; gen: number; isWhole: boolean } | undefined;
    let hasConflicts = false;
    const named = new Set<string>();
    /** Removals come last, since they would prune folders; then what they have made room for. */
    const gone: string[] = [];
    const blocked: StoreEntry[] = [];
    let page: Promise<Page> | undefined = pageOf(api.pull(from));
    while (page !== undefined) {
      const { lines, error }: Page = await page;
      const end = lines.at(-1);
      const next: string | undefined = end?.type === "end" ? end.next : undefined;
      // It comes while this one is written.
      page = next === undefined ? undefined : pageOf(api.pull({ ...from, cursor: next }));
      for (const line of lines) {
        if (line.type === "head") head ??= line;
        else if (line.type === "gone") gone.push(line.path);
        else if (line.type !== "end") {
          named.add(line.path);
          const result = await this.#tryTake(api, line, false);
          if (result === "missing") failed.add(line.path);
          if (result === "blocked") blocked.push(line);
          hasConflicts ||= result === "conflict";
        }
      }
      if (error !== undefined) throw error;
      if (end?.type !== "end" || !head) throw new Failure("sync_failed", "The connection to the store broke.");
    }
    if (!head) throw new Failure("sync_failed", "The store has answered nothing.");
    if (head.isWhole)
      for (const path of [...this.#base.files.keys(), ...this.#base.folders]) if (!named.has(path)) gone.push(path);
    for (const path of gone.toSorted((a, b) => b.length - a.length)) {
      if (named.has(path)) continue;
      const result = await this.#tryTake(api, { type: "gone", path }, false);
      if (result === "missing") failed.add(path);
      hasConflicts ||= result === "conflict";
    }
    for (const entry of blocked) {
      const result = await this.#tryTake(api, entry, true);
      if (result === "missing") failed.add(entry.path);
      hasConflicts ||= result === "conflict";
    }
    // What this listing would have named, and did not, is no longer in the store.
    if (isRetry || head.isWhole)
      for (const path of this.#missing.keys()) if (!failed.has(path)) this.#missing.delete(path);
    this.#base.advance(head.gen, head.rev, this.#missing.size === 0);
    return hasConflicts;
  }

  /** One path. What fails for it alone is kept as its reason; what would fail for all is thrown. */
  async #tryTake(
    api: SyncAPI,
    entry: StoreEntry,
    mayMove: boolean,
  ): Promise<"done" | "blocked" | "conflict" | "missing"> {
    if (++this.#pulled % reportEvery === 0) this.#onChange();
    try {
      const result = await this.#take(api, entry, mayMove);
      if (result !== "blocked") this.#missing.delete(entry.path);
      return result;
    } catch (error) {
      if (error instanceof NoAnswer || isDiskFull(error)) throw error;
      const { message, code } = toFailure(error);
      log("file-not-pulled", { project: this.#projectID, path: entry.path, code, message });
      this.#missing.set(entry.path, message.slice(0, 500));
      return "missing";
    }
  }

  /** Brings one path to what the store holds, as far as the workspace has not changed it too. */
  async #take(api: SyncAPI, entry: StoreEntry, mayMove: boolean): Promise<"done" | "blocked" | "conflict"> {
    this.#refused.delete(entry.path);
    for (let attempt = 0; attempt < 20; attempt++) {
      const result =
        entry.type === "file"
          ? await this.#takeFile(api, entry, mayMove)
          : entry.type === "folder"
            ? this.#takeFolder(entry.path, mayMove)
            : this.#takeGone(entry.path);
      if (result !== "changed") return result;
      // A program writes to it all the time.
      await sleep(timestampMs);
    }
    throw new Failure("sync_failed", `"${entry.path}" is being written to.`);
  }

  async #takeFile(
    api: SyncAPI,
    entry: StoreFile,
    mayMove: boolean,
  ): Promise<"done" | "blocked" | "changed" | "conflict"> {
    const { path, hash, mode } = entry;
    const base = this.#base.files.get(path);
    if (base?.hash === hash && base.mode === mode) return "done";
    const local = await this.#settledFile(path);
    if (!local && statOf(this.#folder, path)) return this.#makeWay(entry, mayMove);
    // Removed here, and not edited there: the removal is still to be pushed.
    if (!local && base?.hash === hash) return "conflict";
    if (local?.hash === hash) {
      if (local.mode !== mode && local.mode === base?.mode) this.#writer.setMode(path, mode);
      this.#base.set(path, { hash, mode });
      return "done";
    }
    const bytes = await api.contentOf(entry);
    const isOurs = local !== undefined && (local.hash !== base?.hash || local.mode !== base.mode);
    if (!isOurs) {
      const result = this.#writer.put(path, bytes, mode, local?.stat);
      if (result === "blocked") return this.#makeWay(entry, mayMove);
      if (result === "done") this.#base.set(path, { hash, mode }, bytes);
      return result;
    }
    const merged = this.#merged(path, base?.hash, local.hash, bytes);
    if (merged !== undefined) {
      const result = this.#writer.put(path, merged, local.mode === base?.mode ? mode : local.mode, local.stat);
      if (result === "done") this.#base.set(path, { hash, mode }, bytes);
      return result === "done" ? "conflict" : "changed";
    }
    this.#moveAside(path);
    return "changed";
  }

  /** Something else than a file is where one has to be, or where its folder has to be. */
  #makeWay({ path }: { path: string }, mayMove: boolean): "blocked" | "changed" {
    if (!mayMove) return "blocked";
    this.#moveAside(path);
    return "changed";
  }

  #takeFolder(path: string, mayMove: boolean): "done" | "blocked" | "changed" {
    // Removed here: that is still to be pushed.
    if (this.#base.folders.has(path)) return "done";
    const result = this.#writer.makeFolder(path);
    if (result === "done") {
      this.#base.addFolder(path);
      return "done";
    }
    // A file of that name that the store no longer has goes with its own line; one of ours gets another name.
    const isOurs = !this.#base.files.has(path);
    return isOurs || mayMove ? this.#makeWay({ path }, true) : "blocked";
  }

  #takeGone(path: string): "done" | "changed" | "conflict" {
    if (this.#base.folders.has(path)) {
      this.#writer.removeFolder(path);
      this.#base.drop(path);
      return "done";
    }
    const base = this.#base.files.get(path);
    if (!base) return "done";
    const local = this.#scanner.file(path);
    // Only its mode may be another: that is no edit, and the store takes a removal from here by the same rule.
    if (local && local.hash === base.hash) {
      const result = this.#writer.remove(path, local.stat, (folder) => this.#base.folders.has(folder));
      if (result !== "done") return "changed";
    }
    this.#base.drop(path);
    // Edited here: the edit wins, and is pushed as a new file.
    return local && local.hash !== base.hash ? "conflict" : "done";
  }

  /** A file, once its timestamp tells a later change from this one. */
  async #settledFile(path: string): Promise<ReturnType<Scanner["file"]>> {
    const file = this.#scanner.file(path);
    if (!file || Date.now() - Math.max(file.stat.mtimeMs, file.stat.ctimeMs) >= timestampMs) return file;
    await sleep(timestampMs);
    return this.#scanner.file(path);
  }

  /** Both changed it: merged, where both are texts with a common base, and do not touch the same lines. */
  #merged(path: string, base: string | undefined, local: string, theirs: Buffer): Buffer | undefined {
    const before = base === undefined ? undefined : this.#base.text(base);
    if (before === undefined || theirs.length > maxMergedBytes) return undefined;
    const { bytes } = readFile(this.#folder, path, maxSyncedBytes);
    if (bytes.length > maxMergedBytes || hashOf(bytes) !== local) return undefined;
    const [ours, others] = [textOf(bytes), textOf(theirs)];
    const merged = ours === undefined || others === undefined ? undefined : mergeTexts(before, ours, others);
    return merged === undefined ? undefined : Buffer.from(merged);
  }

  #moveAside(path: string): void {
    this.#writer.moveAside(path, conflictTime(new Date()));
  }

  // From the workspace to the store.

  async #push(api: SyncAPI): Promise<{ mustPull: boolean; mustScan: boolean }> {
    const scan = await this.#scanner.scan(this.#base);
    const hasNewFolders = this.#watcher.update(scan.folders);
    this.#localOnly = scan.localOnly;
    this.#conflicts = [...scan.files.keys()].filter(isConflict);
    for (const path of this.#refused.keys())
      if (!scan.files.has(path) && !scan.folders.has(path)) this.#refused.delete(path);
    const changes = changesOf(scan, this.#base).filter((change) => !this.#isRefused(change));
    if (changes.length === 0) return { mustPull: false, mustScan: hasNewFolders };
    this.#pending = changes.length;
    this.#tell("pushing");
    const known = new Set([...this.#base.files.values()].map(({ hash }) => hash));
    let isStale = false;
    let batch: Item[] = [];
    let size = 0;
    const send = async () => {
      if (batch.length > 0) isStale = (await this.#send(api, batch)) || isStale;
      this.#pending -= batch.length;
      [batch, size] = [[], 0];
    };
    try {
      for (const change of changes) {
        const item = this.#read(change, known);
        if (!item) continue;
        if (!fits(batch.length, size, sizeOf(item.sent))) await send();
        batch.push(item);
        size += sizeOf(item.sent);
      }
      await send();
    } catch (error) {
      if (error instanceof ReloadRequired) return { mustPull: true, mustScan: true };
      throw error;
    }
    return { mustPull: false, mustScan: isStale || hasNewFolders };
  }

  #isRefused(change: Change): boolean {
    return this.#refused.get(change.path)?.version === versionOf(change);
  }

  /** A change as it is sent; undefined when the file has changed since the scan: the next one finds it. */
  #read(change: Change, known: ReadonlySet<string>): Item | undefined {
    if (change.op !== "put") return { change, sent: change };
    let bytes: Buffer;
    try {
      ({ bytes } = readFile(this.#folder, change.path, maxSyncedBytes));
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
    if (hashOf(bytes) !== change.file.hash) return undefined;
    return { change, sent: withContent(change, bytes, known.has(change.file.hash)), bytes };
  }

  /** Whether something has to be compared again. */
  async #send(api: SyncAPI, batch: readonly Item[]): Promise<boolean> {
    const sent = batch.map((each) => each.sent);
    const reply = await api.push(this.#base.gen, sent).catch((error: unknown) => {
      if (error instanceof Rejected) return error;
      throw error;
    });
    if (reply instanceof Rejected) return this.#sendApart(api, batch, reply);
    const { results } = reply;
    let isStale = false;
    const again: Item[] = [];
    for (const [at, { change, sent, bytes }] of batch.entries()) {
      const result = results[at];
      if (!result) continue;
      if (result.status === "unknown" && change.op === "put" && bytes) {
        if (result.upload !== undefined) await api.upload(result.upload, bytes);
        const isSent = sent.op === "put" && (sent.text !== undefined || sent.data !== undefined);
        if (result.upload === undefined && isSent)
          throw new Failure("sync_failed", "The store asks for what it was sent.");
        again.push({ change, sent: result.upload === undefined ? withContent(change, bytes, false) : sent, bytes });
      } else isStale = (await this.#settle(api, change, result, bytes)) || isStale;
    }
    return again.length > 0 ? (await this.#send(api, again)) || isStale : isStale;
  }

  /** One change that the store does not accept at all must not hold up the others. */
  async #sendApart(api: SyncAPI, batch: readonly Item[], { message }: Rejected): Promise<boolean> {
    const [first] = batch;
    if (first && batch.length === 1) {
      this.#refused.set(first.change.path, { version: versionOf(first.change), reason: message });
      return false;
    }
    const half = Math.ceil(batch.length / 2);
    const isStale = await this.#send(api, batch.slice(0, half));
    return (await this.#send(api, batch.slice(half))) || isStale;
  }

  async #settle(api: SyncAPI, change: Change, result: PushResult, bytes: Buffer | undefined): Promise<boolean> {
    if (result.status === "applied") {
      if (change.op === "put") this.#base.set(change.path, change.file, bytes);
      else if (change.op === "folder") this.#base.addFolder(change.path);
      else this.#base.drop(change.path);
      return false;
    }
    if (result.status === "refused") {
      this.#refused.set(change.path, { version: versionOf(change), reason: result.message });
      return false;
    }
    if (result.status !== "stale") return true;
    const taken = await this.#tryTake(api, result.current, true);
    if (taken !== "missing") return true;
    // Sent again, it would be as stale again. Bringing in the store's version comes first.
    const reason = this.#missing.get(change.path) ?? "";
    this.#refused.set(change.path, { version: versionOf(change), reason });
    return false;
  }
}

interface Page {
  lines: PullLine[];
  /** Why it broke off: it has no end then, and what came before is of use. */
  error?: unknown;
}

async function pageOf(lines: AsyncIterable<PullLine>): Promise<Page> {
  const page: Page = { lines: [] };
  try {
    for await (const line of lines) page.lines.push(line);
  } catch (error) {
    page.error = error;
  }
  return page;
}

function versionOf(change: Change): string {
  return change.op === "put" ? `${change.file.hash} ${change.file.mode}` : change.op;
}
