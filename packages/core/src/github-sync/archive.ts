import type { Readable } from "node:stream";
import { blobHash } from "../github/git.ts";
import { refuse, unpack, type Entry } from "../unpack/unpack.ts";

/**
 * A repository's archive, held against the commit's tree: only bytes with the hash that git gave them come out. Its size,
 * its count of entries and its names are bounded by the tree.
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
  /** Bytes of the name, where they are not UTF-8. */
  raw: Buffer | undefined;
}

/**
 * `expected` is all of the commit by path; `wants` says which of it to read. What differs from the tree (`export-subst`) or
 * is not in the archive (`export-ignore`) does not come out: it must be fetched by itself.
 * @throws VisibleError archive_refused; BrokenArchive
 */
export async function* readArchive(
  source: Readable,
  expected: ReadonlyMap<string, Expected>,
  wants: (path: string, expected: Expected) => boolean,
): AsyncGenerator<Extracted> {
  const total = [...expected.values()].reduce((sum, { size }) => sum + size, 0);
  const folders = foldersOf(expected);
  // Twice, because line ends may have become two bytes each.
  const bounds = { entries: expected.size + folders.size + 16, bytes: 2 * total };
  for await (const entry of unpack(source, bounds)) {
    const { kind, path, shown, raw, size } = entry;
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
    // A file of another size has other content, unless its line ends became two bytes (`eol=crlf`): skipped unread.
    if (!isLink && (size < wanted.size || size > 2 * wanted.size)) continue;
    if (!wants(path, wanted)) continue;
    const bytes = await committed(entry, wanted);
    if (bytes) yield { path, bytes, raw };
  }
}

/** The bytes as git has them; undefined where they differ. An archive may hold CRLF for what is LF in git. */
async function committed(entry: Entry, { sha, size }: Expected): Promise<Buffer | undefined> {
  if (entry.kind === "link") return hashOf(entry.target) === sha ? entry.target : undefined;
  const bytes = await entry.read();
  if (bytes.length === size) return hashOf(bytes) === sha ? bytes : undefined;
  const text = Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  return text.length === size && hashOf(text) === sha ? text : undefined;
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

function hashOf(bytes: Buffer): string {
  return blobHash(bytes.length).update(bytes).digest("hex");
}
