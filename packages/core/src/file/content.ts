import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { VisibleError } from "@slipway/contract/error";
import { maxInlineBytes } from "@slipway/contract/file";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import { putRows } from "../table/bulk.ts";
import { drain, putItem, removeRows, transact } from "../table/table.ts";
import { BlobEntity } from "./file.entity.ts";

/** Contents: addressed by hash, gzip in the table up to 32 KB (cheaper and quicker there), in S3 beyond. */

const inlineLimit = 32 * 1024;

export interface Encoded {
  hash: string;
  /** Bytes before compression. */
  size: number;
  kind: "text" | "binary";
  storage: "table" | "s3";
  bytes: Uint8Array;
  /** Begins with `#!`: executable when it is a new file, since nothing else can say so. */
  isScript: boolean;
}

/** @throws VisibleError not_text for text that has no UTF-8 form */
export function encodeText(content: string): Encoded {
  if (!content.isWellFormed())
    throw new VisibleError("not_text", "The text is not valid Unicode: it holds a lone surrogate.");
  return encodeAsText(Buffer.from(content));
}

/** Bytes as they are, text or not. */
export function encodeBytes(raw: Uint8Array): Encoded {
  if (isText(raw)) return encodeAsText(raw);
  return { hash: hashOf(raw), size: raw.length, kind: "binary", storage: "s3", bytes: raw, isScript: false };
}

function encodeAsText(raw: Uint8Array): Encoded {
  const gzip = gzipSync(raw);
  // A text that is too large for a reply is read by URL, so it is in S3 however well it compresses.
  const storage = gzip.length <= inlineLimit && raw.length <= maxInlineBytes ? "table" : "s3";
  const isScript = raw[0] === 0x23 && raw[1] === 0x21;
  return { hash: hashOf(raw), size: raw.length, kind: "text", storage, bytes: gzip, isScript };
}

/** Text by git's own measure, no NUL in the first 8,000 bytes, and valid UTF-8. */
export function isText(raw: Uint8Array): boolean {
  return !raw.subarray(0, 8000).includes(0) && isUtf8(raw);
}

/** 192 bits: no two contents of a project share one. */
function hashOf(raw: Uint8Array): string {
  return createHash("sha256").update(raw).digest("base64url").slice(0, 32);
}

export function contentPrefix(projectID: string): string {
  return `files/${projectID}/`;
}

export function blobKey(projectID: string, hash: string): string {
  return contentPrefix(projectID) + hash;
}

/** Keeps the byte order mark: it is part of the text and must survive a save. */
function textDecoder(): TextDecoder {
  return new TextDecoder("utf-8", { ignoreBOM: true });
}

/** Stores contents before the commit that names them; writing one again changes nothing. */
export async function store(projectID: string, contents: readonly Encoded[]): Promise<void> {
  const unique = [...new Map(contents.map((content) => [content.hash, content])).values()];
  const rows = unique
    .filter(({ storage }) => storage === "table")
    .map(({ hash, bytes }) => ({ projectID, hash, gzip: bytes, at: now() }));
  await Promise.all([
    rows.length === 1 && rows[0] ? BlobEntity.put(rows[0]).go() : putRows(BlobEntity, rows),
    ...unique
      .filter(({ storage }) => storage === "s3")
      .map(async ({ hash, bytes, kind }) => {
        await claim(projectID, hash);
        const headers = kind === "text" ? { type: "text/plain; charset=utf-8", encoding: "gzip" as const } : {};
        await Blob.put(blobKey(projectID, hash), bytes, headers);
      }),
  ]);
}

/** Milliseconds after which a collection's mark is stale: its process died. */
const deadMark = 60_000;

/** Notes that a content of S3 is stored now, once no collection is removing it. Contents in the table are one row: theirs is replaced as a whole. */
async function claim(projectID: string, hash: string): Promise<void> {
  for (;;) {
    const at = now();
    const { ok } = await transact([
      putItem(
        BlobEntity.put({ projectID, hash, at }).where(
          (attribute, operation) =>
            `${operation.notExists(attribute.collecting)} OR ${operation.lt(attribute.collecting, at - deadMark)}`,
        ),
      ),
    ]);
    if (ok) return;
    await sleep(100);
  }
}

export interface ContentReference {
  hash: string;
  storage: "table" | "s3" | "none";
  kind: "text" | "binary" | "folder";
}

/** The bytes, decompressed. 1 read of the table (0.5 RRU per 4 KB), or one GET. */
export async function load(projectID: string, { hash, storage, kind }: ContentReference): Promise<Uint8Array> {
  if (storage === "none") return new Uint8Array();
  if (storage === "s3") {
    const bytes = await Blob.get(blobKey(projectID, hash));
    return kind === "text" ? gunzipSync(bytes) : bytes;
  }
  const { data } = await BlobEntity.get({ projectID, hash }).go({ consistent: true });
  if (!data) throw new Error(`the content ${hash} is missing`);
  return gunzipSync(data.gzip as Uint8Array);
}

export async function loadText(projectID: string, reference: ContentReference): Promise<string> {
  return textDecoder().decode(await load(projectID, reference));
}

/** The bytes of contents that are in the table, by hash: 100 a request. */
export async function loadRows(
  projectID: string,
  references: readonly ContentReference[],
): Promise<Map<string, Uint8Array>> {
  const hashes = [...new Set(references.filter(({ storage }) => storage === "table").map(({ hash }) => hash))];
  const rows = await drain(
    hashes.map((hash) => ({ projectID, hash })),
    100,
    (part) => BlobEntity.get(part).go(),
  );
  return new Map(rows.map((row) => [row.hash, gunzipSync(row.gzip as Uint8Array)]));
}

/** Many texts at once, by hash. */
export async function loadTexts(
  projectID: string,
  references: readonly ContentReference[],
): Promise<Map<string, string>> {
  const decoder = textDecoder();
  const rows = await loadRows(projectID, references);
  const texts = new Map([...rows].map(([hash, bytes]) => [hash, decoder.decode(bytes)]));
  for (const reference of references) {
    if (reference.storage === "s3") texts.set(reference.hash, await loadText(projectID, reference));
  }
  return texts;
}

export async function removeContents(projectID: string, hashes: readonly string[]): Promise<void> {
  await removeRows(
    hashes.map((hash) => ({ projectID, hash })),
    (part) => BlobEntity.delete(part).go(),
  );
}
