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

/** Ordered rows of text in one SQLite file. Synchronous: whatever runs in `transaction` is serialisable and atomic. */
export interface Rows {
  get(key: string): string | undefined;
  put(key: string, value: string): void;
  remove(key: string): void;
  removePrefix(prefix: string): void;
  /** Rows whose key starts with `prefix`; with `join`, the rows that those values name under that prefix. */
  range(prefix: string, range?: Range, join?: string): Iterable<{ key: string; value: string }>;
  transaction<T>(run: () => T): T;
  close(): void;
}

/** Sorts after every character that a key part holds: keys are hexadecimal and names of tables and indexes. */
const end = "\u007f";

export function openRows(directory: string): Rows {
  mkdirSync(directory, { recursive: true });
  const sqlite = new DatabaseSync(join(directory, "dynamodb.sqlite"));
  // NORMAL with WAL survives the death of the process at any instant; only a power cut may lose the last commits.
  sqlite.exec("PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536");
  sqlite.exec("CREATE TABLE IF NOT EXISTS row(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
  const get = sqlite.prepare("SELECT value FROM row WHERE key=?");
  const put = sqlite.prepare(
    "INSERT INTO row(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value=excluded.value",
  );
  const remove = sqlite.prepare("DELETE FROM row WHERE key=?");
  const removeRange = sqlite.prepare("DELETE FROM row WHERE key>=? AND key<?");
  const ranges = new Map<string, StatementSync>();

  function rangeStatement(sql: string): StatementSync {
    let statement = ranges.get(sql);
    if (statement === undefined) ranges.set(sql, (statement = sqlite.prepare(sql)));
    return statement;
  }

  return {
    get: (key) => {
      const row = get.get(key);
      return row === undefined ? undefined : String(row.value);
    },
    put: (key, value) => void put.run(key, value),
    remove: (key) => void remove.run(key),
    removePrefix: (prefix) => void removeRange.run(prefix, prefix + end),
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
    close: () => sqlite.close(),
  };
}
