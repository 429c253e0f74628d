import { closeSync, constants, futimesSync, openSync, symlinkSync, writeSync } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { extract, type Extract } from "tar-stream";
import { maxSyncedBytes } from "@slipway/contract/routes/sandbox-sync";
import { maxSnapshotBytes, type SnapshotReply } from "../src/protocol.ts";
import { Failure, hasCode, isDiskFull } from "./failure.ts";
import { readAll, type Fetch } from "./fetch.ts";
import { childOf, inFolder, isAbsent, namesOf, readFile, setMode, statOf } from "./files.ts";
import { isHarmless, isNotKept, maxNotKept, parseNotKept, type NotKept } from "./not-kept.ts";
import { rawNamesOf } from "./raw-path.ts";
import { conflictTime } from "./sync/changes.ts";
import { hashOf } from "./sync/content-hash.ts";
import type { Unpushed } from "./sync/sync.ts";
import { cut } from "./sync/write.ts";
import { unpushedOf } from "./unpushed.ts";

/**
 * Unpacks a snapshot, trusted or not: it writes below the folder and through no link, and makes files, folders and harmless
 * links only. It replaces nothing but the version that an unpushed edit was made from.
 */

/** Bytes and entries that a snapshot may unpack to. */
const maxBytes = maxSnapshotBytes * 2;
const maxEntries = 1_000_000;

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

interface Counts {
  files: number;
  skipped: number;
  entries: number;
  notKept: NotKept[];
}

interface Target {
  folder: string;
  owner: number | undefined;
}

/** @throws Failure sync_failed, too_large, disk_full */
export async function restore(
  options: Target & { fetch: Fetch; url: string },
): Promise<SnapshotReply & { notKept: NotKept[] }> {
  const began = Date.now();
  const response = await options.fetch(options.url);
  if (response.statusCode !== 200) {
    await readAll(response, 64 * 1024).catch(() => undefined);
    throw new Failure("sync_failed", `The snapshot could not be read: ${response.statusCode}.`);
  }
  const counts: Counts = { files: 0, skipped: 0, entries: 0, notKept: [] };
  const archive = extract();
  const received = counted(maxSnapshotBytes);
  try {
    const unpacking = unpack(archive, options, counts);
    unpacking.catch((error: Error) => archive.destroy(error));
    await pipeline(response, received, createZstdDecompress(), counted(maxBytes), archive);
    await unpacking;
  } catch (error) {
    if (error instanceof Failure || isDiskFull(error)) throw error;
    throw new Failure("sync_failed", "The snapshot is damaged.", error);
  }
  const { files, skipped, notKept } = counts;
  return { files, bytes: received.count(), ms: Date.now() - began, skipped, notKept };
}

async function unpack(archive: AsyncIterable<Entry>, target: Target, counts: Counts): Promise<void> {
  for await (const entry of archive) {
    if (++counts.entries > maxEntries) throw new Failure("too_large", "The snapshot has too many entries.");
    if (isNotKept(entry.header.pax)) {
      counts.notKept = parseNotKept(await bytesOf(entry, maxNotKept * 5000));
      continue;
    }
    const isMade = await make(entry, target);
    if (!isMade) counts.skipped++;
    else if (entry.header.type !== "directory") counts.files++;
    entry.resume();
  }
}

async function bytesOf(entry: Entry, limit: number): Promise<Buffer> {
  if (entry.header.size === undefined || entry.header.size > limit) return Buffer.alloc(0);
  return Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Buffer>));
}

/** Whether the entry is there now. */
async function make(entry: Entry, { folder, owner }: Target): Promise<boolean> {
  const { type, name, linkname, mode, mtime } = entry.header;
  const raw = rawNamesOf(entry.header.pax);
  const names = raw === undefined ? safeNames(name) : raw;
  const own = names?.at(-1);
  if (!names || own === undefined) return false;
  const above = names.slice(0, -1);
  try {
    if (type === "directory") {
      inFolder(folder, names, () => undefined, { owner });
      return true;
    }
    if (type === "symlink") {
      if (!isHarmless(above.map(String), linkname)) return false;
      inFolder(folder, above, (path) => symlinkSync(linkname, childOf(path, own)), { owner });
      return true;
    }
    if (type !== "file") return false;
    const edit = raw === undefined ? unpushedOf(entry.header.pax) : undefined;
    const target = edit === undefined ? { name: own, replaces: false } : targetOf(edit, folder, names.map(String));
    if (target === undefined) return false;
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_TRUNC } = constants;
    const flags = O_WRONLY | O_NOFOLLOW | (target.replaces ? O_TRUNC : O_CREAT | O_EXCL);
    const file = inFolder(folder, above, (path) => openSync(childOf(path, target.name), flags, 0o600), { owner });
    try {
      for await (const part of entry as AsyncIterable<Buffer>)
        for (let at = 0; at < part.length;) at += writeSync(file, part, at);
      setMode(file, mode & 0o777, owner);
      futimesSync(file, mtime, mtime);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    // A link, a file in place of a folder, or what the store has brought already.
    if (isAbsent(error) || hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/**
 * Where an unpushed edit goes: over the version that it was made from, or beside one that has changed since. Undefined when
 * the store has got it after all.
 */
function targetOf(
  edit: Unpushed,
  folder: string,
  names: readonly string[],
): { name: string; replaces: boolean } | undefined {
  const name = names.at(-1) ?? "";
  const path = names.join("/");
  const now = statOf(folder, path);
  if (now === undefined) return { name, replaces: false };
  const hash = now.isFile() ? hashOf(readFile(folder, path, maxSyncedBytes).bytes) : undefined;
  if (hash === edit.base) return { name, replaces: true };
  if (hash !== undefined && hash === edit.hash) return undefined;
  return { name: `${cut(name)}.conflict-${conflictTime(new Date())}`, replaces: false };
}

function safeNames(path: string): string[] | undefined {
  try {
    return namesOf(path);
  } catch {
    return undefined;
  }
}

/** Passes bytes on up to a limit. */
function counted(limit: number): Transform & { count(): number } {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > limit ? new Failure("too_large", "The snapshot is too large.") : null, chunk);
    },
  });
  return Object.assign(stream, { count: () => bytes });
}
