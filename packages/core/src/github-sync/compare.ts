import type { SourceChange } from "@slipway/contract/github";
import type * as File from "../file/file.ts";
import type { Side } from "./merge-trees.ts";
import { isFile, type SyncedEntry } from "./synced-tree.ts";

/** How the project and a commit differ. Contents are compared by the hashes that both sides already have. */

export interface Local {
  metas: Map<string, File.Meta>;
  /** The last common state, by path. */
  base: ReadonlyMap<string, SyncedEntry>;
}

export function localOf(metas: readonly File.Meta[], tree: readonly SyncedEntry[]): Local {
  return {
    metas: new Map(metas.filter(({ kind }) => kind !== "folder").map((meta) => [meta.path, meta])),
    base: new Map(tree.map((entry) => [entry.path, entry])),
  };
}

/** Paths that the project has changed since, including files that replaced a link. */
export function changedPaths({ metas, base }: Local): string[] {
  const changed: string[] = [];
  for (const [path, meta] of metas) if (!isUnchanged(meta, base.get(path))) changed.push(path);
  for (const [path, entry] of base) if (isFile(entry) && !metas.has(path)) changed.push(path);
  return changed.sort();
}

export function isUnchanged(meta: File.Meta | undefined, entry: SyncedEntry | undefined): boolean {
  if (entry === undefined || !isFile(entry)) return meta === undefined;
  return meta !== undefined && meta.hash === entry.content?.hash && gitMode(meta) === gitMode(entry);
}

/** The mode of a project file. Old repositories hold 100664, which git now treats as 100644. */
export function gitMode({ mode }: { mode: string }): string {
  return mode === "100755" ? "100755" : "100644";
}

/**
 * The changes to show, with renames detected as a deleted file whose bytes appear elsewhere. `upstream` is the tree of
 * the latest pull: a file equal to it is not a change.
 */
export function describeChanges(local: Local, upstream?: ReadonlyMap<string, SyncedEntry>): SourceChange[] {
  const { metas, base } = local;
  const paths = changedPaths(local).filter((path) => !upstream || !isUnchanged(metas.get(path), upstream.get(path)));
  const gone = new Map<string, string[]>();
  for (const path of paths) {
    const hash = base.get(path)?.content?.hash;
    if (!metas.has(path) && hash !== undefined && (base.get(path)?.size ?? 0) > 0)
      gone.set(hash, [...(gone.get(hash) ?? []), path]);
  }
  const renamedFrom = new Map<string, string>();
  const moved = new Set<string>();
  for (const path of paths) {
    const meta = metas.get(path);
    if (!meta || base.has(path)) continue;
    const from = gone.get(meta.hash)?.shift();
    if (from === undefined) continue;
    renamedFrom.set(path, from);
    moved.add(from);
  }
  return paths.flatMap((path): SourceChange[] => {
    if (moved.has(path)) return [];
    const meta = metas.get(path);
    const entry = base.get(path);
    const kind = meta?.kind ?? entry?.content?.kind ?? "text";
    const from = renamedFrom.get(path);
    if (from !== undefined) return [{ path, status: "renamed", kind, from }];
    if (!meta) return [{ path, status: "deleted", kind }];
    return [{ path, status: entry && isFile(entry) ? "modified" : "added", kind }];
  });
}

/** A project file as an entry of a commit. */
export function entryOf(
  { path, size, hash, kind, storage }: File.Meta,
  { sha, mode, isCleaned }: { sha: string; mode: string; isCleaned: boolean },
): SyncedEntry {
  return { path, mode, sha, size, content: { hash, size, kind, storage }, ...(isCleaned ? { isCleaned } : {}) };
}

/** What one side did to a path, as a verb. */
export function verb(before: Side, after: Side): string {
  if (before === undefined) return after === undefined ? "nothing" : "added";
  if (after === undefined) return "deleted";
  return before.sha === after.sha ? "changed the mode of" : "changed";
}
