import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Notice, SyncState } from "@slipway/contract/sandbox";
import type { z } from "zod";
import type { CommandRequest, OpenRequest, SnapshotReply, SyncRequest } from "../src/protocol.ts";
import type { Activity } from "./activity.ts";
import { Commands } from "./commands.ts";
import type { Command, Place } from "./command.ts";
import type { Config } from "./config.ts";
import { environmentFor, plainOutput, terminalOutput } from "./environment.ts";
import { Failure, toFailure } from "./failure.ts";
import { fetcher, type Fetch } from "./fetch.ts";
import { log } from "./log.ts";
import type { OwnedTree } from "./ports.ts";
import { resolveFolder } from "./files.ts";
import { notKeptMessage } from "./not-kept.ts";
import { restore } from "./restore.ts";
import { snapshot } from "./snapshot.ts";
import { Sync } from "./sync/sync.ts";
import type { Terminal } from "./terminal.ts";
import { Terminals } from "./terminals.ts";

/** A project in this sandbox: its folder, what runs in it, and its exchange with the store. */
export class Project {
  readonly id: string;
  readonly folder: string;
  readonly commands: Commands;
  readonly terminals: Terminals;
  readonly sync: Sync;
  readonly uid: number | undefined;
  readonly #config: Config;
  readonly #activity: Activity;
  readonly #state: string;
  /** The workspace is here already, with what the last snapshot holds: an earlier runner was killed. */
  readonly #isRestored: boolean;
  /** Where the user of this workspace is at home, if it has one of its own. */
  readonly #home: string | undefined;
  readonly #fetch: Fetch;
  /** Null for good: nothing is to be kept. */
  #snapshotTo: string | null | undefined;
  readonly #keeping = new AbortController();
  #packed: Promise<unknown> | undefined;
  #app: string | undefined;
  #restored: Promise<void> | undefined;
  #restoreError: string | null = null;
  #notices: readonly Notice[] = [];

  constructor(options: {
    id: string;
    config: Config;
    activity: Activity;
    uid: number | undefined;
    onChange: () => void;
  }) {
    const { id, config, activity, uid } = options;
    this.id = id;
    this.uid = uid;
    this.#config = config;
    this.#activity = activity;
    this.folder = join(config.workspaces, id);
    const state = join(config.state, id);
    this.#state = state;
    this.#isRestored = existsSync(join(state, restoredMark));
    this.#fetch = fetcher(config.egressSocket);
    makeOwn(this.folder, uid);
    this.#home = uid === undefined ? undefined : join(config.workspaces, ".home", id);
    if (this.#home !== undefined) makeOwn(this.#home, uid);
    mkdirSync(state, { recursive: true, mode: 0o700 });
    utimesSync(state, new Date(), new Date());
    this.sync = new Sync({
      projectID: id,
      folder: this.folder,
      state: join(state, "sync"),
      incoming: join(config.workspaces, ".slipway", id),
      owner: uid,
      egressSocket: config.egressSocket,
      onChange: options.onChange,
    });
    const onChange = () => {
      this.sync.look();
      options.onChange();
    };
    this.commands = new Commands({ folder: join(state, "output"), activity, onChange });
    this.terminals = new Terminals({ activity, onChange: options.onChange });
  }

  async open(request: z.output<typeof OpenRequest>): Promise<SyncState> {
    // Renewing what it was given is no use of the sandbox: the control plane does that by itself.
    if (this.#snapshotTo === undefined && this.#app === undefined) this.#activity.touch();
    if (request.snapshotTo === null) await this.#keepNothing();
    this.#snapshotTo = this.#snapshotTo === null ? null : (request.snapshotTo ?? this.#snapshotTo);
    if (request.api) this.#app = new URL(request.api.url).origin;
    const pulled = request.api ? this.sync.open(request.api) : Promise.resolve();
    const { snapshot: from } = request;
    // A snapshot is older than a workspace that was left, and would bring back what was removed since.
    this.#restored ??=
      from === undefined || this.#isRestored ? Promise.resolve(this.#markRestored()) : this.#restoreAfter(pulled, from);
    if (request.wait) await Promise.all([pulled, this.#restored]);
    else pulled.catch(() => undefined);
    return this.info();
  }

  /** What is kept of it is about to be removed: once this has resolved, nothing more arrives there. */
  async #keepNothing(): Promise<void> {
    this.#snapshotTo = null;
    this.#keeping.abort();
    await this.#packed?.catch(() => undefined);
  }

  /** What the store has comes first: a snapshot replaces nothing. Without it the project works, and installs anew. */
  async #restoreAfter(pulled: Promise<void>, url: string): Promise<void> {
    try {
      await pulled.catch(() => undefined);
      await this.restore(url);
      this.#markRestored();
      // Unpushed edits that it brought back are tried again.
      this.sync.look();
    } catch (error) {
      const { code, message } = toFailure(error);
      log("restore-failed", { project: this.id, code });
      this.#restoreError = `The last snapshot could not be restored: ${message}`.slice(0, 500);
    }
  }

  #markRestored(): void {
    try {
      writeFileSync(join(this.#state, restoredMark), "");
    } catch (error) {
      log("mark-not-written", { project: this.id, code: toFailure(error).code });
    }
  }

  /** The app's origin. */
  get app(): string | undefined {
    return this.#app;
  }

  info(): SyncState {
    const state = this.sync.info();
    return { ...state, error: state.error ?? this.#restoreError };
  }

  /** Packs what the store does not hold. @throws Failure busy, refused, sync_failed, disk_full */
  async snapshot(url: string): Promise<SnapshotReply> {
    if (this.#snapshotTo === null) throw new Failure("refused", "Nothing is to be kept of this project.");
    return this.#packing(() =>
      snapshot({
        folder: this.folder,
        scratch: join(this.#state, "snapshot"),
        compare: (path) => this.sync.compare(path),
        fetch: this.#fetch,
        url,
        signal: this.#keeping.signal,
      }),
    );
  }

  /** Unpacks a snapshot. What is there already stays. @throws Failure busy, sync_failed, disk_full */
  async restore(url: string): Promise<SnapshotReply> {
    const { notKept, ...reply } = await this.#packing(() =>
      restore({ folder: this.folder, owner: this.uid, fetch: this.#fetch, url }),
    );
    const message = notKeptMessage(notKept);
    if (message !== undefined) this.#notices = [{ at: Date.now(), message: message.slice(0, 500) }];
    return reply;
  }

  /** What its person should know of it. */
  get notices(): readonly Notice[] {
    return this.#notices;
  }

  async #packing<T>(run: () => Promise<T>): Promise<T> {
    if (this.#packed) throw new Failure("busy", "A snapshot of this project is being packed or unpacked.");
    const release = this.#activity.keep();
    const packed = run().finally(() => {
      this.#packed = undefined;
      release();
    });
    this.#packed = packed;
    return packed;
  }

  async synchronise({ rev, api }: z.output<typeof SyncRequest>): Promise<SyncState> {
    if (api) this.sync.renew(api);
    await this.sync.settle(rev);
    return this.info();
  }

  run(request: z.output<typeof CommandRequest>): Command {
    return this.commands.start(request, async () => {
      if (request.rev !== undefined) await this.sync.pullTo(request.rev);
      await this.#restored;
      const cwd = resolveFolder(this.folder, request.cwd);
      return this.#place(request.call, cwd, { ...plainOutput, ...request.env });
    });
  }

  async openTerminal(id: string, size: { cols: number; rows: number }, cwd: string): Promise<Terminal> {
    return this.terminals.open(id, size, this.#place(id, resolveFolder(this.folder, cwd), terminalOutput));
  }

  #place(call: string, cwd: string, env: Record<string, string>): Place {
    const mark = `${this.id}/${call}`;
    const { folder, uid } = this;
    const user = uid === undefined ? "sandbox" : `workspace-${uid}`;
    const own = { mark, folder, user, home: this.#home ?? this.#config.environment.HOME };
    return { cwd, mark, uid, env: { ...environmentFor(this.#config, own), ...env } };
  }

  /** Everything that runs here, for finding out whose a process is. */
  trees(): OwnedTree[] {
    const projectID = this.id;
    return [
      ...this.commands.all().flatMap(({ tree, request }) => (tree ? [{ ...tree, projectID, call: request.call }] : [])),
      ...this.terminals.all().map(({ tree, id }) => ({ ...tree, projectID, call: id })),
    ];
  }

  /** What the server of a port wrote last: of the command that listened, else of the last one that named the port. */
  lastLines(port: number, call: string | null, count: number): string[] {
    const commands = this.commands.all().toReversed();
    const named = new RegExp(`:${port}\\b`);
    const found =
      commands.find(({ request }) => request.call === call) ??
      commands.find(({ output }) => output.lastLines(200).some((line) => named.test(line)));
    return found?.output.lastLines(count) ?? [];
  }

  /**
   * Ends what runs, pushes what is left, and takes a last snapshot where one was asked for. Once all of it is elsewhere its state
   * goes. State that is left says that the workspace is still needed.
   */
  async stop(): Promise<void> {
    await Promise.all([this.commands.killAll(), this.terminals.closeAll()]);
    await this.sync.close();
    // One that is under way may lack what has changed since.
    await this.#packed?.catch(() => undefined);
    const to = this.#snapshotTo;
    if (typeof to === "string")
      await this.snapshot(to).catch((error: unknown) => {
        if (this.#snapshotTo !== null) throw error;
      });
    removeState(this.#state);
  }

  /** Ends what runs and removes all of it. */
  async remove(): Promise<void> {
    await this.#keepNothing();
    await Promise.all([this.commands.killAll(), this.terminals.closeAll()]);
    await this.sync.close();
    removeFolders(this.#config, this.id);
  }
}

/** All that a project has on the disk. */
function removeFolders({ state, workspaces }: Config, id: string): void {
  const folders = [
    join(state, id),
    join(workspaces, id),
    join(workspaces, ".slipway", id),
    join(workspaces, ".home", id),
  ];
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** In two steps: half a state is never taken for one that was left. */
function removeState(state: string): void {
  const gone = join(dirname(state), `.gone-${basename(state)}`);
  renameSync(state, gone);
  rmSync(gone, { recursive: true, force: true });
}

/** In a project's state, once its workspace holds what the last snapshot does. */
const restoredMark = "restored";

/** A folder that only the workspace's own user may enter, where it has one. */
function makeOwn(folder: string, uid: number | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (uid === undefined) return;
  chownSync(folder, uid, uid);
  chmodSync(folder, 0o700);
}

/** Projects by id. One must be opened before anything happens in it. */
export class Projects {
  readonly #projects = new Map<string, Project>();
  /** Users of projects that were here, too: no other project takes theirs. */
  #users = 0;
  readonly #config: Config;
  readonly #activity: Activity;
  readonly #onChange: () => void;

  constructor(options: { config: Config; activity: Activity; onChange: () => void }) {
    this.#config = options.config;
    this.#activity = options.activity;
    this.#onChange = options.onChange;
  }

  all(): Project[] {
    return [...this.#projects.values()];
  }

  /** @throws Failure not_open */
  get(id: string): Project {
    const project = this.#projects.get(id);
    if (!project) throw new Failure("not_open", "The project is not open in this sandbox.");
    return project;
  }

  find(id: string): Project | undefined {
    return this.#projects.get(id);
  }

  /** `isNew`: what an earlier runner has left of it is not wanted. */
  ensure(id: string, isNew: boolean): Project {
    const before = this.#projects.get(id);
    if (before) return before;
    const { firstUID, state, workspaces } = this.#config;
    if (isNew) for (const folder of [state, workspaces]) rmSync(join(folder, id), { recursive: true, force: true });
    const project = new Project({
      id,
      config: this.#config,
      activity: this.#activity,
      uid: firstUID === undefined ? undefined : firstUID + this.#users++,
      onChange: this.#onChange,
    });
    this.#projects.set(id, project);
    return project;
  }

  /** The project is gone: nothing of it stays here, also if an earlier runner has left it. */
  async remove(id: string): Promise<void> {
    await this.#projects.get(id)?.remove();
    this.#projects.delete(id);
    removeFolders(this.#config, id);
    this.#onChange();
  }

  byUID(uid: number): string | undefined {
    return this.all().find((project) => project.uid === uid)?.id;
  }
}
