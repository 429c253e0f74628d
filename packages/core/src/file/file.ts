import { VisibleError } from "@slipway/contract/error";
import {
  maxInlineBytes,
  type ChangesSince,
  type Checkpoint,
  type FileContent,
  type FileEntry,
  type FileList,
} from "@slipway/contract/file";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import { create as createID } from "../id/id.ts";
import { authorise, type Actor } from "../member/member.ts";
import { putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { announce, commitChanges, readHead, serializeEntry, type Change, type Head, type Meta } from "./commit.ts";
import { blobKey, encodeBinary, encodeText, isText, loadText, removeContents, store } from "./content.ts";
import { CheckpointEntity, HeadEntity, LogEntity, MetaEntity, UploadEntity, type LogEntry } from "./file.entity.ts";
import { createCheckpoint, listCheckpoints } from "./manifest.ts";
import { normalisePath } from "./path.ts";
import { searchMetas, type Hit, type SearchOptions } from "./search.ts";
import { carryOut } from "./series.ts";
import { typeOf } from "./type.ts";

export { CommitRefused } from "./commit.ts";
export { normalisePath } from "./path.ts";
export { resumeIntents } from "./series.ts";
export type { Hit, SearchOptions } from "./search.ts";

/** The files of a project: see `docs/decisions/0006-files.md` for the model. Every verb authorises its actor. */

export function headItem(projectID: string): WriteItem {
  return putItem(HeadEntity.create({ projectID, rev: 0, gen: 1 }));
}

/** (internal) */
export async function head(projectID: string): Promise<Head> {
  return readHead(projectID);
}

/** All files: two round trips, 27 RRU per 1,000. */
export async function list(actor: Actor, projectID: string): Promise<FileList> {
  const at = await readable(actor, projectID);
  const files = (await metas(projectID, at.gen)).map(serializeEntry);
  return { rev: at.rev, gen: at.gen, files };
}

/** Three round trips: authorise and head, meta, content. @throws VisibleError not_found */
export async function read(actor: Actor, projectID: string, path: string): Promise<FileContent> {
  const meta = await find(actor, projectID, path);
  const entry = serializeEntry(meta);
  if (meta.kind === "folder") return entry;
  if (meta.kind === "text" && meta.size <= maxInlineBytes)
    return { ...entry, content: await loadText(projectID, meta) };
  // A text keeps its table row small enough to never come here from there.
  const url = await Blob.downloadURL(blobKey(projectID, meta.hash), {
    type: typeOf(meta.path, meta.kind),
    seconds: 300,
  });
  return { ...entry, url };
}

/** @throws VisibleError not_found, not_text */
export async function readText(
  actor: Actor,
  projectID: string,
  path: string,
): Promise<{ path: string; rev: number; content: string }> {
  const meta = await find(actor, projectID, path);
  if (meta.kind !== "text")
    throw new VisibleError("not_text", `"${meta.path}" is ${meta.kind === "folder" ? "a folder" : "not text"}.`);
  return { path: meta.path, rev: meta.rev, content: await loadText(projectID, meta) };
}

/** All of the changes or none. What is written `alongside` is true together with them. @throws as `commitChanges` */
export async function commit(
  actor: Actor,
  projectID: string,
  options: { changes: readonly Change[]; alongside?: readonly WriteItem[] },
): Promise<{ rev: number }> {
  const [at] = await Promise.all([readHead(projectID), authorise(actor, "write", projectID)]);
  return commitChanges({
    projectID,
    by: actor.runID ?? actor.userID,
    changes: options.changes.map(normaliseChange),
    head: at,
    ...(options.alongside ? { alongside: options.alongside } : {}),
  });
}

/** Moves a file or a folder with all it holds, however many: at once where one commit can. */
export async function move(
  actor: Actor,
  projectID: string,
  path: string,
  to: string,
  rev?: number,
): Promise<{ rev: number; path: string }> {
  const change = {
    op: "move" as const,
    path: normalisePath(path),
    to: normalisePath(to),
    ...(rev === undefined ? {} : { rev }),
  };
  try {
    return { ...(await commit(actor, projectID, { changes: [change] })), path: change.to };
  } catch (error) {
    if (!isTooMany(error)) throw error;
    const moved = await carryOut({
      projectID,
      kind: "move",
      path: change.path,
      to: change.to,
      by: actor.runID ?? actor.userID,
    });
    return { rev: moved, path: change.to };
  }
}

/** Deletes a file or a folder with all it holds, however many. */
export async function remove(actor: Actor, projectID: string, path: string, rev?: number): Promise<{ rev: number }> {
  const change = { op: "delete" as const, path: normalisePath(path), ...(rev === undefined ? {} : { rev }) };
  try {
    return await commit(actor, projectID, { changes: [change] });
  } catch (error) {
    if (!isTooMany(error)) throw error;
    return { rev: await carryOut({ projectID, kind: "remove", path: change.path, by: actor.runID ?? actor.userID }) };
  }
}

/** Every commit after a revision: one query, 0.5 RRU for a few. */
export async function changesSince(
  actor: Actor,
  projectID: string,
  since: number,
  gen?: number,
): Promise<ChangesSince> {
  const at = await readable(actor, projectID);
  const { data } = await LogEntity.query.byRev({ projectID }).gt({ rev: since }).go({ pages: "all", consistent: true });
  const isImport = data.some((row) => (row.entries as LogEntry[]).some((entry) => entry.op === "import"));
  const reload = isImport || (gen !== undefined && gen !== at.gen) || since > at.rev;
  const commits = data
    .filter((row) => row.rev <= at.rev)
    .map((row) => ({
      rev: row.rev,
      at: row.at,
      by: row.by,
      changes: (row.entries as LogEntry[]).flatMap(({ path, op, kind, size, from }) =>
        op === "import"
          ? []
          : [
              {
                path,
                op,
                ...(kind ? { kind } : {}),
                ...(size === undefined ? {} : { size }),
                ...(from ? { from } : {}),
              },
            ],
      ),
    }));
  return { rev: at.rev, gen: at.gen, commits: reload ? [] : commits, reload };
}

export async function search(
  actor: Actor,
  projectID: string,
  options: SearchOptions,
): Promise<{ hits: Hit[]; cut: boolean }> {
  const at = await readable(actor, projectID);
  const path = options.path === undefined || options.path === "" ? undefined : normalisePath(options.path);
  return searchMetas(projectID, await metas(projectID, at.gen), { ...options, path });
}

export async function checkpoint(actor: Actor, projectID: string, label: string): Promise<Checkpoint> {
  const [at] = await Promise.all([readHead(projectID), authorise(actor, "write", projectID)]);
  return createCheckpoint(projectID, at, label);
}

export async function checkpoints(actor: Actor, projectID: string): Promise<Checkpoint[]> {
  await authorise(actor, "read", projectID);
  return listCheckpoints(projectID);
}

/**
 * Puts all files back as they were at a checkpoint, as commits like any others. What it was before is a checkpoint too
 * (`undo`). A file that someone changes meanwhile keeps that change.
 */
export async function restore(actor: Actor, projectID: string, rev: number): Promise<{ rev: number; undo: number }> {
  const [at] = await Promise.all([readHead(projectID), authorise(actor, "write", projectID)]);
  const known = await CheckpointEntity.get({ projectID, rev }).go({ consistent: true });
  if (!known.data) throw new VisibleError("not_found", "There is no such checkpoint.");
  const undo = await createCheckpoint(projectID, at, `Before the restore of "${known.data.label}"`);
  const after = await carryOut({
    projectID,
    kind: "restore",
    checkpoint: rev,
    base: at.rev,
    by: actor.runID ?? actor.userID,
  });
  return { rev: after, undo: undo.rev };
}

const uploadSeconds = 900;

/** A place in S3 for bytes that do not travel in JSON. */
export async function createUpload(
  actor: Actor,
  projectID: string,
  size: number,
): Promise<{ id: string; url: string; expiresAt: number }> {
  await authorise(actor, "write", projectID);
  const uploadID = createID("upload");
  const expiresAt = now() + uploadSeconds * 1000;
  await UploadEntity.put({
    uploadID,
    projectID,
    userID: actor.userID,
    size,
    validUntil: expiresAt,
    expires: Math.ceil(expiresAt / 1000) + 86_400,
  }).go();
  return { id: uploadID, url: await Blob.uploadURL(uploadKey(uploadID), size, uploadSeconds), expiresAt };
}

/** Makes a file of a finished upload. @throws VisibleError not_found, invalid_input, and as `commit` */
export async function putUpload(
  actor: Actor,
  projectID: string,
  path: string,
  uploadID: string,
  rev: number | undefined,
): Promise<FileEntry> {
  const [{ data: upload }] = await Promise.all([
    UploadEntity.get({ uploadID }).go({ consistent: true }),
    authorise(actor, "write", projectID),
  ]);
  if (upload?.projectID !== projectID || upload.userID !== actor.userID || upload.validUntil < now()) {
    throw new VisibleError("not_found", "There is no such upload, or it has expired. Upload the file again.");
  }
  const size = await Blob.size(uploadKey(uploadID));
  if (size === undefined) throw new VisibleError("invalid_input", "Nothing has been uploaded yet.");
  if (size !== upload.size)
    throw new VisibleError("invalid_input", `The upload has ${size} bytes instead of ${upload.size}.`);
  const raw = await Blob.get(uploadKey(uploadID));
  const content = isText(raw) ? encodeText(new TextDecoder().decode(raw)) : encodeBinary(raw);
  await store(projectID, [content]);
  const change: Change = {
    op: "store",
    path: normalisePath(path),
    content: { hash: content.hash, size: content.size, kind: content.kind, storage: content.storage, mode: "100644" },
    rev,
  };
  await commit(actor, projectID, { changes: [change] });
  await Blob.remove(uploadKey(uploadID));
  return entry(actor, projectID, change.path);
}

/** @throws VisibleError not_found */
export async function entry(actor: Actor, projectID: string, path: string): Promise<FileEntry> {
  return serializeEntry(await find(actor, projectID, path));
}

/**
 * (internal) Fills the next generation from an import and flips to it, so that nobody sees half of it. Only a project
 * without files may be filled this way; a cursor from before is told to reload.
 */
export async function importTree(
  projectID: string,
  by: string,
  files: AsyncIterable<{ path: string; bytes: Uint8Array; mode?: string }>,
): Promise<{ rev: number; files: number }> {
  const at = await readHead(projectID);
  const gen = at.gen + 1;
  const rev = at.rev + 1;
  let count = 0;
  for await (const { path, bytes, mode = "100644" } of files) {
    const content = isText(bytes) ? encodeText(new TextDecoder().decode(bytes)) : encodeBinary(bytes);
    await store(projectID, [content]);
    const { hash, size, kind, storage } = content;
    await MetaEntity.put({
      projectID,
      gen,
      path: normalisePath(path),
      fileID: createID("file"),
      hash,
      size,
      kind,
      storage,
      mode,
      rev,
    }).go();
    count++;
  }
  const entries: LogEntry[] = [{ path: "", op: "import" }];
  const written = await transact([
    updateItem(
      HeadEntity.patch({ projectID })
        .set({ rev, gen })
        .where(
          (attribute, operation) => `${operation.eq(attribute.rev, at.rev)} AND ${operation.eq(attribute.gen, at.gen)}`,
        ),
    ),
    putItem(LogEntity.create({ projectID, rev, at: now(), by, entries })),
  ]);
  if (!written.ok) throw new VisibleError("conflict", "The project was changed during the import.");
  await announce(projectID, rev);
  return { rev, files: count };
}

/** (internal) Removes everything of a removed project. Safe to repeat. */
export async function purge(projectID: string): Promise<void> {
  const { data: head } = await HeadEntity.get({ projectID }).go();
  const { data: log } = await LogEntity.query.byRev({ projectID }).go({ pages: "all" });
  const hashes = log.flatMap((row) =>
    (row.entries as LogEntry[]).flatMap(({ hash, storage }) => (hash && storage === "table" ? [hash] : [])),
  );
  await removeContents(projectID, [...new Set(hashes)]);
  for (let gen = 1; gen <= (head?.gen ?? 1); gen++) {
    const rows = await metas(projectID, gen);
    for (let at = 0; at < rows.length; at += 25) {
      await MetaEntity.delete(rows.slice(at, at + 25).map(({ path }) => ({ projectID, gen, path }))).go();
    }
  }
  await Promise.all([Blob.removePrefix(`files/${projectID}/`), Blob.removePrefix(`manifests/${projectID}/`)]);
  for (const { rev } of log) await LogEntity.delete({ projectID, rev }).go();
  await HeadEntity.delete({ projectID }).go();
}

async function readable(actor: Actor, projectID: string): Promise<Head> {
  const [, at] = await Promise.all([authorise(actor, "read", projectID), readHead(projectID)]);
  return at;
}

async function metas(projectID: string, gen: number): Promise<Meta[]> {
  const { data } = await MetaEntity.query.byPath({ projectID, gen }).go({ pages: "all", consistent: true });
  return data;
}

async function find(actor: Actor, projectID: string, path: string): Promise<Meta> {
  const normal = normalisePath(path);
  const at = await readable(actor, projectID);
  const { data } = await MetaEntity.get({ projectID, gen: at.gen, path: normal }).go({ consistent: true });
  if (!data) throw new VisibleError("not_found", `There is no "${normal}".`, { path: normal });
  return data;
}

function normaliseChange(change: Change): Change {
  const path = normalisePath(change.path);
  return change.op === "move" ? { ...change, path, to: normalisePath(change.to) } : { ...change, path };
}

function isTooMany(error: unknown): boolean {
  return error instanceof VisibleError && error.code === "too_many_changes";
}

function uploadKey(uploadID: string): string {
  return `uploads/${uploadID}`;
}
