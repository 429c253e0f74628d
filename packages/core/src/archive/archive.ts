import type { Archive } from "@slipway/contract/archive";
import { VisibleError } from "@slipway/contract/error";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import * as Execution from "../execution/execution.ts";
import * as File from "../file/file.ts";
import { create as createID } from "../id/id.ts";
import * as Log from "../log/log.ts";
import { authorise, type Actor } from "../member/member.ts";
import * as ProjectStore from "../project/system.ts";
import { ArchiveEntity } from "./archive.entity.ts";
import { find, keyOf } from "./record.ts";

/** A project as one zip file of any size: made in S3 by a workflow, kept for a day. */

const dayMilliseconds = 86_400_000;

/** Starts one. @throws VisibleError not_found */
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
    touchedAt: at,
    open: "open",
    expires: Math.ceil((at + dayMilliseconds) / 1000),
  }).go();
  try {
    await Execution.start("MakeArchive", archiveID, { archiveID });
  } catch (error) {
    // The sweep fails it within two minutes.
    Log.error("start-lost", error, { archiveID });
  }
  return fromID(actor, archiveID);
}

/** @throws VisibleError not_found */
export async function fromID(actor: Actor, archiveID: string): Promise<Archive> {
  const row = await find(archiveID);
  if (row === undefined || row.userID !== actor.userID)
    throw new VisibleError("not_found", "Download not found, or expired. Start it again.");
  await authorise(actor, "read", row.projectID);
  const { projectID, state, done, files, size, createdAt } = row;
  const url =
    state === "ready"
      ? await Blob.downloadURL(keyOf(row), {
          type: "application/zip",
          seconds: 3600,
          fileName: `${(await ProjectStore.settings(projectID)).name.replace(/[^\p{L}\p{N}._-]+/gu, "-")}.zip`,
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
