import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface StoredObject {
  key: string;
  /** Name of the file with the bytes; keys are never used as file names. */
  blob: string;
  size: number;
  etag: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Headers that a read returns. */
  headers: Record<string, string>;
}

/** Metadata in SQLite, bytes in files. An acknowledged write survives a kill. */
export interface Objects {
  find(bucket: string, key: string): StoredObject | undefined;
  /** Puts the object in one transaction, unless `allowed` throws for the existing one; the losing bytes are removed. */
  put(bucket: string, object: StoredObject, allowed: (existing: StoredObject | undefined) => void): void;
  remove(bucket: string, keys: readonly string[]): void;
  list(bucket: string, prefix: string, after: string, limit: number): StoredObject[];
  createBucket(name: string): void;
  hasBucket(name: string): boolean;
  newBlob(): { name: string; path: string };
  path(blob: string): string;
  close(): void;
}

export function openObjects(directory: string): Objects {
  const blobs = join(directory, "blobs");
  mkdirSync(blobs, { recursive: true });
  const sqlite = new DatabaseSync(join(directory, "s3.sqlite"));
  sqlite.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
    CREATE TABLE IF NOT EXISTS bucket(name TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS object(bucket TEXT, key TEXT, blob TEXT, size INTEGER, etag TEXT, at INTEGER, headers TEXT,
      PRIMARY KEY(bucket, key)) WITHOUT ROWID`);
  const find = sqlite.prepare("SELECT * FROM object WHERE bucket=? AND key=?");
  const put = sqlite.prepare("INSERT OR REPLACE INTO object VALUES(?, ?, ?, ?, ?, ?, ?)");
  const remove = sqlite.prepare("DELETE FROM object WHERE bucket=? AND key=?");
  const list = sqlite.prepare("SELECT * FROM object WHERE bucket=? AND key>? AND key>=? ORDER BY key LIMIT ?");
  const addBucket = sqlite.prepare("INSERT OR IGNORE INTO bucket VALUES(?)");
  const bucket = sqlite.prepare("SELECT name FROM bucket WHERE name=?");
  const path = (blob: string) => join(blobs, blob.slice(0, 2), blob);

  function read(row: Record<string, unknown> | undefined): StoredObject | undefined {
    if (row === undefined) return undefined;
    return {
      key: String(row.key),
      blob: String(row.blob),
      size: Number(row.size),
      etag: String(row.etag),
      at: Number(row.at),
      headers: JSON.parse(String(row.headers)) as Record<string, string>,
    };
  }

  function removeOrphans(): void {
    const live = new Set(
      sqlite
        .prepare("SELECT blob FROM object")
        .all()
        .map((row) => String(row.blob)),
    );
    for (const folder of readdirSync(blobs)) {
      for (const blob of readdirSync(join(blobs, folder))) if (!live.has(blob)) rmSync(path(blob), { force: true });
    }
  }
  removeOrphans();

  return {
    find: (name, key) => read(find.get(name, key)),
    put(name, object, allowed) {
      sqlite.exec("BEGIN IMMEDIATE");
      let existing: StoredObject | undefined;
      try {
        existing = read(find.get(name, object.key));
        allowed(existing);
        put.run(name, object.key, object.blob, object.size, object.etag, object.at, JSON.stringify(object.headers));
        sqlite.exec("COMMIT");
      } catch (error) {
        sqlite.exec("ROLLBACK");
        rmSync(path(object.blob), { force: true });
        throw error;
      }
      if (existing) rmSync(path(existing.blob), { force: true });
    },
    remove(name, keys) {
      for (const key of keys) {
        const existing = read(find.get(name, key));
        if (existing === undefined) continue;
        remove.run(name, key);
        rmSync(path(existing.blob), { force: true });
      }
    },
    list: (name, prefix, after, limit) =>
      list
        .all(name, after, prefix, limit)
        .map((row) => read(row))
        .filter((object): object is StoredObject => object !== undefined && object.key.startsWith(prefix)),
    createBucket: (name) => void addBucket.run(name),
    hasBucket: (name) => bucket.get(name) !== undefined,
    newBlob() {
      const name = randomUUID();
      mkdirSync(join(blobs, name.slice(0, 2)), { recursive: true });
      return { name, path: path(name) };
    },
    path,
    close: () => sqlite.close(),
  };
}

/** Flushes a file to disk, before a write is acknowledged. */
export function flush(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
