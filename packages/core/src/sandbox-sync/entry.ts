import { maxInlineSyncBytes, maxSyncedBytes, type StoreEntry } from "@slipway/contract/routes/sandbox-sync";
import type { Meta } from "../file/file.ts";
import * as FileStore from "../file/system.ts";

/** A path of the store as the runner is told of it. */

/** Undefined for a file that is too large to be synced. */
export async function toEntry(
  projectID: string,
  path: string,
  meta: Meta | undefined,
): Promise<StoreEntry | undefined> {
  if (meta === undefined) return { type: "gone", path };
  if (meta.kind === "folder") return { type: "folder", path };
  if (meta.size > maxSyncedBytes) return undefined;
  const { rev, hash, size } = meta;
  const file = { type: "file" as const, path, rev, hash, size, mode: modeOf(meta) };
  // A text in the table has no address, however long it is: it compresses well.
  if (size > maxInlineSyncBytes && meta.storage === "s3")
    return { ...file, url: await FileStore.bytesURL(projectID, meta) };
  const bytes = Buffer.from(await FileStore.bytesOf(projectID, meta));
  return meta.kind === "text" ? { ...file, text: bytes.toString() } : { ...file, data: bytes.toString("base64") };
}

export function modeOf({ mode }: Pick<Meta, "mode">): "100644" | "100755" {
  return mode === "100755" ? "100755" : "100644";
}
