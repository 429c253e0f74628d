import { pipeline, Transform, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { VisibleError } from "@slipway/contract/error";
import { extract, type Header } from "tar-stream";
import { blobHash } from "../github/git.ts";

/**
 * A repository's archive, read as something that an enemy sent. Nothing in it is believed: every entry is held against
 * the commit's tree, and only bytes with the very hash that git gave them come out. Its size, its count of entries and
 * its names are bounded by what the tree says there is; memory by one file.
 */

export interface Expected {
  sha: string;
  size: number;
  mode: string;
}

export interface Extracted {
  /** As the tree has it. */
  path: string;
  bytes: Buffer;
  /** The name's own bytes, where they are not UTF-8. */
  raw: Buffer | undefined;
}

/** Bytes that an archive may have besides its files: a header and padding each, and long names. */
const overhead = 4096;
const maxNameBytes = 8192;

/** The archive ended before its end, or is not one: the connection broke, or someone lies. */
export class BrokenArchive extends Error {}

/**
 * `expected` is all of the commit by path, and `wants` says which of it is to be read. What differs from the tree
 * (`export-subst`) or is not in the archive (`export-ignore`) does not come out: it must be fetched by itself.
 * @throws VisibleError archive_refused; BrokenArchive
 */
export async function* readArchive(
  source: Readable,
  expected: ReadonlyMap<string, Expected>,
  wants: (path: string, expected: Expected) => boolean,
): AsyncGenerator<Extracted> {
  const total = [...expected.values()].reduce((sum, { size }) => sum + size, 0);
  const folders = foldersOf(expected);
  const maxEntries = expected.size + folders.size + 16;
  // Twice, because line ends may have become two bytes each.
  const unpacked = limit(2 * total + maxEntries * overhead + 1024 * 1024);
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
    for await (const entry of tar) {
      if (++entries > maxEntries) throw refuse("it holds more entries than the commit");
      const { header } = entry;
      const name = nameOf(header);
      const path = checkedPath(name);
      const size = header.size ?? 0;
      if (header.type === "directory" || path === "") {
        if (header.type !== "directory" && header.type !== "file") throw refuse(`"${show(name)}" is a ${header.type}`);
        if (path !== "" && !folders.has(path) && !isModule(expected, path))
          throw refuse(`it holds a folder that the commit does not: "${show(name)}"`);
        entry.resume();
        continue;
      }
      if (header.type !== "file" && header.type !== "symlink" && header.type !== "contiguous-file")
        throw refuse(`"${show(name)}" is a ${header.type ?? "thing"}, which git does not know`);
      const wanted = expected.get(path);
      if (!wanted) throw refuse(`it holds a file that the commit does not: "${show(name)}"`);
      if (seen.has(path) && name.isUTF8) throw refuse(`it holds "${show(name)}" twice`);
      seen.add(path);
      const isLink = header.type === "symlink";
      if (isLink !== (wanted.mode === "120000"))
        throw refuse(`"${show(name)}" is ${isLink ? "a link" : "a file"}, which it is not in the commit`);
      const raw = name.isUTF8 ? undefined : Buffer.from(name.text.slice(name.text.indexOf("/") + 1), "latin1");
      if (isLink) {
        entry.resume();
        const target = bytesOf(header.linkname ?? "", extendedOf(header).linkpath);
        if (hashOf(target) === wanted.sha && wants(path, wanted)) yield { path, bytes: target, raw };
        continue;
      }
      // Another size is another content, unless line ends were made of it on the way (`eol=crlf`): not even looked at.
      if (size < wanted.size || size > 2 * wanted.size || !wants(path, wanted)) {
        entry.resume();
        continue;
      }
      const parts: Buffer[] = [];
      for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
      const bytes = asCommitted(Buffer.concat(parts), wanted);
      if (bytes) yield { path, bytes, raw };
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

/** The bytes as git has them; undefined where they are others. An archive may hold CRLF for what is LF in git. */
function asCommitted(bytes: Buffer, { sha, size }: Expected): Buffer | undefined {
  if (bytes.length === size) return hashOf(bytes) === sha ? bytes : undefined;
  const text = Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  return text.length === size && hashOf(text) === sha ? text : undefined;
}

interface Name {
  /** Bytes as characters. */
  text: string;
  isUTF8: boolean;
  decoded: string;
}

function nameOf(header: Header): Name {
  const bytes = bytesOf(header.name, extendedOf(header).path);
  const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return { text: bytes.toString("latin1"), decoded, isUTF8: Buffer.from(decoded).equals(bytes) };
}

function extendedOf({ pax }: Header): { path?: string; linkpath?: string } {
  return typeof pax === "object" && pax !== null ? pax : {};
}

/** A name of a header is latin1, one of an extended header has been decoded as UTF-8. */
function bytesOf(plain: string, extended: string | undefined): Buffer {
  return extended === undefined ? Buffer.from(plain, "latin1") : Buffer.from(extended, "utf8");
}

/** The path in the repository: without the folder that holds everything. */
function checkedPath(name: Name): string {
  if (name.text.length > maxNameBytes) throw refuse("a name in it is too long");
  if (name.text.includes("\0")) throw refuse(`"${show(name)}" has a NUL in its name`);
  if (name.text.startsWith("/") || /^[A-Za-z]:[\\/]/.test(name.text))
    throw refuse(`"${show(name)}" is an absolute path`);
  const segments = name.decoded.replace(/\/$/, "").split("/");
  if (segments.some((segment) => segment === ".." || segment === "." || segment === ""))
    throw refuse(`"${show(name)}" leads out of its folder`);
  return segments.slice(1).join("/");
}

function isModule(expected: ReadonlyMap<string, Expected>, path: string): boolean {
  return expected.get(path)?.mode === "160000";
}

function foldersOf(expected: ReadonlyMap<string, Expected>): Set<string> {
  const folders = new Set<string>();
  for (const path of expected.keys())
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  return folders;
}

/** Passes bytes on, as many as there may be. */
function limit(max: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      seen += chunk.length;
      if (seen > max) done(refuse("it unpacks to more than the commit holds"));
      else done(null, chunk);
    },
  });
}

function hashOf(bytes: Buffer): string {
  return blobHash(bytes.length).update(bytes).digest("hex");
}

function show(name: Name): string {
  return name.decoded.replace(/\p{Cc}/gu, "?").slice(0, 120);
}

function refuse(why: string): VisibleError {
  return new VisibleError("archive_refused", `The archive that GitHub sent was refused: ${why}.`);
}
