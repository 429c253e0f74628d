import { createHash } from "node:crypto";
import type { GitObject } from "./git.ts";

/**
 * A commit's trees as git stores them. Names are bytes: each byte is one character here (latin1), so that a name that is
 * not UTF-8 survives. `displayPath` turns such a path into text.
 */
export type Trees = ReadonlyMap<string, Buffer>;

export interface Entry {
  mode: string;
  sha: string;
}

export interface NamedEntry extends Entry {
  name: string;
}

const folderMode = "40000";

export function parseTree(data: Buffer): NamedEntry[] {
  const entries: NamedEntry[] = [];
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(32, at);
    const end = data.indexOf(0, space);
    if (space < 0 || end < 0) throw new Error("a tree that git did not write");
    const mode = data.toString("latin1", at, space);
    entries.push({ mode, name: data.toString("latin1", space + 1, end), sha: data.toString("hex", end + 1, end + 21) });
    at = end + 21;
  }
  return entries;
}

/** Every file, link and submodule below a folder, with its path from there. */
export function* filesOf(trees: Trees, root: string, folder = ""): Generator<Entry & { path: string }> {
  const start = folder === "" ? root : treeAt(trees, root, bytePath(folder));
  if (start === undefined) return;
  const stack: { sha: string; prefix: string }[] = [{ sha: start, prefix: "" }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    for (const { name, mode, sha } of parseTree(treeOf(trees, next.sha))) {
      const path = next.prefix + name;
      if (mode === folderMode) stack.push({ sha, prefix: `${path}/` });
      else yield { path, mode, sha };
    }
  }
}

function treeAt(trees: Trees, root: string, folder: string): string | undefined {
  let at: string | undefined = root;
  for (const name of folder.split("/")) {
    if (at === undefined) return undefined;
    at = parseTree(treeOf(trees, at)).find((entry) => entry.name === name && entry.mode === folderMode)?.sha;
  }
  return at;
}

function treeOf(trees: Trees, sha: string): Buffer {
  const data = trees.get(sha);
  if (!data) throw new Error(`the tree ${sha} is missing`);
  return data;
}

/**
 * The tree with some paths put or, where undefined, deleted. A put replaces whatever has its name; an emptied folder goes.
 * Only the folders on the way are written anew. Without a root all is new.
 */
export function editTrees(
  trees: Trees,
  root: string | undefined,
  changes: ReadonlyMap<string, Entry | undefined>,
): { root: string; made: GitObject[] } {
  const made = new Map<string, GitObject>();
  const edit = (sha: string | undefined, part: ReadonlyMap<string, Entry | undefined>): string | undefined => {
    const entries = new Map(
      (sha === undefined ? [] : parseTree(treeOf(trees, sha))).map((entry) => [entry.name, entry]),
    );
    const below = new Map<string, Map<string, Entry | undefined>>();
    for (const [path, entry] of part) {
      const slash = path.indexOf("/");
      if (slash < 0) {
        if (entry === undefined && entries.get(path)?.mode !== folderMode) entries.delete(path);
        continue;
      }
      const name = path.slice(0, slash);
      let inner = below.get(name);
      if (!inner) below.set(name, (inner = new Map()));
      inner.set(path.slice(slash + 1), entry);
    }
    for (const [name, inner] of below) {
      const existing = entries.get(name);
      const isFolder = existing?.mode === folderMode;
      const next = edit(isFolder ? existing.sha : undefined, inner);
      if (next !== undefined) entries.set(name, { name, mode: folderMode, sha: next });
      else if (isFolder) entries.delete(name);
    }
    for (const [path, entry] of part) if (entry && !path.includes("/")) entries.set(path, { name: path, ...entry });
    if (entries.size === 0) return undefined;
    const tree = treeObject([...entries.values()]);
    if (!trees.has(tree.sha)) made.set(tree.sha, tree);
    return tree.sha;
  };
  const after = edit(root, changes) ?? emptyTree(made);
  return { root: after, made: [...made.values()] };
}

function emptyTree(made: Map<string, GitObject>): string {
  const tree = treeObject([]);
  made.set(tree.sha, tree);
  return tree.sha;
}

/** One tree of its entries, in git's order: a folder sorts as if its name ended with a slash. */
export function treeObject(entries: readonly NamedEntry[]): GitObject {
  const order = ({ name, mode }: NamedEntry) => (mode === folderMode ? `${name}/` : name);
  const sorted = entries.map((entry) => ({ ...entry, order: order(entry) }));
  sorted.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
  const data = Buffer.concat(
    sorted.flatMap(({ name, mode, sha }) => [
      Buffer.from(`${mode.replace(/^0/, "")} ${name}\0`, "latin1"),
      Buffer.from(sha, "hex"),
    ]),
  );
  const sha = createHash("sha1").update(`tree ${data.length}\0`).update(data).digest("hex");
  return { type: "tree", sha, data };
}

/** A path of text as one of bytes. */
export function bytePath(path: string): string {
  return Buffer.from(path).toString("latin1");
}

/** A path of bytes as text. Bytes that are not UTF-8 become `\xe9`, so that no two paths look alike. */
export function displayPath(path: string): string {
  const bytes = Buffer.from(path, "latin1");
  const text = bytes.toString("utf8");
  if (Buffer.from(text).equals(bytes)) return text;
  return path.replace(/[\u0080-\u00ff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);
}
