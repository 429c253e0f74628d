import { gunzipSync, gzipSync } from "node:zlib";
import { SkippedReason } from "@slipway/contract/github";
import { z } from "zod";
import * as Blob from "../blob/blob.ts";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import { VisibleError } from "@slipway/contract/error";
import type { TreeEntry } from "../github/github.ts";

/**
 * Every entry of a commit, including those that are not project files: an export must never delete what an import left
 * out. Kept in S3 beside the project's contents; 10,000 entries are about 500 KB.
 */

const SyncedEntry = z.object({
  path: z.string(),
  mode: z.string(),
  sha: z.string(),
  size: z.number(),
  /** Why it is not a project file. `lfs` entries are project files; the reason is informational. */
  reason: SkippedReason.optional(),
  /** The reason in words. */
  message: z.string().optional(),
  /** The name's bytes in base64, when they are not UTF-8. */
  raw: z.string().optional(),
  /** Git has other bytes than the project: other line ends, or a pointer to Git LFS. */
  isCleaned: z.boolean().optional(),
  /** Its content in the project's store. */
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

/** Whether it is a project file. */
export function isFile(entry: SyncedEntry): boolean {
  return entry.reason === undefined || entry.reason === "lfs";
}

/** The largest file that is imported: GitHub's own limit. */
export const maxFileBytes = 100 * 1024 * 1024;

/** Decides which entries of a commit become project files. */
export function classify(entries: readonly TreeEntry[]): SyncedEntry[] {
  return entries.map((entry): SyncedEntry => {
    const skip = (reason: SkippedReason, message: string): SyncedEntry => ({ ...entry, reason, message });
    if (entry.mode === "160000")
      return skip(
        "submodule",
        "A submodule. It stays a link to another repository; import that one as its own project.",
      );
    if (entry.mode === "120000") return skip("symlink", "A symbolic link. It stays in the repository unchanged.");
    if (entry.raw) return skip("name", "Its name is not valid UTF-8.");
    try {
      if (File.normalisePath(entry.path) !== entry.path) return skip("name", "Its name cannot be stored exactly.");
    } catch (error) {
      if (!(error instanceof VisibleError)) throw error;
      return skip("name", error.message);
    }
    if (entry.size > maxFileBytes)
      return skip("too-large", "Larger than 100 MB. It stays in the repository unchanged.");
    return entry;
  });
}

function keyOf(projectID: string, name: string): string {
  return `files/${projectID}/sources/${name}`;
}

/** Removes the contents that only trees name: links, and upstream's side of a pull. */
export async function purgeTrees(projectID: string): Promise<void> {
  for (const { key } of await Blob.list(keyOf(projectID, ""))) {
    const entries = await readTree(projectID, key.slice(keyOf(projectID, "").length));
    const hashes = entries.flatMap(({ content }) => content?.hash ?? []);
    await FileStore.removeContents(projectID, [...new Set(hashes)]);
  }
}

/** Hashes of the contents that a project's trees reference. */
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

/** As `readTree`, or undefined when there is none of this name. */
export async function findTree(projectID: string, name: string): Promise<SyncedEntry[] | undefined> {
  return (await Blob.size(keyOf(projectID, name))) === undefined ? undefined : readTree(projectID, name);
}
