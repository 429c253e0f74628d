import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
} from "node:fs";
import { maxFolderEntries, type FolderList } from "../src/protocol.ts";
import { Failure, hasCode } from "./failure.ts";

/**
 * Files of a workspace, whose folders its programs may swap for links at any moment. Each folder of a path is opened by
 * itself and never through a link; what is in it is named by its descriptor (`/proc/self/fd`), as `openat` does.
 */

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** The names of a path in a workspace. @throws Failure bad_request */
export function namesOf(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  const isBad = (name: string) => name === ".." || Buffer.byteLength(name) > 255 || name.includes("\0");
  if (path.startsWith("/") || path.length > 4096 || names.some(isBad))
    throw new Failure("bad_request", "A path must be relative and stay in the workspace.");
  return names;
}

/** Names are bytes: one that is no text is given by them. */
export type Name = string | Buffer;

/** The path of a name in an open folder. */
export function childOf(folder: string, name: Name): string | Buffer {
  return typeof name === "string" ? `${folder}/${name}` : Buffer.concat([Buffer.from(`${folder}/`), name]);
}

/** A folder that is open. `path` is good until `use` returns. */
export function inFolder<T>(
  root: string,
  names: readonly Name[],
  use: (path: string) => T,
  create?: { owner: number | undefined },
): T {
  let at = openSync(root, O_RDONLY | O_DIRECTORY);
  try {
    for (const name of names) {
      const next = openChild(at, name, create);
      closeSync(at);
      at = next;
    }
    return use(`/proc/self/fd/${at}`);
  } finally {
    closeSync(at);
  }
}

function openChild(parent: number, name: Name, create?: { owner: number | undefined }): number {
  const path = childOf(`/proc/self/fd/${parent}`, name);
  const flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
  try {
    return openSync(path, flags);
  } catch (error) {
    if (!create || !hasCode(error, "ENOENT")) throw error;
  }
  mkdirSync(path, 0o755);
  const made = openSync(path, flags);
  if (create.owner !== undefined) fchownSync(made, create.owner, create.owner);
  return made;
}

/** What is at a path, or undefined when nothing is, or when the path leads through a link or a file. */
export function statOf(root: string, path: string): Stats | undefined {
  const names = namesOf(path);
  const name = names.pop();
  try {
    return inFolder(root, names, (folder) => (name === undefined ? lstatSync(folder) : lstatSync(`${folder}/${name}`)));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Nothing is at a path: no such name, or a file or a link where a folder would be. */
export function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ELOOP"].some((code) => hasCode(error, code));
}

/** A regular file's bytes. @throws Failure not_found, too_large */
export function readFile(root: string, path: string, limit: number): { bytes: Buffer; stat: Stats } {
  const names = namesOf(path);
  const name = names.pop();
  if (name === undefined) throw new Failure("not_found", "That is a folder.");
  try {
    return inFolder(root, names, (folder) => readOpened(`${folder}/${name}`, limit));
  } catch (error) {
    if (isAbsent(error)) throw new Failure("not_found", `There is no file "${path}".`, error);
    throw error;
  }
}

function readOpened(path: string, limit: number): { bytes: Buffer; stat: Stats } {
  // A pipe in place of a file would block the open.
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Failure("not_found", "That is not a file.");
    if (stat.size > limit) throw new Failure("too_large", `The file is larger than ${limit} bytes.`);
    const bytes = Buffer.alloc(stat.size);
    let at = 0;
    for (let read = -1; at < bytes.length && read !== 0; at += read)
      read = readSync(file, bytes, at, bytes.length - at, at);
    return { bytes: bytes.subarray(0, at), stat };
  } finally {
    closeSync(file);
  }
}

/** @throws Failure not_found */
export function listFolder(root: string, path: string): FolderList {
  const names = namesOf(path);
  try {
    return inFolder(root, names, (folder) => {
      const found = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
      const entries = found.slice(0, maxFolderEntries).map((entry): FolderList["entries"][number] => ({
        path: [...names, entry.name].join("/"),
        kind: entry.isFile() ? "file" : entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : "other",
        size: entry.isFile() ? (lstatSync(`${folder}/${entry.name}`, { throwIfNoEntry: false })?.size ?? 0) : 0,
      }));
      return { entries, isCut: found.length > entries.length };
    });
  } catch (error) {
    if (isAbsent(error)) throw new Failure("not_found", `There is no folder "${path}".`, error);
    throw error;
  }
}

/** A folder of the workspace for a command to run in. @throws Failure not_found */
export function resolveFolder(root: string, path: string): string {
  const names = namesOf(path);
  try {
    inFolder(root, names, () => undefined);
  } catch (error) {
    if (isAbsent(error)) throw new Failure("not_found", `There is no folder "${path}" to run in.`, error);
    throw error;
  }
  return [root, ...names].join("/");
}

export function setMode(file: number, mode: number, owner: number | undefined): void {
  fchmodSync(file, mode);
  if (owner !== undefined) fchownSync(file, owner, owner);
}
