import { setTimeout as sleep } from "node:timers/promises";
import { VisibleError } from "@slipway/contract/error";
import { maxChanges, type FileChange, type FileEntry } from "@slipway/contract/file";
import { now } from "../clock/clock.ts";
import * as Connection from "../connection/connection.ts";
import { create as createID } from "../id/id.ts";
import * as Member from "../member/member.ts";
import { deleteItem, drain, putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { encodeText, store, type Encoded } from "./content.ts";
import { HeadEntity, LogEntity, MetaEntity, type LogEntry, type Version } from "./file.entity.ts";
import { ancestors, movedPath } from "./path.ts";

export interface Meta {
  path: string;
  fileID: string;
  hash: string;
  size: number;
  kind: "text" | "binary" | "folder";
  storage: "table" | "s3" | "none";
  mode: string;
  rev: number;
}
export interface Head {
  rev: number;
  gen: number;
  filling?: boolean;
}

/** A put whose content is stored already: a finished upload, or a file of a checkpoint. */
export type StoredPut = {
  op: "store";
  path: string;
  content: Omit<Meta, "path" | "fileID" | "rev">;
  /** As in `FileChange`; "any" replaces whatever file is there. */
  rev?: number | "any" | undefined;
};
export type Change = FileChange | StoredPut;

/** Someone else's item in the transaction refused it: `index` into `alongside`. */
export class CommitRefused extends Error {
  readonly index: number;
  constructor(index: number) {
    super("an item written alongside the commit refused it");
    this.index = index;
  }
}

export interface Alongside {
  items: readonly WriteItem[];
}

export interface Committed {
  rev: number;
  /** What was put, as it is now. */
  entries: FileEntry[];
}

const maxAttempts = 16;

/**
 * Writes changes as one transaction: the head by compare-and-set, each file under the revision its writer read, one log
 * row, and what is to be true together with them. Whoever loses the head to changes of other files tries again.
 * Three round trips: head, files, transaction. About 2 WCU a change, doubled as transactions are.
 * @throws VisibleError stale_revision, name_taken, not_found, too_many_changes; CommitRefused
 */
export async function commitChanges(options: {
  projectID: string;
  by: string;
  changes: readonly Change[];
  alongside?: readonly WriteItem[];
  /** Known from the same request. */
  head?: Head;
  /** Further items, which need to know the revision. */
  note?(rev: number): readonly WriteItem[];
}): Promise<Committed> {
  const { projectID, changes } = options;
  const alongside = options.alongside ?? [];
  refuseRepeats(changes);
  const contents = new Map<string, Encoded>();
  for (const change of changes) if (change.op === "put") contents.set(change.path, encodeText(change.content));
  const storing = store(projectID, [...contents.values()]);
  let head = options.head;
  for (let attempt = 0; ; attempt++) {
    [head] = await Promise.all([head ?? readHead(projectID), storing]);
    if (head.filling)
      throw new VisibleError("conflict", "The project is being imported. Wait until that has finished.");
    const plan = await planWrites(projectID, head, changes, contents);
    if (plan.entries.length === 0 && alongside.length === 0) return { rev: head.rev, entries: plan.unchanged };
    const rev = head.rev + 1;
    const at = head;
    const items = [
      updateItem(
        HeadEntity.patch({ projectID })
          .set({ rev })
          .where(
            (attribute, operation) =>
              `${operation.eq(attribute.rev, at.rev)} AND ${operation.eq(attribute.gen, at.gen)}`,
          ),
      ),
      putItem(LogEntity.create({ projectID, rev, at: now(), by: options.by, entries: plan.entries })),
      ...plan.items(rev),
      ...(options.note?.(rev) ?? []),
    ];
    const written = await transact([...items, ...alongside]);
    if (written.ok) {
      await announce(projectID, rev);
      const put = plan.entries.flatMap(({ path, op, kind = "text", size = 0 }) =>
        op === "put" ? [{ path, kind, size, rev }] : [],
      );
      return { rev, entries: [...put, ...plan.unchanged] };
    }
    const refused = written.failed.find((index) => index >= items.length);
    if (refused !== undefined) throw new CommitRefused(refused - items.length);
    if (attempt === maxAttempts) throw new VisibleError("busy", "Many changes arrive at once. Try again.");
    head = undefined;
    await sleep(Math.random() * Math.min(400, 8 * 2 ** attempt));
  }
}

export async function announce(projectID: string, rev: number): Promise<void> {
  await Promise.all([
    Member.touch(projectID),
    Connection.broadcast(projectID, { type: "files-changed", projectId: projectID, rev }),
  ]);
}

export async function readHead(projectID: string): Promise<Head> {
  const { data } = await HeadEntity.get({ projectID }).go({ consistent: true });
  if (!data) throw new VisibleError("not_found", "There is no such project.");
  return { rev: data.rev, gen: data.gen, ...(data.filling ? { filling: true } : {}) };
}

interface Plan {
  entries: LogEntry[];
  /** Puts of what was there already. */
  unchanged: FileEntry[];
  items(rev: number): WriteItem[];
}

/** Holds the changes against what is there, and says what to write. */
async function planWrites(
  projectID: string,
  head: Head,
  changes: readonly Change[],
  contents: ReadonlyMap<string, Encoded>,
): Promise<Plan> {
  const there = await readState(projectID, head.gen, changes);
  const puts = new Map<string, { meta: Omit<Meta, "rev">; from?: string; before: Meta | undefined }>();
  const gone = new Map<string, Meta>();
  const unchanged: FileEntry[] = [];

  for (const change of changes) {
    const existing = there.metas.get(change.path);
    switch (change.op) {
      case "put":
      case "store": {
        requireRevision(change.path, change.rev, existing, there.holds(change.path));
        const content = change.op === "store" ? change.content : fromEncoded(contents.get(change.path), existing);
        if (existing?.hash === content.hash && existing.kind === content.kind && existing.mode === content.mode) {
          unchanged.push(serializeEntry(existing));
          break;
        }
        puts.set(change.path, {
          meta: { path: change.path, fileID: existing?.fileID ?? createID("file"), ...content },
          before: existing,
        });
        break;
      }
      case "folder":
        if (existing || there.holds(change.path)) throw taken(change.path);
        puts.set(change.path, { meta: folderMeta(change.path), before: undefined });
        break;
      case "delete": {
        if (change.rev !== undefined) requireRevision(change.path, change.rev, existing, false);
        const found = there.under(change.path);
        if (found.length === 0) throw missing(change.path);
        for (const meta of found) gone.set(meta.path, meta);
        break;
      }
      case "copy": {
        const found = there.under(change.path);
        if (found.length === 0) throw missing(change.path);
        if (there.metas.has(change.to) || there.holds(change.to)) throw taken(change.to);
        for (const meta of found) {
          const to = movedPath(meta.path, change.path, change.to);
          puts.set(to, { meta: { ...meta, path: to, fileID: createID("file") }, before: undefined });
        }
        break;
      }
      case "move": {
        if (change.rev !== undefined) requireRevision(change.path, change.rev, existing, false);
        const found = there.under(change.path);
        if (found.length === 0) throw missing(change.path);
        if (change.to === change.path) break;
        if (change.to.startsWith(`${change.path}/`)) {
          throw new VisibleError("invalid_path", "A folder cannot be moved into itself.", { path: change.to });
        }
        if (there.metas.has(change.to) || there.holds(change.to)) throw taken(change.to);
        for (const meta of found) {
          gone.set(meta.path, meta);
          const to = movedPath(meta.path, change.path, change.to);
          puts.set(to, { meta: { ...meta, path: to }, from: meta.path, before: undefined });
        }
        break;
      }
    }
  }

  // A name is a file or a folder, never both: whatever is put must not lie below a file that stays.
  for (const path of puts.keys()) {
    for (const parent of ancestors(path)) {
      const meta = puts.get(parent)?.meta ?? (gone.has(parent) ? undefined : there.metas.get(parent));
      if (meta && meta.kind !== "folder") throw taken(parent);
    }
  }
  if (puts.size + gone.size > maxChanges) {
    throw new VisibleError(
      "too_many_changes",
      `One commit takes ${maxChanges} changes; this would be ${puts.size + gone.size}.`,
    );
  }
  const removed = [...gone.values()].filter((meta) => !puts.has(meta.path));
  return {
    entries: [
      ...removed.map((meta): LogEntry => ({ path: meta.path, op: "delete", before: versionOf(meta) })),
      ...[...puts.values()].map(({ meta, from, before }): LogEntry => {
        const old = before ?? gone.get(meta.path);
        return {
          path: meta.path,
          op: "put",
          ...versionOf(meta),
          ...(from ? { from } : {}),
          ...(old ? { before: versionOf(old) } : {}),
        };
      }),
    ],
    unchanged,
    items: (rev) => [
      ...removed.map((meta) =>
        deleteItem(
          MetaEntity.remove({ projectID, gen: head.gen, path: meta.path }).where((attribute, operation) =>
            operation.eq(attribute.rev, meta.rev),
          ),
        ),
      ),
      ...[...puts.values()].map(({ meta, before }) => {
        const row = { ...meta, projectID, gen: head.gen, rev };
        const old = before ?? gone.get(meta.path);
        return old
          ? putItem(MetaEntity.put(row).where((attribute, operation) => operation.eq(attribute.rev, old.rev)))
          : putItem(MetaEntity.create(row));
      }),
    ],
  };
}

interface State {
  metas: Map<string, Meta>;
  /** Whether anything lies below the path. */
  holds(path: string): boolean;
  /** The file or folder itself and all below it. */
  under(path: string): Meta[];
}

/** What is at the paths, above them, and below those that are or may become folders. */
async function readState(projectID: string, gen: number, changes: readonly Change[]): Promise<State> {
  const paths = new Set<string>();
  const folders = new Map<string, "one" | "all">();
  for (const change of changes) {
    const hasTarget = change.op === "move" || change.op === "copy";
    const targets = hasTarget ? [change.path, change.to] : [change.path];
    for (const path of targets) for (const each of [path, ...ancestors(path)]) paths.add(each);
    if (change.op === "delete" || hasTarget) folders.set(change.path, "all");
    // Only what may be new can collide with a folder that has no row of its own.
    if (change.op === "folder" || ((change.op === "put" || change.op === "store") && typeof change.rev !== "number")) {
      if (!folders.has(change.path)) folders.set(change.path, "one");
    }
    if (hasTarget && !folders.has(change.to)) folders.set(change.to, "one");
  }
  const keys = [...paths].map((path) => ({ projectID, gen, path }));
  const below = new Map<string, Meta[]>();
  const [found] = await Promise.all([
    drain(keys, 100, (part) => MetaEntity.get(part).go({ consistent: true })),
    ...[...folders].map(async ([path, want]) => {
      const query = MetaEntity.query.byPath({ projectID, gen }).begins({ path: `${path}/` });
      const limit = want === "one" ? 1 : maxChanges + 1;
      const { data } = await query.go({ consistent: true, limit, pages: want === "one" ? 1 : "all" });
      below.set(path, data);
    }),
  ]);
  const metas = new Map<string, Meta>(found.map((meta) => [meta.path, meta]));
  return {
    metas,
    holds: (path) => (below.get(path)?.length ?? 0) > 0,
    under(path) {
      const self = metas.get(path);
      return [...(self ? [self] : []), ...(below.get(path) ?? [])];
    },
  };
}

function requireRevision(
  path: string,
  expected: number | "any" | undefined,
  existing: Meta | undefined,
  isFolder: boolean,
): void {
  if (isFolder || existing?.kind === "folder") throw taken(path);
  if (expected === "any" || existing?.rev === expected) return;
  const current = existing ? serializeEntry(existing) : null;
  const message = existing
    ? expected === undefined
      ? `"${path}" is there already.`
      : `"${path}" was changed in the meantime.`
    : `"${path}" was deleted in the meantime.`;
  throw new VisibleError("stale_revision", message, { path, current });
}

function taken(path: string): VisibleError {
  return new VisibleError("name_taken", `There is already something named "${path}".`, { path });
}

function missing(path: string): VisibleError {
  return new VisibleError("not_found", `There is no "${path}".`, { path });
}

function refuseRepeats(changes: readonly Change[]): void {
  if (changes.length > maxChanges) {
    throw new VisibleError("too_many_changes", `One commit takes ${maxChanges} changes; this has ${changes.length}.`);
  }
  const seen = new Set<string>();
  for (const change of changes) {
    for (const path of "to" in change ? [change.path, change.to] : [change.path]) {
      if (seen.has(path))
        throw new VisibleError("invalid_input", `"${path}" is changed twice in one commit.`, { path });
      seen.add(path);
    }
  }
}

function fromEncoded(content: Encoded | undefined, existing: Meta | undefined): StoredPut["content"] {
  if (content === undefined) throw new Error("a put without content");
  const { hash, size, kind, storage } = content;
  return { hash, size, kind, storage, mode: existing?.mode ?? "100644" };
}

function folderMeta(path: string): Omit<Meta, "rev"> {
  return { path, fileID: createID("file"), hash: "", size: 0, kind: "folder", storage: "none", mode: "040000" };
}

export function versionOf({ hash, size, kind, storage, mode }: Version): Version {
  return { hash, size, kind, storage, mode };
}

export function serializeEntry({ path, kind, size, rev }: Meta): FileEntry {
  return { path, kind, size, rev };
}
