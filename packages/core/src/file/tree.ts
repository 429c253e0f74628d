import { drain } from "../table/table.ts";
import { MetaEntity } from "./file.entity.ts";
import { ancestors } from "./path.ts";
import type { Change, Meta } from "./plan.ts";

/** The rows of a project as they are now, for plans that touch many paths. */
export interface Tree {
  at(path: string): Meta | undefined;
  /** Everything below a folder, in order of paths. */
  below(path: string): readonly Meta[];
}

/** Up to this many paths are looked up one by one; beyond, listing the whole project costs less. */
const fewPaths = 20;

/** Reads what a plan for these paths needs. 27 RRU per 1,000 files when it lists them all. */
export async function readTree(projectID: string, gen: number, paths: readonly string[]): Promise<Tree> {
  if (paths.length > fewPaths) return treeOf(await listMetas(projectID, gen));
  const wanted = new Set(paths.flatMap((path) => [path, ...ancestors(path)]));
  const [rows, ...folders] = await Promise.all([
    versionsAt(projectID, gen, [...wanted]),
    ...paths.map((path) => listMetas(projectID, gen, path)),
  ]);
  const below = new Map(paths.map((path, index) => [path, folders[index] ?? []]));
  return { at: (path) => rows.get(path), below: (path) => below.get(path) ?? [] };
}

export function treeOf(metas: readonly Meta[]): Tree {
  const byPath = new Map(metas.map((meta) => [meta.path, meta]));
  // Sorted by code unit, so that everything below a folder is one run.
  const sorted = metas.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return {
    at: (path) => byPath.get(path),
    below(path) {
      const prefix = `${path}/`;
      let [low, high] = [0, sorted.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sorted[middle]?.path ?? "") < prefix) low = middle + 1;
        else high = middle;
      }
      let end = low;
      while (sorted[end]?.path.startsWith(prefix)) end++;
      return sorted.slice(low, end);
    },
  };
}

/** Every row of a project, or of what lies below a folder. */
export async function listMetas(projectID: string, gen: number, below?: string): Promise<Meta[]> {
  const query = MetaEntity.query.byPath({ projectID, gen });
  const inside = below === undefined ? query : query.begins({ path: `${below}/` });
  return (await inside.go({ pages: "all", consistent: true })).data;
}

/** Rows after a path, in the table's order. */
export async function metasAfter(projectID: string, gen: number, path: string, limit: number): Promise<Meta[]> {
  const query = MetaEntity.query.byPath({ projectID, gen });
  const { data } = await (path === "" ? query : query.gt({ path })).go({ count: limit, consistent: true });
  return data;
}

/** The row of one path. */
export async function rowAt(projectID: string, gen: number, path: string): Promise<Meta | undefined> {
  const { data } = await MetaEntity.get({ projectID, gen, path }).go({ consistent: true });
  return data ?? undefined;
}

/** The rows of paths; a path that holds nothing is absent. */
export async function versionsAt(projectID: string, gen: number, paths: readonly string[]): Promise<Map<string, Meta>> {
  const rows = await drain(
    paths.map((path) => ({ projectID, gen, path })),
    100,
    (part) => MetaEntity.get(part).go({ consistent: true }),
  );
  return new Map(rows.map((row) => [row.path, row]));
}

/**
 * Orders deletes and puts of single paths so that they apply, and drops puts that cannot: a path below a file that
 * stays, or a file where a folder keeps something. Folder rows in the way are removed once nothing is left in them.
 */
export function orderChanges(
  tree: Tree,
  deletes: readonly Change[],
  puts: readonly Change[],
): { changes: Change[]; blocked: string[] } {
  const leaving = new Set(deletes.map(({ path }) => path));
  const stays = (meta: Meta | undefined): meta is Meta => meta !== undefined && !leaving.has(meta.path);
  const emptied = new Map<string, Change>();
  const blocked: string[] = [];
  const fitting = puts.filter((put) => {
    const isBelowFile = ancestors(put.path).some((parent) => {
      const meta = tree.at(parent);
      return stays(meta) && meta.kind !== "folder";
    });
    const here = tree.at(put.path);
    const replacesFile = put.op === "folder" && stays(here);
    const inside = put.op === "folder" ? [] : tree.below(put.path).filter(stays);
    if (isBelowFile || replacesFile || inside.some(({ kind }) => kind !== "folder")) {
      blocked.push(put.path);
      return false;
    }
    if (put.op !== "folder" && here?.kind === "folder") inside.unshift(here);
    for (const { path } of inside) emptied.set(path, { op: "rmdir", path });
    return true;
  });
  // The deepest folder first: each is empty by the time its row goes.
  const folders = [...emptied.values()].filter(({ path }) => !leaving.has(path)).toSorted(byDepth);
  return { changes: [...deletes, ...folders, ...fitting], blocked };
}

export function byDepth(one: { path: string }, other: { path: string }): number {
  return other.path.split("/").length - one.path.split("/").length;
}
