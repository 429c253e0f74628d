import type { SyncState } from "@slipway/contract/sandbox";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import type { SandboxSession } from "@slipway/sandbox/session";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import { checkItem, removeRows, transact, updateItem } from "../table/table.ts";
import { lives, reach, tokenFor } from "./access.ts";
import { announce, workspaceOf, type SandboxRecord, type Workspace } from "./record.ts";
import { SandboxEntity, WorkspaceEntity } from "./sandbox.entity.ts";

/**
 * A project in a sandbox. Its files are the store's, and sync keeps both equal; what sync ignores (`node_modules`, build output)
 * is kept as a snapshot, which the next launch restores.
 */

/** Snapshots that nobody has used for this long are gone: a rule of the bucket. */
export const snapshotPrefix = (projectID: string): string => `snapshots/${projectID}/`;
const snapshotKey = (projectID: string, sandboxID: string): string => `${snapshotPrefix(projectID)}${sandboxID}`;
/** Seconds that an address for a snapshot is valid: until the access is renewed, and the longest upload. */
const snapshotSeconds = lives.sync + 900;

/**
 * Opens it, or renews its access. Under a new launch what sync ignores comes back after the files. Returns at once with how far
 * they are.
 */
export async function open(record: SandboxRecord, projectID: string): Promise<SyncState> {
  const { sandboxID, epoch } = record;
  const known = await workspaceOf(sandboxID, projectID);
  const isOpen = known?.epoch === epoch;
  const key = snapshotKey(projectID, sandboxID);
  const hasSnapshot = known !== undefined && !isOpen && (await Blob.size(key)) !== undefined;
  const { token, expires } = tokenFor(record, { scope: "sync", projectID });
  const state = await sessionOf(record, projectID).open({
    api: { url: resource("Settings").url, token },
    // For a sandbox that stops by itself.
    snapshotTo: await Blob.putURL(key, snapshotSeconds),
    // Its row goes when the sandbox is destroyed or the project removed.
    isNew: known === undefined,
    wait: false,
    ...(hasSnapshot
      ? { snapshot: await Blob.downloadURL(key, { type: "application/octet-stream", seconds: snapshotSeconds }) }
      : {}),
  });
  const { ok } = await transact([
    checkItem(SandboxEntity.get({ sandboxID }), "state", "active"),
    updateItem(
      WorkspaceEntity.upsert({
        sandboxID,
        projectID,
        epoch,
        openedAt: isOpen ? known.openedAt : now(),
        accessUntil: expires,
      }).where((attribute, operation) => {
        const isMine = operation.lte(attribute.epoch, epoch);
        // A row that was there and is not any more was removed with its sandbox or project.
        return known === undefined ? `${operation.notExists(attribute.epoch)} OR ${isMine}` : isMine;
      }),
    ),
  ]);
  // The opener does not matter: a page that shows the project may use it from now on.
  if (ok && !isOpen) await announce(record);
  return state;
}

export function sessionOf(record: SandboxRecord, projectID: string): SandboxSession {
  return reach(record).project(projectID);
}

/** Whether it is open, and its access lasts for a while: half of its life. */
export function isFresh(workspace: Workspace | undefined, { epoch }: SandboxRecord): boolean {
  return workspace?.epoch === epoch && workspace.accessUntil - now() / 1000 > lives.sync / 2;
}

/** Begins to keep what sync ignores. One that fails is made again when the next is due. */
export async function snapshot(record: SandboxRecord, { projectID, sandboxID }: Workspace): Promise<void> {
  const url = await Blob.putURL(snapshotKey(projectID, sandboxID), snapshotSeconds);
  await sessionOf(record, projectID).beginSnapshot(url);
  // Refused once the row has gone with its project.
  await transact([updateItem(WorkspaceEntity.patch({ sandboxID, projectID }).set({ snapshotAt: now() }))]);
}

/** What is kept of it is about to be removed: a runner that stops must not write it again. */
export async function keepNothing(record: SandboxRecord, { projectID, epoch }: Workspace): Promise<void> {
  if (record.state !== "active" || epoch !== record.epoch) return;
  try {
    await sessionOf(record, projectID).open({ snapshotTo: null, wait: false });
  } catch (error) {
    // It has no task any more.
    if (!(error instanceof SandboxError)) throw error;
  }
}

/** Removes what a running sandbox has of it, also what an earlier launch has left. */
export async function removeFrom(record: SandboxRecord, { projectID }: Workspace): Promise<void> {
  if (record.state !== "active") return;
  try {
    await sessionOf(record, projectID).remove();
  } catch (error) {
    // It goes with its task.
    if (!(error instanceof SandboxError)) throw error;
  }
}

/** Removes what is kept of a sandbox. */
export async function forget(sandboxID: string, workspaces: readonly Workspace[]): Promise<void> {
  for (const { projectID } of workspaces) await Blob.remove(snapshotKey(projectID, sandboxID));
  await removeWorkspaces(workspaces);
}

export async function removeWorkspaces(
  workspaces: readonly Pick<Workspace, "sandboxID" | "projectID">[],
): Promise<void> {
  await removeRows(
    workspaces.map(({ sandboxID, projectID }) => ({ sandboxID, projectID })),
    (part) => WorkspaceEntity.delete(part).go(),
  );
}
