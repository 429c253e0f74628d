import { VisibleError } from "@slipway/contract/error";
import { maxChanges } from "@slipway/contract/file";
import { drain } from "../table/table.ts";
import type { Change, Meta } from "./commit.ts";
import { versionOf } from "./commit.ts";
import { LogEntity, MetaEntity, type LogEntry, type Version } from "./file.entity.ts";

/** Commits with revisions above `from`, up to `to`. */
export interface UndoRange {
  from: number;
  to: number;
  /** Only what this user or run committed. */
  by?: string | undefined;
  /** Only these files, and what is below these folders. */
  paths?: readonly string[] | undefined;
}

/** What one writer did to a path in a range of commits. */
export interface PathChange {
  path: string;
  /** What it held before the first of them, and after the last: undefined for nothing. */
  before: Version | undefined;
  after: Version | undefined;
  /** Revision of the last of them. */
  rev: number;
  /** Where it was moved from. */
  from: string | undefined;
  /** Someone else has changed it between the first of them and the last. */
  mixed: boolean;
}

interface Row {
  rev: number;
  by: string;
  entries: LogEntry[];
}

async function readLog(projectID: string, { from, to }: UndoRange): Promise<Row[]> {
  if (from >= to) return [];
  const { data } = await LogEntity.query
    .byRev({ projectID })
    .between({ rev: from + 1 }, { rev: to })
    .go({ pages: "all", consistent: true });
  return data.map(({ rev, by, entries }) => ({ rev, by, entries: entries as LogEntry[] }));
}

/** Path by path, what a range of commits did. @throws VisibleError conflict when it holds an import */
export async function pathsChangedBy(projectID: string, range: UndoRange): Promise<PathChange[]> {
  const changes = new Map<string, PathChange>();
  const touchedSince = new Map<string, boolean>();
  for (const { rev, by, entries } of await readLog(projectID, range)) {
    const isMeant = range.by === undefined || by === range.by;
    for (const entry of entries) {
      if (entry.op === "import")
        throw new VisibleError("conflict", "An import lies between then and now; what was before it cannot come back.");
      if (!isInside(entry.path, range.paths)) continue;
      const known = changes.get(entry.path);
      if (!isMeant) {
        if (known) touchedSince.set(entry.path, true);
        continue;
      }
      changes.set(entry.path, {
        path: entry.path,
        before: known ? known.before : entry.before,
        after: entry.op === "put" ? versionFrom(entry) : undefined,
        rev,
        from: known?.from ?? entry.from,
        mixed: touchedSince.get(entry.path) ?? false,
      });
    }
  }
  return [...changes.values()];
}

/** What undoing a range would do now, and what it leaves alone because someone has changed it since. */
export async function planUndo(
  projectID: string,
  gen: number,
  range: UndoRange,
): Promise<{ changes: Change[]; kept: string[] }> {
  const wanted = await pathsChangedBy(projectID, range);
  const current = await versionsAt(
    projectID,
    gen,
    wanted.map(({ path }) => path),
  );
  const deletes: Change[] = [];
  const puts: Change[] = [];
  const kept: string[] = [];
  const back = movesBack(wanted, current);
  for (const { path, before, after, rev, mixed } of wanted) {
    const now = current.get(path);
    if (isSame(now, before) || back.has(path)) continue;
    const isTheirs = mixed || (now ? now.rev !== rev : after !== undefined);
    if (isTheirs) kept.push(path);
    else if (before === undefined && now) {
      // A folder goes when nothing is left in it: deleting it any sooner would take what others put there.
      if (now.kind !== "folder" || !(await holdsAnything(projectID, gen, path)))
        deletes.push({ op: "delete", path, ...(now.kind === "folder" ? {} : { rev: now.rev }) });
    } else if (before === undefined) continue;
    else if (before.kind === "folder") puts.push({ op: "folder", path });
    else puts.push({ op: "store", path, content: versionOf(before), rev: now?.rev });
  }
  // A file may come where a folder is now: then the folder goes first.
  const blocks = puts.some((put) => deletes.some(({ path }) => path.startsWith(`${put.path}/`)));
  const moves = [...new Set(back.values())];
  return { changes: blocks ? deletes : [...moves, ...deletes, ...puts], kept };
}

/** What was moved and is as it was goes back as a move, so that whoever has it open can follow. By both its paths. */
function movesBack(wanted: readonly PathChange[], current: ReadonlyMap<string, Meta>): Map<string, Change> {
  const byPath = new Map(wanted.map((each) => [each.path, each]));
  const back = new Map<string, Change>();
  for (const { path, before, from, rev, mixed } of wanted) {
    const [now, origin] = [current.get(path), byPath.get(from ?? "")];
    if (!from || !origin?.before || before || mixed || origin.mixed) continue;
    const isFree = !current.has(from) && !back.has(from);
    if (!now || now.rev !== rev || now.kind === "folder" || !isFree || !isSame(now, origin.before)) continue;
    const change: Change = { op: "move", path, to: from, rev: now.rev };
    back.set(path, change);
    back.set(from, change);
  }
  return back;
}

/** (for the series) The next commit's worth of it. */
export async function undoChanges(projectID: string, gen: number, range: UndoRange): Promise<Change[]> {
  const { changes } = await planUndo(projectID, gen, range);
  // A move is two changes of a commit.
  let room = maxChanges - 1;
  return changes.filter(({ op }) => (room -= op === "move" ? 2 : 1) >= 0);
}

async function holdsAnything(projectID: string, gen: number, path: string): Promise<boolean> {
  const query = MetaEntity.query.byPath({ projectID, gen }).begins({ path: `${path}/` });
  return (await query.go({ consistent: true, limit: 1, pages: 1 })).data.length > 0;
}

/** The rows of paths as they are; a path that holds nothing is absent. */
export async function versionsAt(projectID: string, gen: number, paths: readonly string[]): Promise<Map<string, Meta>> {
  const rows = await drain(
    paths.map((path) => ({ projectID, gen, path })),
    100,
    (part) => MetaEntity.get(part).go({ consistent: true }),
  );
  return new Map(rows.map((row) => [row.path, row]));
}

function isSame(now: Version | undefined, before: Version | undefined): boolean {
  return now?.hash === before?.hash && now?.kind === before?.kind;
}

function isInside(path: string, paths: readonly string[] | undefined): boolean {
  return paths === undefined || paths.some((each) => path === each || path.startsWith(`${each}/`));
}

function versionFrom({ hash = "", size = 0, kind = "text", storage = "none", mode = "100644" }: LogEntry): Version {
  return { hash, size, kind, storage, mode };
}
