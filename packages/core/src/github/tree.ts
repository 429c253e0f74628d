import { VisibleError } from "@slipway/contract/error";
import type { Client } from "./client.ts";
import { explain } from "./repository.ts";

/** One entry of a commit, folders excluded. */
export interface TreeEntry {
  path: string;
  mode: string;
  sha: string;
  /** Bytes; 0 for a submodule. */
  size: number;
}

/** Limits of an import: files, and bytes in total. */
export const maxFiles = 50_000;
export const maxTotalBytes = 1024 * 1024 * 1024;

/**
 * Every file of a commit: one request, or one per folder where GitHub truncates its response.
 * @throws VisibleError repository_too_large
 */
export async function listTree(
  client: Client,
  of: { owner: string; repo: string },
  tree: string,
  options: { folder?: string; limits?: { files: number; bytes: number } } = {},
): Promise<TreeEntry[]> {
  const { folder = "", limits = { files: maxFiles, bytes: maxTotalBytes } } = options;
  const entries: TreeEntry[] = [];
  let bytes = 0;
  const add = (entry: TreeEntry) => {
    if (folder !== "" && !entry.path.startsWith(`${folder}/`)) return;
    entries.push({ ...entry, path: folder === "" ? entry.path : entry.path.slice(folder.length + 1) });
    bytes += entry.size;
    if (entries.length > limits.files || bytes > limits.bytes) throw tooLarge();
  };
  const isWanted = (path: string) =>
    folder === "" || path === folder || folder.startsWith(`${path}/`) || path.startsWith(`${folder}/`);
  async function visit(sha: string, prefix: string): Promise<void> {
    const whole = await readTree(client, of, sha, true);
    if (!whole.truncated) {
      for (const { path, mode, sha: blob, size = 0, type } of whole.tree)
        if (type !== "tree") add({ path: prefix + path, mode, sha: blob, size });
      return;
    }
    const one = await readTree(client, of, sha, false);
    if (one.truncated) throw tooLarge();
    for (const { path, mode, sha: child, size = 0, type } of one.tree) {
      if (type === "tree") {
        if (isWanted(prefix + path)) await visit(child, `${prefix}${path}/`);
      } else add({ path: prefix + path, mode, sha: child, size });
    }
  }
  await visit(tree, "");
  return entries;
}

async function readTree(client: Client, { owner, repo }: { owner: string; repo: string }, sha: string, all: boolean) {
  try {
    const { data } = await client.octokit.rest.git.getTree({
      owner,
      repo,
      tree_sha: sha,
      ...(all ? { recursive: "1" } : {}),
    });
    return data;
  } catch (error) {
    throw explain(error, client, `${owner}/${repo}`);
  }
}

function tooLarge(): VisibleError {
  return new VisibleError(
    "repository_too_large",
    `This is more than ${maxFiles.toLocaleString("en")} files or 1 GB. Import a folder of it: add /tree/<branch>/<folder> to the address.`,
  );
}
