import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Archive } from "@slipway/contract/archive";
import { VisibleError } from "@slipway/contract/error";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import * as Execution from "../execution/execution.ts";
import * as File from "../file/file.ts";
import { create as createID } from "../id/id.ts";
import { authorise, type Actor } from "../member/member.ts";
import * as Project from "../project/project.ts";
import { ArchiveEntity } from "./archive.entity.ts";
import { zip } from "./zip.ts";

/** A project as one zip file, of any size: made in S3 by a workflow, and there for a day. */

const dayMilliseconds = 86_400_000;
const progressEvery = 500;

/** Begins one. @throws VisibleError not_found */
export async function create(actor: Actor, projectID: string): Promise<Archive> {
  const { files } = await File.list(actor, projectID);
  const archiveID = createID("archive");
  const at = now();
  await ArchiveEntity.create({
    archiveID,
    projectID,
    userID: actor.userID,
    state: "making",
    done: 0,
    files: files.length,
    createdAt: at,
    expires: Math.ceil((at + dayMilliseconds) / 1000),
  }).go();
  await Execution.start("MakeArchive", archiveID, { archiveID });
  return fromID(actor, archiveID);
}

/** @throws VisibleError not_found */
export async function fromID(actor: Actor, archiveID: string): Promise<Archive> {
  const row = await find(archiveID);
  if (row === undefined || row.userID !== actor.userID)
    throw new VisibleError("not_found", "There is no such download, or it has expired. Begin it again.");
  await authorise(actor, "read", row.projectID);
  const { projectID, state, done, files, size, createdAt } = row;
  const url =
    state === "ready"
      ? await Blob.downloadURL(keyOf(row), {
          type: "application/zip",
          seconds: 3600,
          fileName: `${(await Project.settings(projectID)).name.replace(/[^\p{L}\p{N}._-]+/gu, "-")}.zip`,
        })
      : undefined;
  return {
    id: archiveID,
    projectId: projectID,
    state,
    done,
    files,
    createdAt,
    ...(size === undefined ? {} : { size }),
    ...(url ? { url } : {}),
  };
}

/** (internal, the workflow's task) Makes it from the files as they are now. Safe to repeat. */
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
      if (done % progressEvery === 0) await ArchiveEntity.patch({ archiveID }).set({ done }).go();
      return bytes;
    },
  }));
  let size = 0;
  const counted = new PassThrough();
  counted.on("data", (chunk: Uint8Array) => (size += chunk.length));
  const source = zip(entries, new Date(row.createdAt));
  const body = new PassThrough();
  await Promise.all([pipeline(source, counted, body), Blob.putStream(keyOf(row), body, { type: "application/zip" })]);
  await ArchiveEntity.patch({ archiveID }).set({ state: "ready", done: contents.length, size }).go();
}

/** (internal) What was tried often enough and did not come about. */
export async function fail(archiveID: string): Promise<void> {
  await ArchiveEntity.patch({ archiveID }).set({ state: "failed" }).go();
}

type Row = { archiveID: string; projectID: string };

async function find(archiveID: string) {
  const { data } = await ArchiveEntity.get({ archiveID }).go({ consistent: true });
  return data && data.expires * 1000 > now() ? data : undefined;
}

function keyOf({ archiveID, projectID }: Row): string {
  return `files/${projectID}/archives/${archiveID}`;
}

async function removeOld(projectID: string): Promise<void> {
  const prefix = `files/${projectID}/archives/`;
  for (const { key, at } of await Blob.list(prefix)) if (now() - at > dayMilliseconds) await Blob.remove(key);
}
