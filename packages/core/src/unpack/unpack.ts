import { headOf } from "@slipway/contract/cut";
import { pipeline, Transform, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { VisibleError } from "@slipway/contract/error";
import { extract, type Header } from "tar-stream";

/**
 * Reads a gzipped tar that anybody may have made. Entries come out one by one as it streams in: their count, their bytes
 * and their names are bounded, paths stay inside, and anything but files, folders and symbolic links refuses the archive.
 * Nothing is written anywhere.
 */

export interface Bounds {
  entries: number;
  /** Bytes of files, unpacked. */
  bytes: number;
}

export interface Entry {
  kind: "file" | "folder" | "link";
  /** As the archive has it, printable: for messages. */
  shown: string;
  /** Without the folder that holds everything; empty for that folder itself. */
  path: string;
  /** Bytes of the path, where they are not UTF-8. */
  raw: Buffer | undefined;
  size: number;
  /** Where a link leads, as it was written: nothing follows it. */
  target: Buffer;
  /** The bytes of a file: `size` of them, in memory. Reads once, before the next entry is asked for. */
  read(): Promise<Buffer>;
}

/** The archive ended early or is not one: the connection broke, or the sender lies. */
export class BrokenArchive extends Error {}

/** It unpacks to more than its bounds. */
export class TooMuch extends VisibleError {}

/** Bytes of an entry besides its content: header, padding and a long name. */
const overhead = 4096;
const maxNameBytes = 8192;

/** @throws VisibleError archive_refused; BrokenArchive */
export async function* unpack(source: Readable, bounds: Bounds): AsyncGenerator<Entry> {
  const unpacked = limit(bounds.bytes + bounds.entries * overhead + 1024 * 1024);
  // Names are bytes to git: latin1 keeps each of them as one character.
  const options = { filenameEncoding: "latin1", allowUnknownFormat: false, highWaterMark: 256 * 1024 };
  const tar = extract(options);
  const failure: { error?: Error } = {};
  pipeline(source, createGunzip(), unpacked, tar, (error) => {
    if (error) failure.error = error;
  });
  const seen = new Set<string>();
  let entries = 0;
  try {
    for await (const stream of tar) {
      if (++entries > bounds.entries) throw refuse("it holds too many entries");
      const entry = entryOf(stream.header, async () => {
        const parts: Buffer[] = [];
        for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
        return Buffer.concat(parts);
      });
      if (entry.kind !== "folder" && entry.raw === undefined) {
        if (seen.has(entry.path)) throw refuse(`it holds "${entry.shown}" twice`);
        seen.add(entry.path);
      }
      yield entry;
      stream.resume();
    }
  } catch (error) {
    const cause = failure.error ?? error;
    if (error instanceof VisibleError) throw error;
    if (cause instanceof VisibleError) throw cause;
    throw new BrokenArchive("the archive cannot be read", { cause });
  } finally {
    source.destroy();
  }
}

/** What refuses an archive, for its readers too. */
export function refuse(why: string): VisibleError {
  return new VisibleError("archive_refused", refusal(why));
}

function refusal(why: string): string {
  return `The archive was refused: ${why}.`;
}

function entryOf(header: Header, read: () => Promise<Buffer>): Entry {
  const name = bytesOf(header.name, extendedOf(header).path);
  const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(name);
  const shown = headOf(decoded.replace(/\p{Cc}/gu, "?"), 120);
  const path = innerPath(decoded, shown);
  // A header of the folder that holds everything says `file` in some archives.
  const type = path === "" && header.type === "file" ? "directory" : header.type;
  const isUTF8 = Buffer.from(decoded).equals(name);
  return {
    kind: kindOf(type, shown),
    shown,
    path,
    raw: isUTF8 ? undefined : name.subarray(name.indexOf("/") + 1),
    size: header.size ?? 0,
    target: bytesOf(header.linkname ?? "", extendedOf(header).linkpath),
    read,
  };
}

function kindOf(type: Header["type"], shown: string): Entry["kind"] {
  if (type === "directory") return "folder";
  if (type === "symlink") return "link";
  if (type === "file" || type === "contiguous-file") return "file";
  throw refuse(`"${shown}" is a ${type ?? "thing"}, which git does not know`);
}

function extendedOf({ pax }: Header): { path?: string; linkpath?: string } {
  return typeof pax === "object" && pax !== null ? pax : {};
}

/** A name of a header is latin1, one of an extended header has been decoded as UTF-8. */
function bytesOf(plain: string, extended: string | undefined): Buffer {
  return extended === undefined ? Buffer.from(plain, "latin1") : Buffer.from(extended, "utf8");
}

function innerPath(name: string, shown: string): string {
  if (Buffer.byteLength(name) > maxNameBytes) throw refuse("a name in it is too long");
  if (name.includes("\0")) throw refuse(`"${shown}" has a NUL in its name`);
  if (name.startsWith("/") || /^[A-Za-z]:[\\/]/.test(name)) throw refuse(`"${shown}" is an absolute path`);
  const segments = name.replace(/\/$/, "").split("/");
  if (segments.some((segment) => segment === ".." || segment === "." || segment === ""))
    throw refuse(`"${shown}" leads out of its folder`);
  return segments.slice(1).join("/");
}

/** Passes bytes on, as many as there may be. */
function limit(max: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      seen += chunk.length;
      if (seen > max) done(new TooMuch("archive_refused", refusal("it unpacks to more than it may")));
      else done(null, chunk);
    },
  });
}
