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
import { Failure, hasCode } from "./failure.ts";
import type { Fetch } from "./fetch.ts";
import { childOf, isAbsent } from "./files.ts";
import { isHarmless, maxNotKept, notKeptPax, reasons, type NotKept } from "./not-kept.ts";
import { rawPathHeader, textName } from "./raw-path.ts";
import type { Compared } from "./sync/sync.ts";
import { unpushedHeader } from "./unpushed.ts";

/** Packs what the store does not hold: installed packages, `.git`, builds, links, unpushed edits. As tar, compressed with zstd. */

const chunkBytes = 1024 * 1024;
const maxNameBytes = 4096;

interface Counts {
  files: number;
  skipped: number;
  bytes: number;
  notKept: NotKept[];
}

function leaveOut(counts: Counts, path: string, reason: string): void {
  counts.skipped++;
  if (counts.notKept.length < maxNotKept) counts.notKept.push({ path: path.slice(0, 1000), reason });
}

/** @throws Failure sync_failed, disk_full */
export async function snapshot(options: {
  folder: string;
  /** A file that may be made for the time being. */
  scratch: string;
  compare: (path: string) => Compared;
  fetch: Fetch;
  url: string;
  /** Nothing arrives once it has been given up. */
  signal?: AbortSignal;
}): Promise<SnapshotReply> {
  const { folder, scratch, compare, fetch, url, signal } = options;
  const began = Date.now();
  const counts: Counts = { files: 0, skipped: 0, bytes: 0, notKept: [] };
  const archive = pack();
  try {
    const packing = packAll(archive, folder, compare, counts).then(
      () => archive.finalize(),
      (error: Error) => archive.destroy(error),
    );
    await pipeline(
      archive,
      createZstdCompress(),
      createWriteStream(scratch, { mode: 0o600 }),
      signal ? { signal } : {},
    );
    await packing;
    const bytes = statSync(scratch).size;
    const stream = createReadStream(scratch);
    const body = { stream, length: bytes };
    const response = await fetch(url, { method: "PUT", body, ...(signal ? { signal } : {}) });
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
  compare: (path: string) => Compared,
  counts: Counts,
): Promise<void> {
  const folder = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await packFolder(archive, folder, { text: "", raw: undefined }, compare, counts);
    const { notKept } = counts;
    if (notKept.length === 0) return;
    const bytes = Buffer.from(JSON.stringify(notKept));
    await add(archive, { name: "not-kept", type: "file", stat: fstatSync(folder), bytes, pax: notKeptPax });
  } finally {
    closeSync(folder);
  }
}

/** A path as text. `raw` has its bytes if they are none. */
interface Path {
  text: string;
  raw: Buffer | undefined;
}

/** Below a path, which is empty or ends with a slash. */
function below({ text, raw }: Path, name: Buffer): Path {
  const isRaw = raw !== undefined || textName(name) === undefined;
  return {
    text: text + name.toString(),
    raw: isRaw ? Buffer.concat([raw ?? Buffer.from(text), name]) : undefined,
  };
}

async function packFolder(
  archive: Pack,
  folder: number,
  prefix: Path,
  compare: (path: string) => Compared,
  counts: Counts,
): Promise<void> {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  for (const entry of readdirSync(`/proc/self/fd/${folder}`, { withFileTypes: true, encoding: "buffer" })) {
    const { text: path, raw } = below(prefix, entry.name);
    const place = childOf(`/proc/self/fd/${folder}`, entry.name);
    const compared = raw === undefined ? compare(path) : "local";
    if (compared === "synced") continue;
    if (Buffer.byteLength(path) > maxNameBytes) {
      leaveOut(counts, path, reasons.long);
      continue;
    }
    const pax = raw === undefined ? {} : rawPathHeader(raw);
    try {
      if (entry.isDirectory()) {
        const inner = openSync(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        try {
          await add(archive, { name: `${path}/`, type: "directory", stat: fstatSync(inner), pax });
          const inside = { text: `${path}/`, raw: raw && Buffer.concat([raw, Buffer.from("/")]) };
          await packFolder(archive, inner, inside, compare, counts);
        } finally {
          closeSync(inner);
        }
      } else if (entry.isSymbolicLink()) {
        const linkname = textName(readlinkSync(place, "buffer"));
        if (linkname === undefined || !isHarmless(path.split("/").slice(0, -1), linkname)) {
          leaveOut(counts, path, linkname === undefined ? reasons.name : reasons.link);
          continue;
        }
        await add(archive, { name: path, type: "symlink", linkname, stat: lstatSync(place), pax });
        counts.files++;
      } else if (entry.isFile()) {
        const file = openSync(place, O_RDONLY | O_NOFOLLOW | constants.O_NONBLOCK);
        try {
          await packFile(archive, path, file, compared === "local" ? pax : unpushedHeader(compared), counts);
        } finally {
          closeSync(file);
        }
      } else leaveOut(counts, path, reasons.special);
    } catch (error) {
      const isUnreadable = hasCode(error, "EACCES");
      if (isUnreadable) leaveOut(counts, path, reasons.unreadable);
      // It went while it was packed.
      else if (!isAbsent(error)) throw error;
    }
  }
}

/** A file that shrinks while it is read is filled up: its size is in the archive already. */
async function packFile(
  archive: Pack,
  name: string,
  file: number,
  pax: Record<string, string>,
  counts: Counts,
): Promise<void> {
  const stat = fstatSync(file);
  if (!stat.isFile() || counts.bytes + stat.size > maxSnapshotBytes)
    return leaveOut(counts, name, stat.isFile() ? reasons.large : reasons.special);
  counts.files++;
  counts.bytes += stat.size;
  if (stat.size <= chunkBytes) {
    const bytes = readPart(file, 0, stat.size);
    return add(archive, { name, type: "file", stat, bytes, pax });
  }
  const added = Promise.withResolvers<void>();
  const entry = archive.entry({ ...header(name, stat, pax), size: stat.size, type: "file" }, (error) =>
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

function header(name: string, stat: Stats, pax: Record<string, string> = {}) {
  const plain = { name, mode: stat.mode & 0o777, mtime: stat.mtime };
  return Object.keys(pax).length === 0 ? plain : { ...plain, pax };
}

/** Resolves when it has been read: nothing piles up in memory. */
function add(
  archive: Pack,
  entry: {
    name: string;
    type: "file" | "directory" | "symlink";
    linkname?: string;
    stat: Stats;
    bytes?: Buffer;
    pax?: Record<string, string>;
  },
): Promise<void> {
  const { name, type, linkname, stat, bytes = Buffer.alloc(0), pax } = entry;
  const made = {
    ...header(name, stat, pax),
    type,
    size: bytes.length,
    ...(linkname === undefined ? {} : { linkname }),
  };
  return new Promise((resolve, reject) => {
    archive.entry(made, bytes, (error) => (error ? reject(error) : resolve()));
  });
}
