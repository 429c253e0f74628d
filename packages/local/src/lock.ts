import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** SQLite's result codes. */
const busy = 5;
const notADatabase = 26;

/**
 * Makes sure that only one server uses a data folder. The lock is the operating system's, on the open file: it ends with
 * its process, whatever the file holds. Returns what releases it. @throws Error in plain words.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "lock");
  const database = new DatabaseSync(file);
  try {
    lock(database, file);
  } catch (error) {
    database.close();
    if (codeOf(error) !== busy) throw error;
    throw new Error(`Slipway is already running on ${directory}. Stop it, or set SLIPWAY_DATA to another folder.`, {
      cause: error,
    });
  }
  return () => database.close();
}

function lock(database: DatabaseSync, file: string): void {
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    if (codeOf(error) !== notADatabase) throw error;
    // Text of an older version or of somebody else. SQLite looks for a lock before it reads, so nobody holds one.
    writeFileSync(file, "");
    database.exec("BEGIN EXCLUSIVE");
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "errcode" in error ? error.errcode : undefined;
}
