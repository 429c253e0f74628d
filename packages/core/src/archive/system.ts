import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import * as Execution from "../execution/execution.ts";
import { quiet, recoverEach } from "../execution/recovery.ts";
import * as File from "../file/file.ts";
import { removeRows, transact, updateItem } from "../table/table.ts";
import { ArchiveEntity } from "./archive.entity.ts";
import { find, keyOf, prefixOf } from "./record.ts";
import { zip } from "./zip.ts";

/** Archives, for their workflow and the sweep. */

const dayMilliseconds = 86_400_000;
/** Files between two notes of the progress. */
const progressEvery = 500;

/** Makes it from the files as they are now. Safe to repeat. */
export async function make(archiveID: string): Promise<void> {
  const row = await find(archiveID);
  if (row?.state !== "making") return;
  await removeOld(row.projectID);
  const contents = await File.contentsOf({ userID: row.userID }, row.projectID);
  let done = 0;
  const entries = contents.map((content) => ({
    ...content,
    open: async () => {
      const bytes = await content.open();
      done++;
      if (done % progressEvery === 0)
        await ArchiveEntity.patch({ archiveID }).set({ done, touchedAt: now(), open: "open" }).go();
      return bytes;
    },
  }));
  let size = 0;
  const counted = new PassThrough();
  counted.on("data", (chunk: Uint8Array) => (size += chunk.length));
  const source = zip(entries, new Date(row.createdAt));
  const body = new PassThrough();
  await Promise.all([pipeline(source, counted, body), Blob.putStream(keyOf(row), body, { type: "application/zip" })]);
  // If the project was removed and purged meanwhile, nothing else names these bytes.
  if (!(await end(archiveID, { state: "ready", done: contents.length, size }))) await Blob.remove(keyOf(row));
}

/** Ends one that failed too often. */
export async function fail(archiveID: string): Promise<void> {
  await end(archiveID, { state: "failed" });
}

/** False when it had ended already, or is gone. */
async function end(
  archiveID: string,
  how: { state: "ready" | "failed"; done?: number; size?: number },
): Promise<boolean> {
  const { ok } = await transact([
    updateItem(
      ArchiveEntity.patch({ archiveID })
        .set({ ...how, touchedAt: now() })
        .remove(["open"])
        .where((attribute, operation) => operation.eq(attribute.state, "making")),
    ),
  ]);
  return ok;
}

/** Fails archives whose execution is gone, so that the person can start another. */
export async function sweep(): Promise<number> {
  const { data } = await ArchiveEntity.query
    .byOpen({ open: "open" })
    .lt({ touchedAt: now() - quiet })
    .go({ pages: "all" });
  return recoverEach(
    data.map(({ archiveID }) => archiveID),
    async (archiveID) => {
      if (await Execution.isRunning("MakeArchive", archiveID)) {
        await ArchiveEntity.patch({ archiveID }).set({ touchedAt: now(), open: "open" }).go();
        return false;
      }
      await fail(archiveID);
      return true;
    },
  );
}

/** Removes the rows of a removed project; the bytes go with its files. */
export async function purge(projectID: string): Promise<void> {
  const { data } = await ArchiveEntity.query.byProject({ projectID }).go({ pages: "all" });
  await removeRows(
    data.map(({ archiveID }) => ({ archiveID })),
    (part) => ArchiveEntity.delete(part).go(),
  );
}

async function removeOld(projectID: string): Promise<void> {
  for (const { key, at } of await Blob.list(prefixOf(projectID))) {
    if (now() - at > dayMilliseconds) await Blob.remove(key);
  }
}
