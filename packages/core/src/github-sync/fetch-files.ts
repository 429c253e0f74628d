import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { VisibleError } from "@slipway/contract/error";
import * as GitHub from "../github/github.ts";
import type { Step } from "./record.ts";
import type { SyncedEntry } from "./synced-tree.ts";

/** Fetches single files of a commit, many at a time through git's protocol. */

/** Files and bytes per request. */
const batchFiles = 500;
const batchBytes = 16 * 1024 * 1024;
/** Milliseconds before the function's timeout at which a step ends. */
export const reserve = 45_000;

export interface Fetched {
  entry: SyncedEntry;
  bytes: Buffer;
}

/** False when time ran out; what was taken until then stays. `take` gets a request's files together. */
export async function fetchFiles(
  { client, record, remaining }: Step,
  entries: readonly SyncedEntry[],
  take: (files: readonly Fetched[]) => Promise<void>,
): Promise<boolean> {
  for (const batch of batchesOf(entries)) {
    const [first] = batch;
    if (!first) continue;
    const bytes = batch.reduce((sum, { size }) => sum + size, 0);
    const found =
      bytes > batchBytes
        ? new Map([[first.sha, await fetchLarge(client, record, first)]])
        : await GitHub.fetchObjects(
            client,
            record,
            batch.map(({ sha }) => sha),
            bytes,
          );
    await take(
      batch.flatMap((entry) => {
        const content = found.get(entry.sha);
        return content ? [{ entry, bytes: content }] : [];
      }),
    );
    if (remaining() < reserve) return false;
  }
  return true;
}

/** A file that is larger than a batch is alone in one. */
function batchesOf(entries: readonly SyncedEntry[]): SyncedEntry[][] {
  const batches: SyncedEntry[][] = [];
  let batch: SyncedEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (batch.length > 0 && (batch.length === batchFiles || bytes + entry.size > batchBytes)) {
      batches.push(batch);
      [batch, bytes] = [[], 0];
    }
    batch.push(entry);
    bytes += entry.size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** Streams one large file and checks its hash: a pack of it would be in memory twice. */
async function fetchLarge(
  client: GitHub.Client,
  of: { owner: string; repo: string },
  { sha, size, path }: { sha: string; size: number; path: string },
): Promise<Buffer> {
  try {
    const { data } = await client.octokit.request("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", {
      owner: of.owner,
      repo: of.repo,
      file_sha: sha,
      mediaType: { format: "raw" },
      request: { parseSuccessResponseBody: false },
    });
    const parts: Buffer[] = [];
    let length = 0;
    for await (const part of Readable.fromWeb(data as unknown as ReadableStream) as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > size) break;
      parts.push(part);
    }
    const bytes = Buffer.concat(parts);
    if (GitHub.blobSHA(bytes) === sha) return bytes;
  } catch (error) {
    throw GitHub.explain(error, client, `${of.owner}/${of.repo}`);
  }
  throw new VisibleError("github_failed", `GitHub sent "${path}" with the wrong content. Try again.`);
}
