import { createHash } from "node:crypto";
import { maxInlineSyncBytes, maxSyncedBytes, type StoreEntry } from "@slipway/contract/routes/sandbox-sync";
import type { Meta } from "../file/file.ts";
import * as FileStore from "../file/system.ts";

/** A path of the store as the runner is told of it. */

/** The store names contents by the first 192 bits of their SHA-256. */
export function storedHash(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64url").slice(0, 32);
}

export function hexHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Undefined for a file that is too large to be synced. */
export async function toEntry(
  projectID: string,
  path: string,
  meta: Meta | undefined,
): Promise<StoreEntry | undefined> {
  if (meta === undefined) return { type: "gone", path };
  if (meta.kind === "folder") return { type: "folder", path };
  if (meta.size > maxSyncedBytes) return undefined;
  const bytes = await FileStore.bytesOf(projectID, meta);
  const file = {
    type: "file" as const,
    path,
    rev: meta.rev,
    hash: hexHash(bytes),
    size: meta.size,
    mode: modeOf(meta),
  };
  // A text in the table has no address, however long it is: it compresses well.
  if (meta.size > maxInlineSyncBytes && meta.storage === "s3")
    return { ...file, url: await FileStore.bytesURL(projectID, meta) };
  return meta.kind === "text"
    ? { ...file, text: Buffer.from(bytes).toString() }
    : { ...file, data: Buffer.from(bytes).toString("base64") };
}

export function modeOf({ mode }: Pick<Meta, "mode">): "100644" | "100755" {
  return mode === "100755" ? "100755" : "100644";
}
