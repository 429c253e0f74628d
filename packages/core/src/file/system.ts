import { putItem, removeRows, updateItem, type WriteItem } from "../table/table.ts";
import * as Blob from "../blob/blob.ts";
import { commitChanges, readHead, type Head } from "./commit.ts";
import { blobKey, encodeBytes, encodeText, load, loadRows, loadText, removeContents, store } from "./content.ts";
import { CheckpointEntity, HeadEntity, LogEntity, MetaEntity, type LogEntry, type Version } from "./file.entity.ts";
import { findCheckpoint } from "./snapshot.ts";
import type { Meta } from "./plan.ts";
import { listMetas } from "./tree.ts";
import { parseWriter, type Writer } from "./writer.ts";

export { apply, fitsOneCommit, GuardRefused, isRace, type Applied, type Guard } from "./apply.ts";
export { isText, removeContents } from "./content.ts";
export { fill, filled, flip, nextGeneration, type Generation, type NewFile } from "./fill.ts";
export { byDepth, listMetas, metasAfter, orderChanges, readTree, rowAt, versionsAt } from "./tree.ts";
export { planRestore } from "./restore.ts";
export { pathsChangedBy, planUndo, type UndoPlan } from "./undo.ts";
export { collect } from "./collect.ts";
export { commitChanges, findCheckpoint };

/**
 * The files of a project, for the server itself: verbs that take no actor and authorise nobody. The caller has done so.
 * Lint keeps this module out of the API's routes.
 */

/** The project's first row of files. `filling` refuses every commit until an import has flipped to what it fills. */
export function headItem(projectID: string, filling = false): WriteItem {
  return putItem(HeadEntity.create({ projectID, rev: 0, gen: 1, ...(filling ? { filling } : {}) }));
}

/** Refuses every commit from now on: for the transaction that removes the project. */
export function removedHeadItem(projectID: string): WriteItem {
  return updateItem(HeadEntity.patch({ projectID }).set({ removed: true }).add({ rev: 1 }));
}

/** @throws VisibleError not_found */
export async function head(projectID: string): Promise<Head> {
  return readHead(projectID);
}

/** Every row, folders too: 27 RRU per 1,000. */
export async function allMetas(projectID: string): Promise<{ head: Head; metas: Meta[] }> {
  const at = await readHead(projectID);
  return { head: at, metas: await listMetas(projectID, at.gen) };
}

export async function textOf(projectID: string, version: Version): Promise<string> {
  return loadText(projectID, version);
}

export async function bytesOf(projectID: string, version: Version): Promise<Uint8Array> {
  return load(projectID, version);
}

/** Where bytes in S3 are read without us, for 15 minutes. A text is stored compressed, and says so. */
export async function bytesURL(projectID: string, { hash }: Version): Promise<string> {
  return Blob.downloadURL(blobKey(projectID, hash), { type: "application/octet-stream", seconds: 900 });
}

/** Texts that are read ahead of their turn. */
const readAhead = 100;

/** The bytes of many files, in their order; read 100 at a time, so that memory does not grow with their number. */
export async function* bytesOfAll(
  projectID: string,
  versions: readonly Omit<Version, "mode">[],
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < versions.length; at += readAhead) {
    const part = versions.slice(at, at + readAhead);
    const rows = await loadRows(projectID, part);
    for (const version of part) yield rows.get(version.hash) ?? (await load(projectID, version));
  }
}

/** Keeps bytes that no file names yet. */
export async function storeBytes(projectID: string, raw: Uint8Array, mode = "100644"): Promise<Version> {
  const encoded = encodeBytes(raw);
  await store(projectID, [encoded]);
  const { hash, size, kind, storage } = encoded;
  return { hash, size, kind, storage, mode };
}

/** As `storeBytes`, of many, in their order: 25 a request where they fit into the table. */
export async function storeAllBytes(projectID: string, raws: readonly Uint8Array[]): Promise<Omit<Version, "mode">[]> {
  const encoded = raws.map(encodeBytes);
  await store(projectID, encoded);
  return encoded.map(({ hash, size, kind, storage }) => ({ hash, size, kind, storage }));
}

/** Keeps a text that no file names yet. */
export async function storeText(projectID: string, content: string): Promise<Version> {
  const encoded = encodeText(content);
  await store(projectID, [encoded]);
  const { hash, size, kind, storage } = encoded;
  return { hash, size, kind, storage, mode: "100644" };
}

/** Who has committed after a revision, in order of first commit. */
export async function writersSince(projectID: string, since: number): Promise<Writer[]> {
  const { data } = await LogEntity.query
    .byRev({ projectID })
    .gt({ rev: since })
    .go({ pages: "all", attributes: ["writer"] });
  const writers = data.map(({ writer }) => parseWriter(writer));
  return [...new Map(writers.map((writer) => [`${writer.kind} ${writer.id}`, writer])).values()];
}

/** Removes everything of a removed project. Safe to repeat. */
export async function purge(projectID: string): Promise<void> {
  const { data: at } = await HeadEntity.get({ projectID }).go();
  const { data: log } = await LogEntity.query.byRev({ projectID }).go({ pages: "all" });
  const hashes = log.flatMap((row) => (row.entries as LogEntry[]).flatMap(({ hash }) => hash ?? []));
  await removeContents(projectID, [...new Set(hashes)]);
  // One more than the newest: a cancelled import may have begun to fill it.
  for (let gen = 1; gen <= (at?.gen ?? 1) + 1; gen++) {
    const rows = await listMetas(projectID, gen);
    await removeContents(projectID, [...new Set(rows.map(({ hash }) => hash))]);
    await removeRows(
      rows.map(({ path }) => ({ projectID, gen, path })),
      (part) => MetaEntity.delete(part).go(),
    );
  }
  const checkpoints = await CheckpointEntity.query.byRev({ projectID }).go({ pages: "all" });
  await Promise.all([
    removeRows(
      checkpoints.data.map(({ rev }) => ({ projectID, rev })),
      (part) => CheckpointEntity.delete(part).go(),
    ),
    Blob.removePrefix(`files/${projectID}/`),
    Blob.removePrefix(`manifests/${projectID}/`),
  ]);
  await removeRows(
    log.map(({ rev }) => ({ projectID, rev })),
    (part) => LogEntity.delete(part).go(),
  );
  await HeadEntity.delete({ projectID }).go();
}
