import { maxInlineSyncBytes, maxSyncedBytes, type StoreEntry } from "@slipway/contract/routes/sandbox-sync";
import type { Meta } from "../file/file.ts";
import * as FileStore from "../file/system.ts";

/** A path of the store as the runner is told of it. */

/** Undefined for a file that is too large to be synced. `known` holds contents by hash that have been read already. */
export async function toEntry(
  projectID: string,
  path: string,
  meta: Meta | undefined,
  known?: ReadonlyMap<string, Uint8Array>,
): Promise<StoreEntry | undefined> {
  if (meta === undefined) return { type: "gone", path };
  if (meta.kind === "folder") return { type: "folder", path };
  if (meta.size > maxSyncedBytes) return undefined;
  const { rev, hash, size } = meta;
  const file = { type: "file" as const, path, rev, hash, size, mode: modeOf(meta) };
  if (hasAddress(meta)) return { ...file, url: await FileStore.bytesURL(projectID, meta) };
  const bytes = Buffer.from(known?.get(hash) ?? (await FileStore.bytesOf(projectID, meta)));
  return meta.kind === "text" ? { ...file, text: bytes.toString() } : { ...file, data: bytes.toString("base64") };
}

/** The contents of those that go with their entries, by hash: 100 a request. */
export async function contentsOf(projectID: string, metas: readonly Meta[]): Promise<Map<string, Uint8Array>> {
  const wanted = metas.filter((meta) => meta.kind !== "folder" && meta.size <= maxSyncedBytes && !hasAddress(meta));
  const contents = new Map<string, Uint8Array>();
  let at = 0;
  for await (const bytes of FileStore.bytesOfAll(projectID, wanted)) contents.set(wanted[at++]?.hash ?? "", bytes);
  return contents;
}

/** A text in the table has no address, however long it is: it compresses well. */
function hasAddress({ size, storage }: Meta): boolean {
  return size > maxInlineSyncBytes && storage === "s3";
}

export function modeOf({ mode }: Pick<Meta, "mode">): "100644" | "100755" {
  return mode === "100755" ? "100755" : "100644";
}
