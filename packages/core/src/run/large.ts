import { createHash } from "node:crypto";
import * as Blob from "../blob/blob.ts";

/**
 * Values of a run that may be too large for a row: DynamoDB takes 400 KB, 32 levels of nesting, and 4 MB in one
 * transaction. Small ones are JSON in their row; larger ones are in S3, by hash, so that a turn that lost the lease can
 * never overwrite what its successor stored.
 */

/** Bytes. 100 rows of it fit one transaction. */
const inlineLimit = 32_000;

export type Kept = { json: string } | { hash: string };

/** The attributes that keep a value. What does not fit the row is in S3 before this resolves. */
export async function keep(runID: string, value: unknown): Promise<Kept> {
  const json = JSON.stringify(value);
  return Buffer.byteLength(json) <= inlineLimit ? { json } : { hash: await store(runID, json) };
}

/** @throws Error when S3 does not hold what was kept */
export async function unkeep(
  runID: string,
  row: { json?: string | undefined; hash?: string | undefined },
): Promise<unknown> {
  const json = row.hash === undefined ? row.json : await load(runID, row.hash);
  return json === undefined ? undefined : JSON.parse(json);
}

/** S3 prefix of everything that a run keeps there. */
export function prefixOf(runID: string): string {
  return `runs/${runID}/`;
}

/** Whether a key is of something that is purged with its run. */
export function isOwned(key: string): boolean {
  return key.startsWith("runs/");
}

/** Puts a value as JSON under its hash, which it resolves to. */
export function storeJSON(runID: string, value: unknown): Promise<string> {
  return store(runID, JSON.stringify(value));
}

/** @throws Error when S3 does not hold what was stored */
export async function loadJSON(runID: string, hash: string): Promise<unknown> {
  return JSON.parse(await load(runID, hash));
}

/** Puts a text under its hash, which it resolves to. */
export async function store(runID: string, text: string): Promise<string> {
  const hash = hashOf(text);
  await Blob.put(prefixOf(runID) + hash, text);
  return hash;
}

/** Puts a file under its hash. Resolves to its key. */
export async function storeFile(runID: string, bytes: Uint8Array): Promise<string> {
  const key = prefixOf(runID) + hashOf(bytes);
  await Blob.put(key, bytes);
  return key;
}

/** Keeps what a call told, whole. Its key is the call's, so a repeated call replaces it. */
export async function storeOutput(runID: string, callID: string, text: string): Promise<void> {
  await Blob.put(`${prefixOf(runID)}output/${callID}`, text);
}

/** @throws Error when the call has kept nothing */
export async function loadOutput(runID: string, callID: string): Promise<string> {
  return new TextDecoder().decode(await Blob.get(`${prefixOf(runID)}output/${callID}`));
}

export async function load(runID: string, hash: string): Promise<string> {
  const text = new TextDecoder().decode(await Blob.get(prefixOf(runID) + hash));
  if (hashOf(text) !== hash) throw new Error(`an object of ${runID} does not match its hash`);
  return text;
}

function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("base64url");
}
