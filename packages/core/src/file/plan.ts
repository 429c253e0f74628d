import { VisibleError } from "@slipway/contract/error";
import type { FileChange, FileEntry } from "@slipway/contract/file";
import { create as createID } from "../id/id.ts";
import { deleteItem, drain, putItem, type WriteItem } from "../table/table.ts";
import type { Encoded } from "./content.ts";
import { MetaEntity, type LogEntry, type Version } from "./file.entity.ts";
import { refuseTwins } from "./lookalike.ts";
import { ancestors, movedPath, normalisePath } from "./path.ts";

/** One commit's changes, checked against what the project holds, as rows to write and lines to log. */

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

/** Changes that only the server makes. The last three touch one row each, never what lies below it. */
export type ServerChange =
  /** A put whose content is stored already: a finished upload, or a version from the log. "any" replaces any file. */
  | { op: "store"; path: string; content: Omit<Meta, "path" | "fileID" | "rev">; rev?: number | "any" | undefined }
  /** A put that is merged with what others wrote since `rev`. */
  | { op: "merge"; path: string; content: string; rev: number }
  | { op: "unlink"; path: string; rev: number }
  | { op: "rename"; path: string; to: string; rev: number }
  /** Refused when the folder still holds anything after this commit. */
  | { op: "rmdir"; path: string };
export type Change = FileChange | ServerChange;
/** A change as a commit plans it: merges have become puts. */
export type PlannedChange = Exclude<Change, { op: "merge" }>;

export interface Plan {
  entries: LogEntry[];
  /** Puts that match what is stored; they write nothing. */
  unchanged: FileEntry[];
  items(rev: number): WriteItem[];
}

/** The paths that a change names. */
export function pathsOf(change: Change): string[] {
  return "to" in change ? [change.path, change.to] : [change.path];
}

interface Put {
  meta: Omit<Meta, "rev">;
  from?: string;
  before: Meta | undefined;
}

/**
 * Plans one commit. Changes are a set: puts are checked against the state after the commit's own deletes and moves, so
 * a file may replace a folder that the same commit empties. Two round trips at once: rows, and what folders hold.
 * @throws VisibleError stale_revision, name_taken, lookalike_name, not_found, invalid_path
 */
export async function planWrites(
  at: { projectID: string; gen: number },
  changes: readonly PlannedChange[],
  contents: ReadonlyMap<string, Encoded>,
): Promise<Plan> {
  const state = await readState(at, changes);
  const gone = new Map<string, Meta>();
  const puts = new Map<string, Put>();
  const unchanged: FileEntry[] = [];

  for (const change of changes) {
    if (change.op === "delete" || change.op === "move") {
      if (change.rev !== undefined) requireRevision(change.path, change.rev, state.metas.get(change.path));
      for (const meta of state.existing(change.path)) gone.set(meta.path, meta);
    }
    const row = state.metas.get(change.path);
    if (change.op === "unlink" || change.op === "rename") {
      requireRevision(change.path, change.rev, row);
      if (row) gone.set(row.path, row);
    }
    if (change.op === "rmdir" && row?.kind === "folder") gone.set(row.path, row);
  }
  const remains = (path: string) => (gone.has(path) ? undefined : state.metas.get(path));
  const holds = (path: string) => state.below(path).some((meta) => !gone.has(meta.path));

  for (const change of changes) {
    switch (change.op) {
      case "delete":
      case "unlink":
        break;
      case "rmdir":
        if (holds(change.path)) throw taken(change.path);
        break;
      case "put":
      case "store": {
        const existing = remains(change.path);
        if (holds(change.path) || existing?.kind === "folder") throw taken(change.path);
        requireRevision(change.path, change.rev, existing);
        const content = change.op === "store" ? change.content : contentOf(contents.get(change.path), existing);
        if (existing?.hash === content.hash && existing.kind === content.kind && existing.mode === content.mode) {
          unchanged.push(toEntry(existing));
          break;
        }
        const fileID = existing?.fileID ?? createID("file");
        puts.set(change.path, { meta: { path: change.path, fileID, ...content }, before: existing });
        break;
      }
      case "folder":
        if (remains(change.path) || holds(change.path)) throw taken(change.path);
        puts.set(change.path, { meta: folderMeta(change.path), before: undefined });
        break;
      case "copy":
      case "move":
      case "rename": {
        if (change.to === change.path) break;
        if (change.op !== "copy" && change.to.startsWith(`${change.path}/`))
          throw new VisibleError("invalid_path", "A folder cannot be moved into itself.", { path: change.to });
        if (remains(change.to) || holds(change.to)) throw taken(change.to);
        const own = state.metas.get(change.path);
        for (const meta of change.op === "rename" ? (own ? [own] : []) : state.existing(change.path)) {
          // A path that was legal below the old folder can be too long below the new one.
          const to = normalisePath(movedPath(meta.path, change.path, change.to));
          puts.set(
            to,
            change.op === "copy"
              ? { meta: { ...meta, path: to, fileID: createID("file") }, before: undefined }
              : { meta: { ...meta, path: to }, from: meta.path, before: undefined },
          );
        }
        break;
      }
    }
  }

  // What is put from the log or by a sync was there in this form before.
  const named = changes.filter(({ op }) => op === "put" || op === "folder" || op === "copy" || op === "move");
  const fresh = named.map((change) => ("to" in change ? change.to : change.path));
  await refuseTwins(
    at,
    fresh.filter((path) => state.metas.get(path) === undefined),
    (path) => gone.has(path) || state.below(path).some((meta) => gone.has(meta.path)),
  );

  // A name is a file or a folder, never both: no put may lie below a file that remains.
  for (const path of puts.keys()) {
    for (const parent of ancestors(path)) {
      const meta = puts.get(parent)?.meta ?? remains(parent);
      if (meta && meta.kind !== "folder") throw taken(parent);
    }
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
          MetaEntity.remove({ ...at, path: meta.path }).where((attribute, operation) =>
            operation.eq(attribute.rev, meta.rev),
          ),
        ),
      ),
      ...[...puts.values()].map(({ meta, before }) => {
        const row = { ...meta, ...at, rev };
        const old = before ?? gone.get(meta.path);
        return old
          ? putItem(MetaEntity.put(row).where((attribute, operation) => operation.eq(attribute.rev, old.rev)))
          : putItem(MetaEntity.create(row));
      }),
    ],
  };
}

interface State {
  metas: ReadonlyMap<string, Meta>;
  /** What lies below a path, as far as this commit needs to know. */
  below(path: string): readonly Meta[];
  /** The file or folder itself and all below it. @throws VisibleError not_found */
  existing(path: string): Meta[];
}

/** Reads the rows at the paths and above them, and what lies below those that are or may become folders. */
async function readState(at: { projectID: string; gen: number }, changes: readonly PlannedChange[]): Promise<State> {
  const paths = new Set<string>();
  const wholes = new Set<string>();
  const names = new Set<string>();
  let leaving = 0;
  for (const change of changes) {
    for (const path of pathsOf(change)) for (const each of [path, ...ancestors(path)]) paths.add(each);
    if (["delete", "move", "unlink", "rename", "rmdir"].includes(change.op)) leaving++;
    if (["delete", "move", "copy"].includes(change.op)) wholes.add(change.path);
    if ("to" in change) names.add(change.to);
    // Only a path that may be new can collide with a folder that has no row of its own.
    const isKnown = (change.op === "put" || change.op === "store") && typeof change.rev === "number";
    if (["put", "store", "folder", "rmdir"].includes(change.op) && !isKnown) names.add(change.path);
  }
  const keys = [...paths].map((path) => ({ ...at, path }));
  const below = new Map<string, Meta[]>();
  const read = async (path: string, limit: number) => {
    const query = MetaEntity.query.byPath(at).begins({ path: `${path}/` });
    const { data } = await query.go({ consistent: true, limit, pages: "all" });
    below.set(path, data);
  };
  // One more than can leave in this commit: if all of them do, nothing is left.
  const enough = leaving === 0 ? 1 : maxRows + 1;
  /** New names of one folder: what is in that tells of all of them, unless it holds too much. */
  const readTogether = async (folder: string, inside: readonly string[]) => {
    const query = MetaEntity.query.byPath(at).begins({ path: `${folder}/` });
    const { data, cursor } = await query.go({ consistent: true, count: inside.length * rowsPerQuery });
    if (cursor !== null) return Promise.all(inside.map((path) => read(path, enough)));
    for (const path of inside)
      below.set(path, data.filter((meta) => meta.path.startsWith(`${path}/`)).slice(0, enough));
    return undefined;
  };
  const alone = [...names].filter((path) => !wholes.has(path));
  const byFolder = Map.groupBy(alone, (path) => path.slice(0, Math.max(0, path.lastIndexOf("/"))));
  const [found] = await Promise.all([
    drain(keys, 100, (part) => MetaEntity.get(part).go({ consistent: true })),
    ...[...wholes].map((path) => read(path, maxRows + 1)),
    ...[...byFolder].map(([folder, inside]) =>
      folder === "" || inside.length < fewInFolder
        ? Promise.all(inside.map((path) => read(path, enough)))
        : readTogether(folder, inside),
    ),
  ]);
  const metas = new Map<string, Meta>(found.map((meta) => [meta.path, meta]));
  return {
    metas,
    below: (path) => below.get(path) ?? [],
    existing(path) {
      const self = metas.get(path);
      const all = [...(self ? [self] : []), ...(below.get(path) ?? [])];
      if (all.length === 0) throw new VisibleError("not_found", `There is no "${path}".`, { path });
      return all;
    },
  };
}

/** Rows below a folder that are read at most: one commit cannot write more. */
const maxRows = 100;
/** From so many new names in a folder on, they are looked at together. */
const fewInFolder = 8;
/** Rows that cost what one query of nothing does, 0.5 RRU: a folder with more than that for each name is not read. */
const rowsPerQuery = 18;

function requireRevision(path: string, expected: number | "any" | undefined, existing: Meta | undefined): void {
  if (expected === "any" || existing?.rev === expected) return;
  const current = existing ? toEntry(existing) : null;
  const message = existing
    ? expected === undefined
      ? `"${path}" already exists.`
      : `"${path}" has changed since it was read.`
    : `"${path}" has been deleted.`;
  throw new VisibleError("stale_revision", message, { path, current });
}

function taken(path: string): VisibleError {
  return new VisibleError("name_taken", `"${path}" already exists.`, { path });
}

function contentOf(content: Encoded | undefined, existing: Meta | undefined): Omit<Meta, "path" | "fileID" | "rev"> {
  if (content === undefined) throw new Error("a put without content");
  const { hash, size, kind, storage, isScript } = content;
  return { hash, size, kind, storage, mode: existing?.mode ?? (isScript ? "100755" : "100644") };
}

function folderMeta(path: string): Omit<Meta, "rev"> {
  return { path, fileID: createID("file"), hash: "", size: 0, kind: "folder", storage: "none", mode: "040000" };
}

export function versionOf({ hash, size, kind, storage, mode }: Version): Version {
  return { hash, size, kind, storage, mode };
}

export function toEntry({ path, kind, size, rev }: Meta): FileEntry {
  return { path, kind, size, rev };
}
