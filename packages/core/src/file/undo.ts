import { VisibleError } from "@slipway/contract/error";
import type { UndoRange } from "@slipway/contract/file";
import { LogEntity, type LogEntry, type Version } from "./file.entity.ts";
import { readHead } from "./commit.ts";
import { versionOf, type Change, type Meta } from "./plan.ts";
import { byDepth, orderChanges, readTree, type Tree } from "./tree.ts";
import { isSameWriter, parseWriter, type Writer } from "./writer.ts";

/** What one writer did to a path in a range of commits. */
export interface PathChange {
  path: string;
  /** What it held before the first of them, and after the last: undefined for nothing. */
  before: Version | undefined;
  after: Version | undefined;
  /** Revision of the last of them. */
  rev: number;
  /** The path that it was moved from. */
  from: string | undefined;
  /** Another writer changed it between the first of them and the last. */
  mixed: boolean;
}

interface Row {
  rev: number;
  writer: Writer;
  entries: LogEntry[];
}

async function readLog(projectID: string, { from, to }: UndoRange): Promise<Row[]> {
  if (from >= to) return [];
  const { data } = await LogEntity.query
    .byRev({ projectID })
    .between({ rev: from + 1 }, { rev: to })
    .go({ pages: "all", consistent: true });
  const first = data[0]?.rev ?? (await readHead(projectID)).rev + 1;
  if (first > from + 1)
    throw new VisibleError("conflict", "The history of these changes is no longer kept, so they cannot be undone.");
  return data.map(({ rev, writer, entries }) => ({
    rev,
    writer: parseWriter(writer),
    entries: entries as LogEntry[],
  }));
}

/** What a range of commits did, by path. @throws VisibleError conflict when it contains an import */
export async function pathsChangedBy(projectID: string, range: UndoRange): Promise<PathChange[]> {
  const changes = new Map<string, PathChange>();
  const touchedSince = new Set<string>();
  for (const { rev, writer, entries } of await readLog(projectID, range)) {
    const isMeant = range.writer === undefined || isSameWriter(writer, range.writer);
    for (const entry of entries) {
      if (entry.op === "import") {
        // A run that began after the import is not affected by it.
        if (range.writer !== undefined && changes.size === 0) continue;
        throw new VisibleError("conflict", "An import lies between then and now, so earlier versions are gone.");
      }
      if (!isInside(entry.path, range.paths)) continue;
      const known = changes.get(entry.path);
      if (!isMeant) {
        if (known) touchedSince.add(entry.path);
        continue;
      }
      changes.set(entry.path, {
        path: entry.path,
        before: known ? known.before : entry.before,
        after: entry.op === "put" ? versionFrom(entry) : undefined,
        rev,
        from: known?.from ?? entry.from,
        mixed: touchedSince.has(entry.path),
      });
    }
  }
  return [...changes.values()];
}

export interface UndoPlan {
  /** Everything that is left to change, in an order that applies. */
  changes: Change[];
  /** Paths that stay as they are, because another writer has changed them since. */
  kept: string[];
}

/** What undoing a range would change now. Once it has been applied, planning again yields no changes. */
export async function planUndo(projectID: string, gen: number, range: UndoRange): Promise<UndoPlan> {
  const wanted = await pathsChangedBy(projectID, range);
  const tree = await readTree(
    projectID,
    gen,
    wanted.map(({ path }) => path),
  );
  const deletes: Change[] = [];
  const folders: Change[] = [];
  const puts: Change[] = [];
  const kept: string[] = [];
  const back = movesBack(wanted, tree);
  for (const { path, before, after, rev, mixed } of wanted) {
    const now = tree.at(path);
    if (isSame(now, before) || back.has(path)) continue;
    const isTheirs = mixed || (now ? now.rev !== rev : after !== undefined);
    if (isTheirs) kept.push(path);
    else if (before === undefined) {
      if (now === undefined) continue;
      if (now.kind === "folder") folders.push({ op: "rmdir", path });
      else deletes.push({ op: "unlink", path, rev: now.rev });
    } else if (before.kind === "folder") {
      if (now) deletes.push({ op: "unlink", path, rev: now.rev });
      puts.push({ op: "folder", path });
    } else {
      const isFile = now !== undefined && now.kind !== "folder";
      puts.push({ op: "store", path, content: versionOf(before), rev: isFile ? now.rev : undefined });
    }
  }
  const moves = [...new Set(back.values())];
  const leaving = new Set([...deletes, ...folders, ...moves].map(({ path }) => path));
  // A folder goes when nothing is left in it: others may have put files there.
  const empty = folders.filter(({ path }) => tree.below(path).every((meta) => leaving.has(meta.path)));
  const ordered = orderChanges(tree, [...deletes, ...empty.toSorted(byDepth)], puts);
  return { changes: [...moves, ...ordered.changes], kept: [...kept, ...ordered.blocked] };
}

/** Unchanged moved files return as moves, so that open editors can follow. Keyed by both paths. */
function movesBack(wanted: readonly PathChange[], tree: Tree): Map<string, Change> {
  const byPath = new Map(wanted.map((each) => [each.path, each]));
  const back = new Map<string, Change>();
  for (const { path, before, from, rev, mixed } of wanted) {
    const [now, origin] = [tree.at(path), byPath.get(from ?? "")];
    if (!from || !origin?.before || before || mixed || origin.mixed) continue;
    const isFree = tree.at(from) === undefined && tree.below(from).length === 0 && !back.has(from);
    if (!now || now.rev !== rev || now.kind === "folder" || !isFree || !isSame(now, origin.before)) continue;
    const change: Change = { op: "rename", path, to: from, rev: now.rev };
    back.set(path, change);
    back.set(from, change);
  }
  return back;
}

function isSame(now: Meta | undefined, before: Version | undefined): boolean {
  return now?.hash === before?.hash && now?.kind === before?.kind;
}

function isInside(path: string, paths: readonly string[] | undefined): boolean {
  return paths === undefined || paths.some((each) => path === each || path.startsWith(`${each}/`));
}

function versionFrom({ hash = "", size = 0, kind = "text", storage = "none", mode = "100644" }: LogEntry): Version {
  return { hash, size, kind, storage, mode };
}
