import { idleTime } from "@slipway/contract/sandbox-state";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import { recoverEach } from "../execution/recovery.ts";
import * as Log from "../log/log.ts";
import * as Blob from "../blob/blob.ts";
import type { WriteItem } from "../table/table.ts";
import { reach, verify } from "./access.ts";
import type { ComputeProvider, ListedTask } from "./compute.ts";
import { fail, runnerEnvironment, settle } from "./launch.ts";
import { kept, refill } from "./pool.ts";
import { provider } from "./provider.ts";
import {
  epochItem,
  find,
  findAll,
  lifetime,
  openIDs,
  workspaceOf,
  workspacesOf,
  type SandboxRecord,
} from "./record.ts";
import { WorkspaceEntity } from "./sandbox.entity.ts";
import { finishStopping, stopIfGone } from "./stop.ts";
import { isFresh, keepNothing, open, removeFrom, removeWorkspaces, snapshot, snapshotPrefix } from "./workspace.ts";

/** Sandboxes, for the server itself: verbs that authorise nobody. Lint keeps this module out of the API's routes. */

const minute = 60_000;
/** A task that no row names may belong to a launch that is about to record it. */
const unnamedTime = 2 * minute;
/** What sync ignores is kept again once it may have changed and this has passed. */
const snapshotEvery = 10 * minute;

export { attribute, obstacle, release, runningSession } from "./commands.ts";

/** Each minute. Moves launches on, ends what is idle or too old, and stops every task that no row accounts for. */
export async function sweep(): Promise<number> {
  const compute = await provider();
  // Listed before the rows are read: a task that starts in between is not looked at.
  const live = await compute.list();
  const ids = await openIDs();
  if (live.length === 0 && ids.length === 0 && resource("Sandboxes").pool === 0) return 0;
  // Before anything that asks sandboxes, and may wait for them.
  const reaped = await reap(compute, live);
  await recoverEach(["pool"], async () => {
    await refill(compute, live, runnerEnvironment());
    return false;
  });
  const tended = await recoverEach(
    // The first ones are not always the same: those that do not answer take the time of the others.
    ids.toSorted(() => Math.random() - 0.5),
    async (sandboxID) => {
      const record = await find(sandboxID);
      return record !== undefined && (await tend(record, live));
    },
    { lanes, milliseconds: tendTime },
  );
  return reaped + tended;
}

/** One that does not answer takes 20 s a question, and the sweep has two minutes for all. */
const lanes = 20;
const tendTime = 30_000;

async function tend(record: SandboxRecord, live: readonly ListedTask[]): Promise<boolean> {
  if (record.state === "creating") {
    if (now() < (record.lockUntil ?? 0)) return (await settle(record, 0)).state !== "creating";
    await fail(record, "The sandbox did not start in time.");
    return true;
  }
  if (record.state !== "active") return false;
  const isGone = !live.some(({ task }) => task === record.task);
  // One that was started after the list was made is not on it.
  if (isGone && (await stopIfGone(record)).state === "stopped") return true;
  if (record.stopping !== undefined) return (await finishStopping(record)).state === "stopped";
  if (now() - (record.activeAt ?? 0) > lifetime)
    return (
      (await finishStopping(record, "It had run for twelve hours. Start it again: everything is kept.")).state ===
      "stopped"
    );
  return tendActive(record);
}

/** An active sandbox: ends it when nobody uses it, renews its access, keeps snapshots. */
async function tendActive(record: SandboxRecord): Promise<boolean> {
  const isUnseen = now() - (record.heartbeatAt ?? 0) > idleTime;
  try {
    const { idleMs } = await reach(record).health();
    if (isUnseen && idleMs > idleTime) {
      await finishStopping(record, "Nobody used it for half an hour. Start it again: everything is kept.");
      return true;
    }
    for (const workspace of await workspacesOf(record.sandboxID)) {
      if (workspace.epoch !== record.epoch) continue;
      if (!isFresh(workspace, record)) await open(record, workspace.projectID);
      const age = now() - (workspace.snapshotAt ?? workspace.openedAt);
      if (age > snapshotEvery && idleMs < age) await snapshot(record, workspace);
    }
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    Log.warn("sandbox-silent", { sandboxID: record.sandboxID, code: error.code });
    // The next pass asks again, unless nobody would miss it.
    if (isUnseen)
      await finishStopping(record, "It did not answer, and nobody used it for half an hour. Start it again.");
  }
  return false;
}

/** Stops tasks that nobody accounts for: their launch was lost, or was taken over by another. */
async function reap(compute: ComputeProvider, live: readonly ListedTask[]): Promise<number> {
  const old = live.filter(({ startedAt }) => now() - startedAt > unnamedTime);
  if (old.length === 0) return 0;
  const owners = new Map(old.map(({ task, owner }) => [task, owner]));
  // A claimed task of the pool keeps its first owner's name, so its row is found by what it names: each is read once.
  const records = old.some(({ owner }) => !isPerson(owner)) ? await findAll(await openIDs()) : [];
  const pooled = await kept();
  const named = new Set(records.flatMap(({ task }) => task ?? []));
  return recoverEach(
    old.map(({ task }) => task),
    async (task) => {
      if (pooled.has(task) || named.has(task)) return false;
      const owner = owners.get(task) ?? "";
      if (isPerson(owner) && (await find(owner))?.task === task) return false;
      await compute.stop(task, "No sandbox accounts for it.");
      return true;
    },
  );
}

const isPerson = (owner: string) => owner.startsWith("sbx_");

/** Prefix of contents that a sandbox has uploaded and not yet committed. */
export const uploadPrefix = (projectID: string): string => `uploads/sync/${projectID}/`;

/** How long a task that has been told to stop may still push: it is killed after 30 s. */
const lastPushTime = minute;

/** Whose project a runner's token is for, while its launch lasts and until its task has pushed what was left. */
export async function syncAccess(
  token: string,
  projectID: string,
): Promise<{ sandboxID: string; userID: string; runID: string | undefined; guard: readonly WriteItem[] } | undefined> {
  const claims = verify(token);
  if (claims?.scope !== "sync" || claims.project !== projectID) return undefined;
  const [record, workspace] = await Promise.all([find(claims.sandbox), workspaceOf(claims.sandbox, projectID)]);
  if (record === undefined || record.epoch !== claims.epoch) return undefined;
  const isEnding = record.state === "stopped" && now() - (record.touchedAt ?? 0) < lastPushTime;
  if (record.state !== "active" && !isEnding) return undefined;
  const { sandboxID, userID } = record;
  return { sandboxID, userID, runID: workspace?.runID, guard: [epochItem(record)] };
}

/** Removes what sandboxes hold of a removed project. */
export async function purge(projectID: string): Promise<void> {
  const { data } = await WorkspaceEntity.query.byProject({ projectID }).go({ pages: "all" });
  for (const workspace of data) {
    const record = await find(workspace.sandboxID);
    if (!record) continue;
    await keepNothing(record, workspace);
    await removeFrom(record, workspace);
  }
  await Promise.all([Blob.removePrefix(snapshotPrefix(projectID)), Blob.removePrefix(uploadPrefix(projectID))]);
  await removeWorkspaces(data);
}
