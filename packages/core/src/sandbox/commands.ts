import type { SandboxSession } from "@slipway/sandbox/session";
import { resource } from "../config/config.ts";
import { transact, updateItem } from "../table/table.ts";
import { find, idOf, workspaceOf } from "./record.ts";
import { WorkspaceEntity } from "./sandbox.entity.ts";
import { isFresh, open, sessionOf } from "./workspace.ts";

/** What the commands of runs need of a sandbox. Authorises nobody. */

/** The project in the person's sandbox if that is running. It is not started. @throws SandboxError */
export async function runningSession(userID: string, projectID: string): Promise<SandboxSession | undefined> {
  const sandboxID = idOf(userID);
  const [record, workspace] = await Promise.all([find(sandboxID), workspaceOf(sandboxID, projectID)]);
  if (record?.state !== "active" || record.stopping !== undefined || workspace?.epoch !== record.epoch)
    return undefined;
  if (!isFresh(workspace, record)) await open(record, projectID);
  return sessionOf(record, projectID);
}

/** Until `release`: what the sandbox writes to the project is what this run has changed, while the run is open. */
export async function attribute(userID: string, projectID: string, runID: string): Promise<void> {
  await transact([updateItem(WorkspaceEntity.patch({ sandboxID: idOf(userID), projectID }).set({ runID }))]);
}

/** Ends that, unless another run has begun it since. */
export async function release(userID: string, projectID: string, runID: string): Promise<void> {
  await transact([
    updateItem(
      WorkspaceEntity.patch({ sandboxID: idOf(userID), projectID })
        .remove(["runID"])
        .where((attribute, operation) => operation.eq(attribute.runID, runID)),
    ),
  ]);
}

/** Why this deployment has no sandboxes, in a sentence for people; undefined when it has. */
export function obstacle(): string | undefined {
  return resource("Sandboxes").obstacle;
}
