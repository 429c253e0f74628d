import { VisibleError } from "@slipway/contract/error";
import type { Client } from "./client.ts";
import { fetchTrees } from "./fetch.ts";
import { explain } from "./repository.ts";
import { bytePath, displayPath, filesOf, treeObject } from "./trees.ts";
import type { Remote } from "./wire.ts";

/** One entry of a commit, folders excluded. */
export interface TreeEntry {
  path: string;
  mode: string;
  sha: string;
  /** Bytes; 0 for a submodule. */
  size: number;
  /** The path's bytes in base64, when they are not UTF-8. */
  raw?: string;
}

/** Limits of an import: files, and bytes in total. */
const maxFiles = 50_000;
const maxTotalBytes = 1024 * 1024 * 1024;

interface Commit {
  sha: string;
  tree: string;
}

/**
 * Every file of a commit, or of one of its folders, in one request. Undefined when GitHub cuts the list: at 100,000 entries
 * or 7 MB, some 25,000 files. @throws VisibleError repository_too_large
 */
export async function listTree(
  client: Client,
  of: Remote,
  commit: Commit,
  folder: string,
): Promise<TreeEntry[] | undefined> {
  const { tree, truncated } = await readTree(client, of, commit.tree, { isRecursive: true });
  return truncated ? undefined : select(client, of, commit, { folder, found: filesIn(tree) });
}

/** Requests at once. */
const lanes = 6;

/**
 * The same in as many requests as it takes: one per folder that the cut lists do not hold whole. `known` are lists of
 * earlier attempts by the hash of their tree; what is read is added to it, also when a request fails.
 * @throws VisibleError repository_too_large
 */
export async function listTreeInParts(
  client: Client,
  of: Remote,
  commit: Commit,
  work: { folder: string; known: Map<string, TreeEntry[]>; onPart(files: number): Promise<void> },
): Promise<TreeEntry[]> {
  const { folder, known, onPart } = work;
  const found: TreeEntry[] = [];
  const queue = [{ sha: commit.tree, prefix: "" }];
  const isWanted = (path: string) =>
    folder === "" || path === folder || folder.startsWith(`${path}/`) || path.startsWith(`${folder}/`);
  const add = (prefix: string, entries: readonly TreeEntry[]) => {
    for (const entry of entries) if (isWanted(prefix + entry.path)) found.push({ ...entry, path: prefix + entry.path });
    requireRoom(found);
  };
  async function visit({ sha, prefix }: { sha: string; prefix: string }): Promise<void> {
    const earlier = known.get(sha);
    if (earlier) return add(prefix, earlier);
    const whole = await readTree(client, of, sha, { isRecursive: true });
    if (!whole.truncated) {
      const files = filesIn(whole.tree);
      known.set(sha, files);
      return add(prefix, files);
    }
    const complete = completeFolders(whole.tree);
    const one = await readTree(client, of, sha, { isRecursive: false });
    if (one.truncated) throw tooLarge();
    add(prefix, filesIn(one.tree));
    for (const child of one.tree) {
      if (child.type !== "tree" || !isWanted(prefix + child.path)) continue;
      const files = complete.get(child.path);
      if (files) known.set(child.sha, files);
      queue.push({ sha: child.sha, prefix: `${prefix}${child.path}/` });
    }
  }
  while (queue.length > 0) {
    const results = await Promise.allSettled(queue.splice(0, lanes).map(visit));
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    await onPart(found.length);
  }
  return select(client, of, commit, { folder, found });
}

interface Listed {
  path: string;
  mode: string;
  type: string;
  sha: string;
  size?: number | undefined;
}

function filesIn(tree: readonly Listed[]): TreeEntry[] {
  return tree.flatMap(({ path, mode, sha, size = 0, type }) => (type === "tree" ? [] : [{ path, mode, sha, size }]));
}

/** The files of the folders right below that a cut list holds whole. Their hashes prove it. */
function completeFolders(tree: readonly Listed[]): Map<string, TreeEntry[]> {
  const children = new Map<string, Listed[]>();
  for (const entry of tree) {
    const folder = entry.path.slice(0, Math.max(0, entry.path.lastIndexOf("/")));
    const list = children.get(folder);
    if (list) list.push(entry);
    else children.set(folder, [entry]);
  }
  const nameOf = ({ path }: Listed) => path.slice(path.lastIndexOf("/") + 1);
  /** Undefined when something is missing. */
  function gather(folder: string, sha: string, from: number): TreeEntry[] | undefined {
    const list = children.get(folder) ?? [];
    const names = list.map((entry) => ({
      name: bytePath(nameOf(entry)),
      mode: entry.mode.replace(/^0/, ""),
      sha: entry.sha,
    }));
    if (treeObject(names).sha !== sha) return undefined;
    const files: TreeEntry[] = [];
    for (const entry of list) {
      if (entry.type !== "tree") {
        const { path, mode, size = 0 } = entry;
        files.push({ path: path.slice(from), mode, sha: entry.sha, size });
        continue;
      }
      const inner = gather(entry.path, entry.sha, from);
      if (!inner) return undefined;
      for (const file of inner) files.push(file);
    }
    return files;
  }
  const complete = new Map<string, TreeEntry[]>();
  for (const { path, type, sha } of children.get("") ?? []) {
    const files = type === "tree" ? gather(path, sha, path.length + 1) : undefined;
    if (files) complete.set(path, files);
  }
  return complete;
}

/** Those of the folder, by their path from there. */
async function select(
  client: Client,
  of: Remote,
  commit: Commit,
  { folder, found }: { folder: string; found: readonly TreeEntry[] },
): Promise<TreeEntry[]> {
  // JSON is UTF-8: names that are not have lost their bytes, and two of them may look alike.
  const named = found.some(({ path }) => path.includes("\uFFFD"))
    ? await withBytes(client, of, commit, { folder, found })
    : found.flatMap((entry) => {
        if (folder === "") return [entry];
        return entry.path.startsWith(`${folder}/`) ? [{ ...entry, path: entry.path.slice(folder.length + 1) }] : [];
      });
  requireRoom(named);
  return named;
}

async function withBytes(
  client: Client,
  of: Remote,
  commit: Commit,
  { folder, found }: { folder: string; found: readonly TreeEntry[] },
): Promise<TreeEntry[]> {
  const sizes = new Map(found.map(({ sha, size }) => [sha, size]));
  const trees = await fetchTrees(client, of, commit.sha);
  return [...filesOf(trees, commit.tree, folder)].map(({ path, mode, sha }) => {
    const shown = displayPath(path);
    const isText = bytePath(shown) === path;
    const raw = isText ? {} : { raw: Buffer.from(path, "latin1").toString("base64") };
    return { path: shown, mode, sha, size: sizes.get(sha) ?? 0, ...raw };
  });
}

async function readTree(
  client: Client,
  { owner, repo }: Remote,
  sha: string,
  { isRecursive }: { isRecursive: boolean },
): Promise<{ tree: Listed[]; truncated: boolean }> {
  try {
    const { data } = await client.octokit.rest.git.getTree({
      owner,
      repo,
      tree_sha: sha,
      ...(isRecursive ? { recursive: "1" } : {}),
    });
    return data;
  } catch (error) {
    throw explain(error, client, `${owner}/${repo}`);
  }
}

function requireRoom(entries: readonly TreeEntry[]): void {
  if (entries.length > maxFiles || entries.reduce((sum, { size }) => sum + size, 0) > maxTotalBytes) throw tooLarge();
}

function tooLarge(): VisibleError {
  return new VisibleError(
    "repository_too_large",
    `This is more than ${maxFiles.toLocaleString("en")} files or 1 GB. Import a folder of it: add /tree/<branch>/<folder> to the address.`,
  );
}
