import {
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmSync,
  statSync,
  type Stats,
} from "node:fs";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
import { pack, type Pack } from "tar-stream";
import { maxSnapshotBytes, type SnapshotReply } from "../src/protocol.ts";
import { Failure } from "./failure.ts";
import type { Fetch } from "./fetch.ts";
import { isAbsent } from "./files.ts";

/** Packs what sync leaves in the sandbox: installed packages, `.git`, builds, links. As tar, compressed with zstd. */

const chunkBytes = 1024 * 1024;
const maxNameBytes = 4096;

interface Counts {
  files: number;
  skipped: number;
  bytes: number;
}

/** @throws Failure sync_failed, disk_full */
export async function snapshot(options: {
  folder: string;
  /** A file that may be made for the time being. */
  scratch: string;
  isSynced: (path: string) => boolean;
  fetch: Fetch;
  url: string;
}): Promise<SnapshotReply> {
  const { folder, scratch, isSynced, fetch, url } = options;
  const began = Date.now();
  const counts: Counts = { files: 0, skipped: 0, bytes: 0 };
  const archive = pack();
  try {
    const packing = packAll(archive, folder, isSynced, counts).then(
      () => archive.finalize(),
      (error: Error) => archive.destroy(error),
    );
    await pipeline(archive, createZstdCompress(), createWriteStream(scratch, { mode: 0o600 }));
    await packing;
    const bytes = statSync(scratch).size;
    const stream = createReadStream(scratch);
    const response = await fetch(url, { method: "PUT", body: { stream, length: bytes } });
    response.resume();
    if ((response.statusCode ?? 500) >= 300)
      throw new Failure("sync_failed", `The snapshot could not be stored: ${response.statusCode}.`);
    return { files: counts.files, bytes, ms: Date.now() - began, skipped: counts.skipped };
  } finally {
    rmSync(scratch, { force: true });
  }
}

async function packAll(
  archive: Pack,
  root: string,
  isSynced: (path: string) => boolean,
  counts: Counts,
): Promise<void> {
  const folder = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await packFolder(archive, folder, "", isSynced, counts);
  } finally {
    closeSync(folder);
  }
}

async function packFolder(
  archive: Pack,
  folder: number,
  prefix: string,
  isSynced: (path: string) => boolean,
  counts: Counts,
): Promise<void> {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  for (const entry of readdirSync(`/proc/self/fd/${folder}`, { withFileTypes: true })) {
    const path = prefix + entry.name;
    const place = `/proc/self/fd/${folder}/${entry.name}`;
    if (isSynced(path)) continue;
    if (entry.name.includes("\uFFFD") || Buffer.byteLength(path) > maxNameBytes) {
      counts.skipped++;
      continue;
    }
    try {
      if (entry.isDirectory()) {
        const inner = openSync(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        try {
          await add(archive, { name: `${path}/`, type: "directory", stat: fstatSync(inner) });
          await packFolder(archive, inner, `${path}/`, isSynced, counts);
        } finally {
          closeSync(inner);
        }
      } else if (entry.isSymbolicLink()) {
        await add(archive, { name: path, type: "symlink", linkname: readlinkSync(place), stat: lstatSync(place) });
        counts.files++;
      } else if (entry.isFile()) {
        const file = openSync(place, O_RDONLY | O_NOFOLLOW | constants.O_NONBLOCK);
        try {
          await packFile(archive, path, file, counts);
        } finally {
          closeSync(file);
        }
      } else counts.skipped++;
    } catch (error) {
      // It went while it was packed, or its owner lets no one read it.
      if (!isAbsent(error) && !(error instanceof Error && "code" in error && error.code === "EACCES")) throw error;
      counts.skipped++;
    }
  }
}

/** A file that shrinks while it is read is filled up: its size is in the archive already. */
async function packFile(archive: Pack, name: string, file: number, counts: Counts): Promise<void> {
  const stat = fstatSync(file);
  if (!stat.isFile() || counts.bytes + stat.size > maxSnapshotBytes) {
    counts.skipped++;
    return;
  }
  counts.files++;
  counts.bytes += stat.size;
  if (stat.size <= chunkBytes) return add(archive, { name, type: "file", stat, bytes: readPart(file, 0, stat.size) });
  const added = Promise.withResolvers<void>();
  const entry = archive.entry({ ...header(name, stat), size: stat.size, type: "file" }, (error) =>
    error ? added.reject(error) : added.resolve(),
  );
  for (let at = 0; at < stat.size; at += chunkBytes) {
    const part = readPart(file, at, Math.min(chunkBytes, stat.size - at));
    if (entry.write(part)) continue;
    const drained = new Promise<void>((resolve) => entry.once("drain", resolve));
    await Promise.race([drained, added.promise]);
  }
  entry.end(Buffer.alloc(0));
  await added.promise;
}

function readPart(file: number, at: number, size: number): Buffer {
  const part = Buffer.alloc(size);
  for (let filled = 0, read = -1; filled < size && read !== 0; filled += read)
    read = readSync(file, part, filled, size - filled, at + filled);
  return part;
}

function header(name: string, stat: Stats) {
  return { name, mode: stat.mode & 0o777, mtime: stat.mtime };
}

/** Resolves when it has been read: nothing piles up in memory. */
function add(
  archive: Pack,
  entry: { name: string; type: "file" | "directory" | "symlink"; linkname?: string; stat: Stats; bytes?: Buffer },
): Promise<void> {
  const { name, type, linkname, stat, bytes = Buffer.alloc(0) } = entry;
  const made = { ...header(name, stat), type, size: bytes.length, ...(linkname === undefined ? {} : { linkname }) };
  return new Promise((resolve, reject) => {
    archive.entry(made, bytes, (error) => (error ? reject(error) : resolve()));
  });
}
