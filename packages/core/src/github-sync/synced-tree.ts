import { gunzipSync, gzipSync } from "node:zlib";
import { SkippedReason } from "@slipway/contract/github";
import { z } from "zod";
import * as Blob from "../blob/blob.ts";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import { VisibleError } from "@slipway/contract/error";
import type { TreeEntry } from "../github/github.ts";

/**
 * All of a commit, what is not among the project's files included: an export must never take away what an import left
 * out. Kept in S3 beside the project's contents; 10,000 entries are about 500 KB.
 */

const SyncedEntry = z.object({
  path: z.string(),
  mode: z.string(),
  sha: z.string(),
  size: z.number(),
  /** Why it is not a file of the project; `lfs` is one, and only worth saying. */
  reason: SkippedReason.optional(),
  /** What is wrong with it, for people. */
  message: z.string().optional(),
  /** The bytes of a name that is not UTF-8, base64. */
  raw: z.string().optional(),
  /** Its bytes, as the project keeps them. */
  content: z
    .object({
      hash: z.string(),
      size: z.number(),
      kind: z.enum(["text", "binary", "folder"]),
      storage: z.enum(["table", "s3", "none"]),
    })
    .optional(),
});
export type SyncedEntry = z.infer<typeof SyncedEntry>;

/** Whether it is one of the project's files. */
export function isFile(entry: SyncedEntry): boolean {
  return entry.reason === undefined || entry.reason === "lfs";
}

/** Largest file that is imported, as GitHub's own limit is. */
export const maxFileBytes = 100 * 1024 * 1024;

/** What becomes of the entries of a commit. */
export function classify(entries: readonly TreeEntry[]): SyncedEntry[] {
  return entries.map((entry): SyncedEntry => {
    const skip = (reason: SkippedReason, message: string): SyncedEntry => ({ ...entry, reason, message });
    if (entry.mode === "160000")
      return skip(
        "submodule",
        "A submodule: another repository, which stays a link. Import it as a project of its own.",
      );
    if (entry.mode === "120000") return skip("symlink", "A symbolic link. It stays in the repository as it is.");
    try {
      if (File.normalisePath(entry.path) !== entry.path) return skip("name", "Its name cannot be kept exactly.");
    } catch (error) {
      if (!(error instanceof VisibleError)) throw error;
      return skip("name", error.message);
    }
    if (entry.path.includes("�")) return skip("name", "Its name is not valid UTF-8.");
    if (entry.size > maxFileBytes) return skip("too-large", "Larger than 100 MB. It stays in the repository as it is.");
    return entry;
  });
}

export function isPointer(bytes: Uint8Array): boolean {
  return (
    bytes.length < 1024 &&
    Buffer.from(bytes.subarray(0, 60)).toString("latin1").startsWith("version https://git-lfs.github.com/spec/")
  );
}

export const pointerMessage = "Stored in Git LFS: the project has its pointer, not what it points to.";

function keyOf(projectID: string, name: string): string {
  return `files/${projectID}/sources/${name}`;
}

/** (internal) Removes the contents that only trees name: links, and what the other side of a pull had. */
export async function purgeTrees(projectID: string): Promise<void> {
  for (const { key } of await Blob.list(keyOf(projectID, ""))) {
    const entries = await readTree(projectID, key.slice(keyOf(projectID, "").length));
    const hashes = entries.flatMap(({ content }) => (content?.storage === "table" ? [content.hash] : []));
    await FileStore.removeContents(projectID, [...new Set(hashes)]);
  }
}

/** Contents that the trees of a project name. */
export async function namedContents(projectID: string): Promise<string[]> {
  const trees = await Blob.list(keyOf(projectID, ""));
  const entries = await Promise.all(
    trees.map(({ key }) => readTree(projectID, key.slice(keyOf(projectID, "").length))),
  );
  return entries.flat().flatMap(({ content }) => (content ? [content.hash] : []));
}

export async function writeTree(projectID: string, name: string, entries: readonly SyncedEntry[]): Promise<void> {
  await Blob.put(keyOf(projectID, name), gzipSync(JSON.stringify(entries)));
}

export async function readTree(projectID: string, name: string): Promise<SyncedEntry[]> {
  const bytes = await Blob.get(keyOf(projectID, name));
  return z.array(SyncedEntry).parse(JSON.parse(gunzipSync(bytes).toString()));
}
