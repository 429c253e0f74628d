import type { Readable } from "node:stream";
import { VisibleError } from "@slipway/contract/error";
import {
  maxInlineBytes,
  maxPathBytes,
  type ChangesSince,
  type Checkpoint,
  type FileContent,
  type FileEntry,
  type FileList,
  type SearchQuery,
} from "@slipway/contract/file";
import { z } from "zod";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import * as Cursor from "../cursor/cursor.ts";
import { create as createID } from "../id/id.ts";
import { authorise, type Actor } from "../member/member.ts";
import { putItem, removeRows, type WriteItem } from "../table/table.ts";
import {
  commitChanges,
  readHead,
  serializeEntry,
  type Change,
  type Committed,
  type Head,
  type Meta,
} from "./commit.ts";
import {
  blobKey,
  encodeBytes,
  encodeText,
  load,
  loadRows,
  loadText,
  loadTexts,
  removeContents,
  store,
} from "./content.ts";
import {
  CheckpointEntity,
  HeadEntity,
  IntentEntity,
  LogEntity,
  MetaEntity,
  UploadEntity,
  type LogEntry,
  type Version,
} from "./file.entity.ts";
import { createCheckpoint, listCheckpoints } from "./manifest.ts";
import { normalisePath } from "./path.ts";
import { replaceChanges } from "./replace.ts";
import { pageLimits, searchPage, toolLimits, type SearchPage } from "./search.ts";
import { carryOut } from "./series.ts";
import { planUndo, versionsAt, type UndoRange } from "./undo.ts";
import { typeOf } from "./type.ts";

export { CommitRefused } from "./commit.ts";
export { isText, removeContents } from "./content.ts";
export { fill, filled, flip, nextGeneration, type Generation, type NewFile } from "./fill.ts";
export { ancestors, normalisePath } from "./path.ts";
export { resumeIntents } from "./series.ts";
export type { Change, Meta } from "./commit.ts";
export type { Version } from "./file.entity.ts";
export { pathsChangedBy, type UndoRange } from "./undo.ts";
export type { SearchPage } from "./search.ts";

/** The files of a project: see `docs/decisions/0006-files.md` for the model. Every verb authorises its actor. */

/** `filling` refuses every commit until an import has flipped to what it fills. */
export function headItem(projectID: string, filling = false): WriteItem {
  return putItem(HeadEntity.create({ projectID, rev: 0, gen: 1, ...(filling ? { filling } : {}) }));
}

/** (internal) */
export async function head(projectID: string): Promise<Head> {
  return readHead(projectID);
}

/** All files: two round trips, 27 RRU per 1,000. */
export async function list(actor: Actor, projectID: string): Promise<FileList> {
  const at = await readable(actor, projectID);
  const { data } = await MetaEntity.query
    .byPath({ projectID, gen: at.gen })
    .go({ pages: "all", consistent: true, attributes: ["path", "kind", "size", "rev"] });
  return { rev: at.rev, gen: at.gen, files: data };
}

/** Three round trips: authorise and head, meta, content. @throws VisibleError not_found */
export async function read(actor: Actor, projectID: string, path: string): Promise<FileContent> {
  const meta = await metaAt(actor, projectID, path);
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
  const meta = await metaAt(actor, projectID, path);
  if (meta.kind !== "text")
    throw new VisibleError("not_text", `"${meta.path}" is ${meta.kind === "folder" ? "a folder" : "not text"}.`);
  return { path: meta.path, rev: meta.rev, content: await loadText(projectID, meta) };
}

/** All of the changes or none. What is written `alongside` is true together with them. @throws as `commitChanges` */
export async function commit(
  actor: Actor,
  projectID: string,
  options: { changes: readonly Change[]; alongside?: readonly WriteItem[] },
): Promise<Committed> {
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
): Promise<{ rev: number; path: string; undo: UndoRange }> {
  const change = {
    op: "move" as const,
    path: normalisePath(path),
    to: normalisePath(to),
    ...(rev === undefined ? {} : { rev }),
  };
  try {
    const { rev: moved } = await commit(actor, projectID, { changes: [change] });
    return { rev: moved, path: change.to, undo: { from: moved - 1, to: moved } };
  } catch (error) {
    if (!isTooMany(error)) throw error;
    const { rev: from } = await readHead(projectID);
    const moved = await carryOut({
      projectID,
      kind: "move",
      path: change.path,
      to: change.to,
      by: actor.runID ?? actor.userID,
    });
    return { rev: moved, path: change.to, undo: { from, to: moved, paths: [change.path, change.to] } };
  }
}

/** Deletes a file or a folder with all it holds, however many. */
export async function remove(
  actor: Actor,
  projectID: string,
  path: string,
  rev?: number,
): Promise<{ rev: number; undo: UndoRange }> {
  const change = { op: "delete" as const, path: normalisePath(path), ...(rev === undefined ? {} : { rev }) };
  try {
    const { rev: removed } = await commit(actor, projectID, { changes: [change] });
    return { rev: removed, undo: { from: removed - 1, to: removed } };
  } catch (error) {
    if (!isTooMany(error)) throw error;
    const { rev: from } = await readHead(projectID);
    const by = actor.runID ?? actor.userID;
    const removed = await carryOut({ projectID, kind: "remove", path: change.path, by });
    return { rev: removed, undo: { from, to: removed, paths: [change.path] } };
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

/** A search of the agent: the whole project or a folder in one call. Cut where `next` is set. @throws as `searchPage` */
export async function search(
  actor: Actor,
  projectID: string,
  options: {
    pattern: string;
    path?: string | undefined;
    kind?: "content" | "name" | undefined;
    caseSensitive?: boolean | undefined;
    signal?: AbortSignal | undefined;
  },
): Promise<SearchPage> {
  const { pattern, path, kind, caseSensitive = false, signal } = options;
  const at = await readable(actor, projectID);
  const below = path === undefined || ["", ".", "/", "./"].includes(path) ? undefined : normalisePath(path);
  const names = kind === "name";
  return searchPage(
    projectID,
    at.gen,
    { query: pattern, isRegex: true, caseSensitive, below, names, signal },
    toolLimits,
  );
}

/** Path of the last file searched. */
const FindPosition = z.string().refine((path) => Buffer.byteLength(path) <= maxPathBytes);

/** A page of the files that match, in the order of their paths. @throws as `searchPage` */
export async function find(
  actor: Actor,
  projectID: string,
  query: SearchQuery & { replacement?: string | undefined; cursor?: string | undefined },
): Promise<Omit<SearchPage, "next"> & { cursor?: string }> {
  const after = Cursor.decode("find", FindPosition, query.cursor);
  const at = await readable(actor, projectID);
  const { next, ...page } = await searchPage(projectID, at.gen, { ...query, after }, pageLimits);
  return next === undefined ? page : { ...page, cursor: Cursor.encode("find", FindPosition, next) };
}

/** Replaces every match in files as they were found, in one commit. What has changed since is `stale`, and left alone. */
export async function replace(
  actor: Actor,
  projectID: string,
  query: SearchQuery & { replacement: string; files: readonly { path: string; rev: number }[] },
): Promise<{ replaced: number; files: string[]; stale: string[]; undo: UndoRange }> {
  const [at] = await Promise.all([readHead(projectID), authorise(actor, "write", projectID)]);
  const wanted = new Map(query.files.map(({ path, rev }) => [normalisePath(path), rev]));
  const current = await versionsAt(projectID, at.gen, [...wanted.keys()]);
  const fresh = [...current.values()].filter((meta) => meta.kind === "text" && wanted.get(meta.path) === meta.rev);
  const { changes, replaced } = await replaceChanges(projectID, fresh, query);
  const stale = [...wanted.keys()].filter((path) => !fresh.some((meta) => meta.path === path));
  if (changes.length === 0) return { replaced: 0, files: [], stale, undo: { from: at.rev, to: at.rev } };
  const { rev } = await commitChanges({ projectID, by: actor.runID ?? actor.userID, changes, head: at });
  return { replaced, files: changes.map(({ path }) => path), stale, undo: { from: rev - 1, to: rev } };
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

export interface Content {
  path: string;
  mode: string;
  compress: boolean;
  open(): Promise<Uint8Array | Readable>;
}

/** Texts that are read ahead of their turn. */
const readAhead = 100;

/** (internal) Every file with its bytes, to be opened one after the other. */
export async function contentsOf(actor: Actor, projectID: string): Promise<Content[]> {
  const at = await readable(actor, projectID);
  const all = await metas(projectID, at.gen);
  const inTable = all.filter(({ storage }) => storage === "table");
  const position = new Map(inTable.map((meta, index) => [meta.path, index]));
  let ahead = { from: -1, texts: new Map<string, string>() };
  async function text(meta: Meta): Promise<Uint8Array> {
    const from = Math.floor((position.get(meta.path) ?? 0) / readAhead) * readAhead;
    if (ahead.from !== from) ahead = { from, texts: await loadTexts(projectID, inTable.slice(from, from + readAhead)) };
    return new TextEncoder().encode(ahead.texts.get(meta.hash) ?? "");
  }
  return all.map((meta) => ({
    path: meta.path,
    mode: meta.mode,
    compress: meta.kind === "text",
    open: () => {
      if (meta.storage === "table") return text(meta);
      return meta.kind === "binary" ? Blob.getStream(blobKey(projectID, meta.hash)) : load(projectID, meta);
    },
  }));
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

/**
 * (internal) The bytes of an upload that its maker has finished, for the project that it was made for.
 * @throws VisibleError not_found, invalid_input
 */
export async function finishedUpload(actor: Actor, projectID: string, uploadID: string): Promise<Uint8Array> {
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
  return Blob.get(uploadKey(uploadID));
}

/** Makes a file of a finished upload. @throws VisibleError not_found, invalid_input, and as `commit` */
export async function putUpload(
  actor: Actor,
  projectID: string,
  path: string,
  uploadID: string,
  rev: number | undefined,
): Promise<FileEntry> {
  const raw = await finishedUpload(actor, projectID, uploadID);
  const content = encodeBytes(raw);
  await store(projectID, [content]);
  const change: Change = {
    op: "store",
    path: normalisePath(path),
    content: { hash: content.hash, size: content.size, kind: content.kind, storage: content.storage, mode: "100644" },
    rev,
  };
  const { entries } = await commit(actor, projectID, { changes: [change] });
  await Blob.remove(uploadKey(uploadID));
  return onlyEntry(entries);
}

/** (internal) Changes whose revision is noted in the same transaction. */
export async function commitNoting(
  actor: Actor,
  projectID: string,
  changes: readonly Change[],
  note: (rev: number) => readonly WriteItem[],
): Promise<Committed> {
  const [at] = await Promise.all([readHead(projectID), authorise(actor, "write", projectID)]);
  const by = actor.runID ?? actor.userID;
  return commitChanges({ projectID, by, changes: changes.map(normaliseChange), head: at, note });
}

/** (internal) Paths as they are; a path that holds nothing is absent. */
export async function versionsNow(
  actor: Actor,
  projectID: string,
  paths: readonly string[],
): Promise<Map<string, Meta>> {
  const at = await readable(actor, projectID);
  return versionsAt(projectID, at.gen, paths);
}

/** (internal) */
export async function textOf(projectID: string, version: Version): Promise<string> {
  return loadText(projectID, version);
}

/** (internal) */
export async function bytesOf(projectID: string, version: Version): Promise<Uint8Array> {
  return load(projectID, version);
}

/** (internal) Who has committed after a revision, in that order: users and runs. */
export async function writersSince(projectID: string, since: number): Promise<string[]> {
  const { data } = await LogEntity.query
    .byRev({ projectID })
    .gt({ rev: since })
    .go({ pages: "all", attributes: ["by"] });
  return [...new Set(data.map(({ by }) => by))];
}

/** (internal) The bytes of many, in their order; read 100 at a time, so that memory does not grow with their number. */
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

/** (internal) Every row, folders too: 27 RRU per 1,000. */
export async function allMetas(projectID: string): Promise<{ head: Head; metas: Meta[] }> {
  const at = await readHead(projectID);
  return { head: at, metas: await metas(projectID, at.gen) };
}

/** (internal) Keeps bytes that no file names. */
export async function storeBytes(projectID: string, raw: Uint8Array, mode = "100644"): Promise<Version> {
  const encoded = encodeBytes(raw);
  await store(projectID, [encoded]);
  const { hash, size, kind, storage } = encoded;
  return { hash, size, kind, storage, mode };
}

/** (internal) Keeps a text that no file names. */
export async function storeText(projectID: string, content: string): Promise<Version> {
  const encoded = encodeText(content);
  await store(projectID, [encoded]);
  const { hash, size, kind, storage } = encoded;
  return { hash, size, kind, storage, mode: "100644" };
}

export async function headFor(actor: Actor, projectID: string): Promise<Head> {
  return readable(actor, projectID);
}

/** One file put: what `PUT` answers. Four round trips, one of them beside another. */
export async function put(actor: Actor, projectID: string, change: Change): Promise<FileEntry> {
  return onlyEntry((await commit(actor, projectID, { changes: [change] })).entries);
}

function onlyEntry([entry]: readonly FileEntry[]): FileEntry {
  if (entry === undefined) throw new Error("a put that put nothing");
  return entry;
}

export interface Undone {
  rev: number;
  /** What takes this back. */
  undo: UndoRange;
  /** Paths that were left as they are, because someone has changed them since. */
  kept: string[];
}

/**
 * Takes back every commit of a range that fits, path by path: what was there before it is there again. A path that was
 * changed after the range, or in between by someone who is not meant, is `kept`. This is commits like any others, so
 * `undo` takes the taking back back.
 * @throws VisibleError conflict when the range holds an import
 */
export async function undo(actor: Actor, projectID: string, range: UndoRange): Promise<Undone> {
  const [at] = await Promise.all([readHead(projectID), authorise(actor, "write", projectID)]);
  const { kept } = await planUndo(projectID, at.gen, range);
  const rev = await carryOut({ projectID, kind: "undo", range, by: actor.runID ?? actor.userID });
  return { rev, undo: { from: at.rev, to: rev }, kept };
}

/** (internal) Removes everything of a removed project. Safe to repeat. */
export async function purge(projectID: string): Promise<void> {
  const { data: head } = await HeadEntity.get({ projectID }).go();
  const { data: log } = await LogEntity.query.byRev({ projectID }).go({ pages: "all" });
  const hashes = log.flatMap((row) =>
    (row.entries as LogEntry[]).flatMap(({ hash, storage }) => (hash && storage === "table" ? [hash] : [])),
  );
  await removeContents(projectID, [...new Set(hashes)]);
  // One more than the newest: an import that was cancelled has begun to fill it.
  for (let gen = 1; gen <= (head?.gen ?? 1) + 1; gen++) {
    const rows = await metas(projectID, gen);
    const inTable = rows.filter(({ storage }) => storage === "table").map(({ hash }) => hash);
    await removeContents(projectID, [...new Set(inTable)]);
    await removeRows(
      rows.map(({ path }) => ({ projectID, gen, path })),
      (part) => MetaEntity.delete(part).go(),
    );
  }
  const [checkpoints, intents] = await Promise.all([
    CheckpointEntity.query.byRev({ projectID }).go({ pages: "all" }),
    IntentEntity.query.byProject({ projectID }).go({ pages: "all" }),
  ]);
  await Promise.all([
    removeRows(
      checkpoints.data.map(({ rev }) => ({ projectID, rev })),
      (part) => CheckpointEntity.delete(part).go(),
    ),
    removeRows(
      intents.data.map(({ intentID }) => ({ projectID, intentID })),
      (part) => IntentEntity.delete(part).go(),
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

async function readable(actor: Actor, projectID: string): Promise<Head> {
  const [, at] = await Promise.all([authorise(actor, "read", projectID), readHead(projectID)]);
  return at;
}

async function metas(projectID: string, gen: number): Promise<Meta[]> {
  const { data } = await MetaEntity.query.byPath({ projectID, gen }).go({ pages: "all", consistent: true });
  return data;
}

async function metaAt(actor: Actor, projectID: string, path: string): Promise<Meta> {
  const normal = normalisePath(path);
  const at = await readable(actor, projectID);
  const { data } = await MetaEntity.get({ projectID, gen: at.gen, path: normal }).go({ consistent: true });
  if (!data) throw new VisibleError("not_found", `There is no "${normal}".`, { path: normal });
  return data;
}

function normaliseChange(change: Change): Change {
  const path = normalisePath(change.path);
  return "to" in change ? { ...change, path, to: normalisePath(change.to) } : { ...change, path };
}

function isTooMany(error: unknown): boolean {
  return error instanceof VisibleError && error.code === "too_many_changes";
}

function uploadKey(uploadID: string): string {
  return `uploads/${uploadID}`;
}
