import { SandboxError } from "@slipway/sandbox/sandbox-error";
import { now } from "../clock/clock.ts";
import * as Log from "../log/log.ts";
import { provider } from "./provider.ts";
import { announce, change, find, takePass, workspacesOf, type SandboxRecord } from "./record.ts";
import { snapshot } from "./workspace.ts";
import { recordUse } from "./use.ts";

/** A snapshot this young is not made again. */
const fresh = 30_000;

/**
 * Stops a sandbox: notes that it is to end, keeps what sync ignores of each open project, stops the task. Repeated by whoever
 * looks next if this pass ends early. Resolves to how it stands.
 */
export async function finishStopping(record: SandboxRecord, reason?: string): Promise<SandboxRecord> {
  const stopping = record.stopping ?? reason ?? "It was stopped.";
  const noted = record.stopping === undefined ? await change(record, { stopping }) : record;
  if (noted === undefined || !(await takePass(noted))) return (await find(record.sandboxID)) ?? record;
  if (record.stopping === undefined) await announce(noted);
  const workspaces = (await workspacesOf(noted.sandboxID)).filter(({ epoch }) => epoch === noted.epoch);
  for (const workspace of workspaces) {
    if (now() - (workspace.snapshotAt ?? 0) < fresh) continue;
    try {
      await snapshot(noted, workspace);
    } catch (error) {
      // It has no task any more, or will not: what was kept before remains.
      if (!(error instanceof SandboxError)) throw error;
      Log.error("snapshot-failed", error, { sandboxID: noted.sandboxID, projectID: workspace.projectID });
    }
  }
  return stopNow(noted, stopping);
}

/** Stops the task and records it, with what it used. */
export async function stopNow(record: SandboxRecord, reason: string): Promise<SandboxRecord> {
  if (record.task !== undefined) await (await provider()).stop(record.task, reason);
  const stopped = await change(record, { state: "stopped", stoppedReason: reason });
  if (stopped === undefined) return (await find(record.sandboxID)) ?? record;
  await recordUse(record);
  await announce(stopped);
  return stopped;
}

/** It is said to be active and does not answer. Stopped if its task has ended; otherwise left for another try. */
export async function stopIfGone(record: SandboxRecord): Promise<SandboxRecord> {
  const { task = "" } = record;
  const found = (await (await provider()).find([task])).get(task);
  if (found !== undefined && found.state !== "stopped") return record;
  return stopNow(record, "The sandbox has stopped unexpectedly. Start it again: your files are kept.");
}
