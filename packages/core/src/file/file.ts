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
  type FileVersion,
  type SearchQuery,
  type UndoRange,
} from "@slipway/contract/file";
import { z } from "zod";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import * as Cursor from "../cursor/cursor.ts";
import { create as createID } from "../id/id.ts";
import { authorise, type Actor } from "../member/member.ts";
import { commitChanges, readHead, type Committed, type Head, type NewCommit } from "./commit.ts";
import { blobKey, encodeBytes, load, loadText, loadTexts, store } from "./content.ts";
import { LogEntity, MetaEntity, UploadEntity, type LogEntry } from "./file.entity.ts";
import { textAt, versionsOf } from "./history.ts";
import { actualPath, refuseTwins } from "./lookalike.ts";
import { createCheckpoint, listCheckpoints } from "./snapshot.ts";
import { normalisePath } from "./path.ts";
import { toEntry, type Change, type Meta } from "./plan.ts";
import { replaceChanges } from "./replace.ts";
import { pageLimits, searchPage, toolLimits, type SearchPage } from "./search.ts";
import { listMetas, versionsAt } from "./tree.ts";
import { typeOf } from "./type.ts";
import { parseWriter, writerOf } from "./writer.ts";

export { CommitRefused, type Committed, type NewCommit } from "./commit.ts";
export { ancestors, normalisePath } from "./path.ts";
export type { Change, Meta } from "./plan.ts";
export type { Version } from "./file.entity.ts";
export type { SearchPage } from "./search.ts";
export type { Writer } from "./writer.ts";

/**
 * The files of a project, for an actor: every verb here authorises. `system.ts` has the verbs of the server itself, and
 * `docs/decisions/0006-files.md` the model.
 */

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
  const entry = toEntry(meta);
  if (meta.kind === "folder") return entry;
  if (meta.kind === "text" && meta.size <= maxInlineBytes)
    return { ...entry, content: await loadText(projectID, meta) };
  const url = await Blob.downloadURL(blobKey(projectID, meta.hash), {
    type: typeOf(meta.path, meta.kind),
    seconds: 300,
  });
  return { ...entry, url };
}

/** A file's bytes for a browser. */
export interface Served {
  path: string;
  kind: "text" | "binary";
  size: number;
  /** Of the content: the same bytes have the same. */
  hash: string;
  bytes(): Promise<Uint8Array>;
  /** Where it is read without us, for a minute. */
  url(type: string): Promise<string>;
}

/** Two round trips, and one for the bytes. Undefined for a folder. @throws VisibleError not_found, invalid_path */
export async function serve(actor: Actor, projectID: string, path: string): Promise<Served | undefined> {
  const meta = await metaAt(actor, projectID, path);
  const { kind, size, hash } = meta;
  if (kind === "folder") return undefined;
  return {
    path: meta.path,
    kind,
    size,
    hash,
    bytes: () => load(projectID, meta),
    url: (type) => Blob.downloadURL(blobKey(projectID, hash), { type, seconds: 60 }),
  };
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

/** Paths in the Unicode form of the files and folders that are stored; any other path as it is. */
export async function actualPaths(actor: Actor, projectID: string, paths: readonly string[]): Promise<string[]> {
  const at = await readable(actor, projectID);
  return Promise.all(paths.map((path) => actualPath(projectID, at.gen, path)));
}

/** All of the changes or none, as one commit. @throws as `commitChanges` */
export async function commit(
  actor: Actor,
  projectID: string,
  options: { changes: readonly Change[] } & Partial<Pick<NewCommit, "alongside" | "note">>,
): Promise<Committed> {
  const [head] = await Promise.all([readHead(projectID), authorise(actor, "write", projectID)]);
  return commitChanges({ projectID, writer: writerOf(actor), head, ...options });
}

/** Commits and changes that a reader catches up by; beyond them the reply is `reload`. */
const maxCommits = 1000;
const maxChanged = 5000;

/** Every commit after a revision: one query, 0.5 RRU for a few. */
export async function changesSince(
  actor: Actor,
  projectID: string,
  since: number,
  gen?: number,
): Promise<ChangesSince> {
  const at = await readable(actor, projectID);
  const { data, cursor } = await LogEntity.query
    .byRev({ projectID })
    .gt({ rev: since })
    .go({ limit: maxCommits, consistent: true });
  // A reader who is this far behind is better off with the list.
  const isFar = cursor !== null || data.reduce((sum, { entries }) => sum + entries.length, 0) > maxChanged;
  const isImport = data.some((row) => (row.entries as LogEntry[]).some((entry) => entry.op === "import"));
  // Old lines of the log expire: a cursor from before them cannot be followed.
  const isExpired = since < at.rev && data[0]?.rev !== since + 1;
  const reload = isFar || isImport || isExpired || (gen !== undefined && gen !== at.gen) || since > at.rev;
  const commits = data
    .filter((row) => row.rev <= at.rev)
    .map((row) => ({
      rev: row.rev,
      at: row.at,
      writer: parseWriter(row.writer),
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

/** Versions of a file, newest first. At most 3,000 commits are read at once. */
export async function versions(
  actor: Actor,
  projectID: string,
  path: string,
  before?: number,
): Promise<{ versions: FileVersion[]; next?: { before: number; path: string } }> {
  await authorise(actor, "read", projectID);
  return versionsOf(projectID, normalisePath(path), before);
}

/** A file as a commit left it. @throws VisibleError not_found, payload_too_large */
export async function versionText(actor: Actor, projectID: string, path: string, rev: number): Promise<string> {
  await authorise(actor, "read", projectID);
  return textAt(projectID, normalisePath(path), rev);
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
    /** Only paths after this one: the `next` of the search before. */
    after?: string | undefined;
    signal?: AbortSignal | undefined;
  },
): Promise<SearchPage> {
  const { pattern, path, kind, caseSensitive = false, after, signal } = options;
  const at = await readable(actor, projectID);
  const isWhole = path === undefined || ["", ".", "/", "./"].includes(path);
  const below = isWhole ? undefined : await actualPath(projectID, at.gen, path);
  const names = kind === "name";
  return searchPage(
    projectID,
    at.gen,
    { query: pattern, isRegex: true, caseSensitive, below, names, after, signal },
    toolLimits,
  );
}

/** Path of the last file searched. */
const findCursor = Cursor.define(
  "find",
  z.string().refine((path) => Buffer.byteLength(path) <= maxPathBytes),
);

/** A page of the files that match, in the order of their paths. @throws as `searchPage` */
export async function find(
  actor: Actor,
  projectID: string,
  query: SearchQuery & { replacement?: string | undefined; cursor?: string | undefined },
): Promise<Omit<SearchPage, "next"> & { cursor?: string }> {
  const after = findCursor.decode(query.cursor);
  const at = await readable(actor, projectID);
  const { next, ...page } = await searchPage(projectID, at.gen, { ...query, after }, pageLimits);
  return next === undefined ? page : { ...page, cursor: findCursor.encode(next) };
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
  const { rev } = await commitChanges({ projectID, writer: writerOf(actor), changes, head: at });
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

export interface Content {
  path: string;
  mode: string;
  compress: boolean;
  open(): Promise<Uint8Array | Readable>;
}

/** Texts that are read ahead of their turn. */
const readAhead = 100;

/** Every file with its bytes, to be opened one after the other. */
export async function contentsOf(actor: Actor, projectID: string): Promise<Content[]> {
  const at = await readable(actor, projectID);
  const all = await listMetas(projectID, at.gen);
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
 * The bytes of an upload that its maker has finished, for the project that it was made for.
 * @throws VisibleError not_found, invalid_input
 */
export async function finishedUpload(actor: Actor, projectID: string, uploadID: string): Promise<Uint8Array> {
  const [{ data: upload }] = await Promise.all([
    UploadEntity.get({ uploadID }).go({ consistent: true }),
    authorise(actor, "write", projectID),
  ]);
  if (upload?.projectID !== projectID || upload.userID !== actor.userID || upload.validUntil < now()) {
    throw new VisibleError("not_found", "Upload not found, or expired. Upload the file again.");
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
  const normal = normalisePath(path);
  const { gen } = await readHead(projectID);
  await Promise.all([
    store(projectID, [content]),
    rev === undefined ? refuseTwins({ projectID, gen }, [normal]) : undefined,
  ]);
  const change: Change = {
    op: "store",
    path: normal,
    content: { hash: content.hash, size: content.size, kind: content.kind, storage: content.storage, mode: "100644" },
    rev,
  };
  const { entries } = await commit(actor, projectID, { changes: [change] });
  await Blob.remove(uploadKey(uploadID));
  return onlyEntry(entries);
}

/** The rows of paths; a path that holds nothing is absent. */
export async function versionsNow(
  actor: Actor,
  projectID: string,
  paths: readonly string[],
): Promise<Map<string, Meta>> {
  const at = await readable(actor, projectID);
  return versionsAt(projectID, at.gen, paths);
}

export async function headFor(actor: Actor, projectID: string): Promise<Head> {
  return readable(actor, projectID);
}

/** One file put. `content` is there when it was merged with what others wrote. Four round trips, one of them beside another. */
export async function put(actor: Actor, projectID: string, change: Change): Promise<FileContent> {
  const { entries, merged } = await commit(actor, projectID, { changes: [change] });
  const [text] = merged;
  return { ...onlyEntry(entries), ...(text ? { content: text.content } : {}) };
}

function onlyEntry([entry]: readonly FileEntry[]): FileEntry {
  if (entry === undefined) throw new Error("a put that put nothing");
  return entry;
}

async function readable(actor: Actor, projectID: string): Promise<Head> {
  const [, at] = await Promise.all([authorise(actor, "read", projectID), readHead(projectID)]);
  return at;
}

/** The row of a path, or of the one that looks the same. */
async function metaAt(actor: Actor, projectID: string, path: string): Promise<Meta> {
  const normal = normalisePath(path);
  const at = await readable(actor, projectID);
  const read = (key: string) => MetaEntity.get({ projectID, gen: at.gen, path: key }).go({ consistent: true });
  let { data } = await read(normal);
  const actual = data ? normal : await actualPath(projectID, at.gen, normal);
  if (actual !== normal) ({ data } = await read(actual));
  if (!data) throw new VisibleError("not_found", `There is no "${normal}".`, { path: normal });
  return data;
}

function uploadKey(uploadID: string): string {
  return `uploads/${uploadID}`;
}
