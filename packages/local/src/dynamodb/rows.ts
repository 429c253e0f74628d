import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

export interface Range {
  gt?: string;
  gte?: string;
  lt?: string;
  lte?: string;
  reverse?: boolean;
}

/** Ordered rows of text in one SQLite file. Synchronous; code in `transaction` is serialisable and atomic. */
export interface Rows extends Reader {
  put(key: string, value: string): void;
  remove(key: string): void;
  removePrefix(prefix: string): void;
  transaction<T>(run: () => T): T;
  /** Runs with `get` and `range` reading a snapshot at most `milliseconds` old and no older than `keepPast`. */
  inThePast<T>(milliseconds: number, run: () => T): T;
  /** Takes or releases the snapshot that `inThePast` reads. While it is held, the log cannot shrink. */
  keepPast(kept: boolean): void;
  isOpen(): boolean;
  close(): void;
}

interface Reader {
  get(key: string): string | undefined;
  /** Rows whose key starts with `prefix`; with `join`, the rows that those values name under that prefix. */
  range(prefix: string, range?: Range, join?: string): Iterable<{ key: string; value: string }>;
}

/** Sorts after every character that a key part holds: keys are hexadecimal and names of tables and indexes. */
const end = "\u007f";

export function openRows(directory: string): Rows {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "dynamodb.sqlite");
  const sqlite = new DatabaseSync(file);
  // NORMAL with WAL survives a kill at any instant; only a power cut may lose the last commits.
  sqlite.exec("PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536");
  sqlite.exec("CREATE TABLE IF NOT EXISTS row(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
  const put = sqlite.prepare(
    "INSERT INTO row(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value=excluded.value",
  );
  const remove = sqlite.prepare("DELETE FROM row WHERE key=?");
  const removeRange = sqlite.prepare("DELETE FROM row WHERE key>=? AND key<?");
  const present = createReader(sqlite);
  let reader = present;
  let past: { sqlite: DatabaseSync; reader: Reader; since: number } | undefined;

  function keepPast(kept: boolean): void {
    past?.sqlite.close();
    past = undefined;
    if (!kept) return;
    const snapshot = new DatabaseSync(file, { readOnly: true });
    // A read transaction sees the file as it was at its first read.
    snapshot.exec("BEGIN; SELECT 1 FROM row LIMIT 1");
    past = { sqlite: snapshot, reader: createReader(snapshot), since: performance.now() };
  }

  return {
    get: (key) => reader.get(key),
    range: (prefix, range, join) => reader.range(prefix, range, join),
    put: (key, value) => void put.run(key, value),
    remove: (key) => void remove.run(key),
    removePrefix: (prefix) => void removeRange.run(prefix, prefix + end),
    transaction(run) {
      sqlite.exec("BEGIN IMMEDIATE");
      try {
        const result = run();
        sqlite.exec("COMMIT");
        return result;
      } catch (error) {
        sqlite.exec("ROLLBACK");
        throw error;
      }
    },
    inThePast(milliseconds, run) {
      if (past === undefined || performance.now() - past.since > milliseconds) keepPast(true);
      reader = past?.reader ?? present;
      try {
        return run();
      } finally {
        reader = present;
      }
    },
    keepPast,
    isOpen: () => sqlite.isOpen,
    close() {
      keepPast(false);
      sqlite.close();
    },
  };
}

function createReader(sqlite: DatabaseSync): Reader {
  const get = sqlite.prepare("SELECT value FROM row WHERE key=?");
  const ranges = new Map<string, StatementSync>();

  function rangeStatement(sql: string): StatementSync {
    let statement = ranges.get(sql);
    if (statement === undefined) ranges.set(sql, (statement = sqlite.prepare(sql)));
    return statement;
  }

  return {
    get(key) {
      const row = get.get(key);
      return row === undefined ? undefined : String(row.value);
    },
    *range(prefix, range = {}, join) {
      const low = range.gt === undefined ? [">=", prefix + (range.gte ?? "")] : [">", prefix + range.gt];
      const high = range.lte === undefined ? ["<", prefix + (range.lt ?? end)] : ["<=", prefix + range.lte];
      const order = range.reverse ? "DESC" : "ASC";
      const where = `x.key ${low[0]} ? AND x.key ${high[0]} ? ORDER BY x.key ${order}`;
      const bounds = [low[1] ?? "", high[1] ?? ""];
      const found =
        join === undefined
          ? rangeStatement(`SELECT x.key, x.value FROM row x WHERE ${where}`).iterate(...bounds)
          : rangeStatement(
              `SELECT x.key, i.value FROM row x JOIN row i ON i.key = ? || x.value WHERE ${where}`,
            ).iterate(join, ...bounds);
      for (const row of found) yield { key: String(row.key), value: String(row.value) };
    },
  };
}
