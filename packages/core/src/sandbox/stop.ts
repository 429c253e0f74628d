import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import * as Log from "../log/log.ts";
import { reach } from "./access.ts";
import { provider } from "./provider.ts";
import { announce, change, find, workspacesOf, type SandboxRecord } from "./record.ts";
import { useItems } from "./use.ts";
import { isFresh, open } from "./workspace.ts";

/** Milliseconds for a runner that has not confirmed that it stops. */
const answerTime = 30_000;
/** Milliseconds for one that has: it gives up by itself after five minutes, most of which a large snapshot may take. */
const stopTime = 6 * 60_000;

/**
 * Stops a sandbox. The runner ends what runs, pushes, packs a snapshot of each open project and exits; this only asks for it
 * and looks, so no request has to last as long. The first call asks. Any later one, of a page or the sweep, records the end
 * once the task has stopped, or stops it when its time is over. Resolves to how it stands.
 */
export async function finishStopping(record: SandboxRecord, reason = "It was stopped."): Promise<SandboxRecord> {
  const { stopping, stopBy = 0, task = "" } = record;
  if (stopping === undefined) return beginStopping(record, reason);
  const found = (await (await provider()).find([task])).get(task);
  const isOver = found === undefined || found.state === "stopped" || now() > stopBy;
  return isOver ? stopNow(record, stopping) : record;
}

async function beginStopping(record: SandboxRecord, stopping: string): Promise<SandboxRecord> {
  const noted = await change(record, { stopping, stopBy: now() + answerTime });
  if (noted === undefined) return latest(record);
  await announce(noted);
  try {
    for (const workspace of await workspacesOf(noted.sandboxID))
      if (workspace.epoch === noted.epoch && !isFresh(workspace, noted)) await open(noted, workspace.projectID);
    await reach(noted).stop();
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    Log.warn("sandbox-stop-unanswered", { sandboxID: noted.sandboxID, code: error.code });
    return finishStopping(noted);
  }
  return (await change(noted, { stopBy: now() + stopTime })) ?? latest(noted);
}

/** Follows it until it has stopped or the time is over. */
export async function settleStopping(record: SandboxRecord, milliseconds: number): Promise<SandboxRecord> {
  const deadline = now() + milliseconds;
  let current = record;
  while (current.state === "active" && current.stopping !== undefined && now() + pause < deadline) {
    await sleep(pause);
    current = await finishStopping(await latest(current));
  }
  return current;
}

const pause = 250;

/** Stops the task and records it, with what it used. */
export async function stopNow(record: SandboxRecord, reason: string): Promise<SandboxRecord> {
  if (record.task !== undefined) await (await provider()).stop(record.task, reason);
  const stopped = await change(record, { state: "stopped", stoppedReason: reason }, await useItems(record));
  if (stopped === undefined) return latest(record);
  await announce(stopped);
  return stopped;
}

/** Whether it is said to be active and its task has ended: then it is stopped. Otherwise it is left for another try. */
export async function stopIfGone(record: SandboxRecord): Promise<SandboxRecord> {
  const { task = "" } = record;
  const found = (await (await provider()).find([task])).get(task);
  // It was seen running before, so one that is unknown is no longer known.
  if (found === undefined) return stopNow(record, unexpected());
  return found.state === "stopped" ? stopNow(record, unexpected(found.reason)) : record;
}

/** What is said of a task that has gone without being told to. */
function unexpected(reason = ""): string {
  const cause = reason.trim().split("\n").at(-1)?.slice(0, 200).replace(/\.$/, "") ?? "";
  // ECS says so of every task whose program has ended.
  const isKnown = cause !== "" && !cause.startsWith("Essential container");
  const kept = resource("Sandboxes").keepsDisk
    ? "your files are kept."
    : "synced files are kept, and what sync leaves out as of the last snapshot. What a command wrote in the last seconds may be lost.";
  return `The sandbox has stopped unexpectedly${isKnown ? ` (${cause})` : ""}. Start it again: ${kept}`;
}

async function latest(record: SandboxRecord): Promise<SandboxRecord> {
  return (await find(record.sandboxID)) ?? record;
}
