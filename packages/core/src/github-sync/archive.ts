import type { Readable } from "node:stream";
import { blobHash } from "../github/git.ts";
import { refuse, unpack, type Entry } from "../unpack/unpack.ts";

/**
 * Reads a repository's archive against the commit's tree and yields only bytes with the hash that git gave them. The
 * tree bounds its size, its number of entries and their names.
 */

export interface Expected {
  sha: string;
  size: number;
  mode: string;
}

export interface Extracted {
  /** The path as in the tree. */
  path: string;
  bytes: Buffer;
}

/**
 * `expected` is the whole commit by path; `wants` selects the files to read. Files that differ from the tree
 * (`export-subst`) or are missing from the archive (`export-ignore`) are not yielded; fetch those from git.
 * @throws VisibleError archive_refused; BrokenArchive
 */
export async function* readArchive(
  source: Readable,
  expected: ReadonlyMap<string, Expected>,
  wants: (path: string, expected: Expected) => boolean,
): AsyncGenerator<Extracted> {
  const total = [...expected.values()].reduce((sum, { size }) => sum + size, 0);
  const folders = foldersOf(expected);
  // Twice the size: each line ending may have become two bytes. Objects of Git LFS may be in the place of their pointers.
  const bounds = { entries: expected.size + folders.size + extraEntries, bytes: 2 * total + extraBytes };
  for await (const entry of unpack(source, bounds)) {
    const { kind, path, shown, raw, size } = entry;
    // A name that is not UTF-8 is not a project file: git has its bytes.
    if (raw) continue;
    if (kind === "folder") {
      if (path !== "" && !folders.has(path) && expected.get(path)?.mode !== "160000")
        throw refuse(`it holds a folder that the commit does not: "${shown}"`);
      continue;
    }
    const wanted = expected.get(path);
    if (!wanted) throw refuse(`it holds a file that the commit does not: "${shown}"`);
    const isLink = kind === "link";
    if (isLink !== (wanted.mode === "120000"))
      throw refuse(`"${shown}" is ${isLink ? "a link" : "a file"}, which it is not in the commit`);
    // Another size means other content, unless line endings became two bytes (`eol=crlf`). Skip it unread.
    if (!isLink && (size < wanted.size || size > 2 * wanted.size)) continue;
    if (!wants(path, wanted)) continue;
    const bytes = await committed(entry, wanted);
    if (bytes) yield { path, bytes };
  }
}

/** The bytes as git has them, or undefined when they differ. An archive may hold CRLF where git has LF. */
async function committed(entry: Entry, { sha, size }: Expected): Promise<Buffer | undefined> {
  if (entry.kind === "link") return hashOf(entry.target) === sha ? entry.target : undefined;
  const bytes = await entry.read();
  if (bytes.length === size) return hashOf(bytes) === sha ? bytes : undefined;
  const text = Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  return text.length === size && hashOf(text) === sha ? text : undefined;
}

/** Entries with names that are not UTF-8, with their folders, and bytes of Git LFS objects that are skipped over. */
const extraEntries = 1000;
const extraBytes = 512 * 1024 * 1024;

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

function hashOf(bytes: Buffer): string {
  return blobHash(bytes.length).update(bytes).digest("hex");
}
