import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { VisibleError } from "@slipway/contract/error";
import type * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import * as GitHub from "../github/github.ts";
import * as Project from "../project/project.ts";
import * as ProjectStore from "../project/system.ts";
import { BrokenArchive, TooMuch } from "../unpack/unpack.ts";
import { readArchive } from "./archive.ts";
import { gitMode } from "./compare.ts";
import { listCommit } from "./listing.ts";
import { isPointer, pointerMessage } from "./lfs-pointer.ts";
import { fetchFiles, reserve } from "./fetch-files.ts";
import { classify, isFile, readTree, writeTree, type SyncedEntry } from "./synced-tree.ts";
import {
  again,
  createMeter,
  done,
  endItem,
  patch,
  sourceItem,
  Stopped,
  type Next,
  type Request,
  type Step,
} from "./record.ts";

/**
 * A first import. Its listing was stored when it was accepted, or is read first where GitHub cuts it. The archive is
 * streamed into the next generation of the project's files, files missing from it are fetched through git's protocol, and
 * the project flips to the new generation at once. Each attempt continues with what is missing.
 */

/** Files and bytes per batch, and batches in flight. */
const batchFiles = 100;
const batchBytes = 4 * 1024 * 1024;
const lanes = 4;

export async function runImport(step: Step, request: Extract<Request, { kind: "import" }>): Promise<Next> {
  const { record } = step;
  const { projectID, transferID } = record;
  const entries = request.isUnlisted ? await list(step, request) : await readTree(projectID, transferID);
  const target = await FileStore.nextGeneration(projectID);
  const meter = createMeter(record);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  for (const meta of await FileStore.filled(projectID, target)) {
    const entry = byPath.get(meta.path);
    if (entry) {
      entry.content = contentOf(meta);
      meter.add(1, meta.size);
    }
  }
  record.phase = "Reading files";
  await meter.tell();

  const lane = createLanes();
  let batch: { entry: SyncedEntry; bytes: Buffer }[] = [];
  let size = 0;
  const flush = async () => {
    const part = batch;
    batch = [];
    size = 0;
    if (part.length === 0) return;
    await lane.run(async () => {
      const files = part.map(({ entry, bytes }) => ({ path: entry.path, bytes, mode: gitMode(entry) }));
      for (const meta of await FileStore.fill(projectID, target, files)) {
        const entry = byPath.get(meta.path);
        if (entry) entry.content = contentOf(meta);
        meter.add(1, meta.size);
      }
      await meter.tell();
    });
  };
  const take = async (entry: SyncedEntry, bytes: Buffer) => {
    if (isFile(entry) && isPointer(bytes)) Object.assign(entry, { reason: "lfs", message: pointerMessage });
    if (!isFile(entry)) {
      // Not a project file, but part of the commit: a new repository needs it too.
      entry.content = contentOf(await FileStore.storeBytes(projectID, bytes, entry.mode));
      return;
    }
    if (entry.content) return;
    batch.push({ entry, bytes });
    size += bytes.length;
    if (batch.length >= batchFiles || size >= batchBytes) await flush();
  };

  try {
    const { source } = request;
    if (source.commit !== undefined && entries.some(isMissing)) {
      // The archive always holds the whole commit.
      const finished = source.folder !== "" || (await readTarball(step, request, entries, take));
      await flush();
      await lane.settle();
      if (!finished) return again;
      const missing = entries.filter(isMissing);
      const isDone = await fetchFiles(step, missing, async (files) => {
        for (const { entry, bytes } of files) {
          await take(entry, bytes);
          await meter.tell();
        }
      });
      if (!isDone) {
        await flush();
        await lane.settle();
        return again;
      }
    }
    await flush();
  } finally {
    await lane.settle();
  }
  await finish(step, request, entries, target);
  return done;

  function isMissing(entry: SyncedEntry): boolean {
    return entry.content === undefined && entry.reason !== "submodule" && entry.reason !== "too-large";
  }
}

/** Lists a commit that GitHub did not list at once. */
async function list(step: Step, request: Extract<Request, { kind: "import" }>): Promise<SyncedEntry[]> {
  const { record, client } = step;
  const { source } = request;
  if (source.commit === undefined) return [];
  const listed = await listCommit(step, await GitHub.commitAt(client, record, source.commit), source.folder);
  requireFolder(listed, source);
  const entries = classify(listed);
  await writeTree(record.projectID, record.transferID, entries);
  const files = entries.filter(isFile);
  delete request.isUnlisted;
  const bytesTotal = files.reduce((sum, { size }) => sum + size, 0);
  await patch(record, { request, filesTotal: files.length, bytesTotal });
  return entries;
}

/** @throws VisibleError not_found */
export function requireFolder(
  listed: readonly unknown[],
  { owner, repo, ref, folder }: { owner: string; repo: string; ref: string; folder: string },
): void {
  if (folder !== "" && listed.length === 0)
    throw new VisibleError("not_found", `${owner}/${repo} has no folder "${folder}" at ${ref}.`);
}

async function finish(
  { record }: Step,
  { source }: Extract<Request, { kind: "import" }>,
  entries: readonly SyncedEntry[],
  target: FileStore.Generation,
): Promise<void> {
  const { projectID, transferID, userID } = record;
  await writeTree(projectID, transferID, entries);
  const skipped = entries.filter(({ reason }) => reason !== undefined).length;
  const files = entries.filter(isFile).length;
  const result = { files, skipped, url: `${GitHub.settings().web}/${source.owner}/${source.repo}` };
  try {
    await FileStore.flip(projectID, target, { kind: "transfer", id: transferID }, [
      endItem(record, { state: "completed", result }),
      sourceItem({ ...source, projectID, tree: transferID, rev: target.rev, skipped }),
      ProjectStore.stateItem(projectID, "ready"),
    ]);
  } catch (error) {
    // A filling project has no other writers, so only the transfer's own end can refuse this.
    if (error instanceof VisibleError && error.code === "conflict") throw new Stopped();
    throw error;
  }
  await Project.announce({ userID }, projectID);
}

/** False when time ran out before the end of the archive. */
async function readTarball(
  step: Step,
  { source }: Extract<Request, { kind: "import" }>,
  entries: readonly SyncedEntry[],
  take: (entry: SyncedEntry, bytes: Buffer) => Promise<void>,
): Promise<boolean> {
  const { client, record } = step;
  const wanted = new Map(entries.filter(({ raw }) => !raw).map((entry) => [entry.path, entry]));
  for (let attempt = 1; ; attempt++) {
    try {
      const archive = await openTarball(client, record, source.commit ?? "");
      for await (const found of readArchive(archive, wanted, (path) => wants(wanted.get(path)))) {
        const entry = wanted.get(found.path);
        if (!entry) continue;
        const isNew = entry.content === undefined;
        await take(entry, found.bytes);
        // Files from earlier steps are skipped quickly, so each step gets further.
        if (isNew && step.remaining() < reserve) return false;
      }
      return true;
    } catch (error) {
      // With Git LFS objects in it, an archive is larger than its commit. Git has the rest.
      if (error instanceof TooMuch) return true;
      if (!(error instanceof BrokenArchive)) throw error;
      if (attempt === 3)
        throw new VisibleError(
          "archive_refused",
          "GitHub sent a broken or incomplete archive three times. Try again later.",
          {},
          error,
        );
    }
  }

  function wants(entry: SyncedEntry | undefined): boolean {
    if (!entry || entry.reason === "submodule" || entry.reason === "too-large") return false;
    // Only its content identifies a pointer, and an earlier attempt may have written it.
    return entry.content === undefined || entry.size < 1024;
  }
}

async function openTarball(
  client: GitHub.Client,
  of: { owner: string; repo: string },
  commit: string,
): Promise<Readable> {
  const { data } = await client.octokit.request("GET /repos/{owner}/{repo}/tarball/{ref}", {
    owner: of.owner,
    repo: of.repo,
    ref: commit,
    request: { parseSuccessResponseBody: false },
  });
  return Readable.fromWeb(data as unknown as ReadableStream);
}

export function contentOf({ hash, size, kind, storage }: File.Version): NonNullable<SyncedEntry["content"]> {
  return { hash, size, kind, storage };
}

/** Runs a few jobs at a time and keeps the first failure. */
function createLanes(): { run(job: () => Promise<void>): Promise<void>; settle(): Promise<void> } {
  const going = new Set<Promise<void>>();
  let failure: unknown;
  const check = () => {
    if (failure !== undefined) throw failure;
  };
  return {
    async run(job) {
      check();
      const running = job()
        .catch((error: unknown) => (failure ??= error))
        .then(() => void going.delete(running));
      going.add(running);
      if (going.size >= lanes) await Promise.race(going);
      check();
    },
    async settle() {
      await Promise.all(going);
      check();
    },
  };
}
