import { now } from "../clock/clock.ts";
import * as Execution from "../execution/execution.ts";
import * as Log from "../log/log.ts";
import { end } from "./ending.ts";
import { forget, openRuns } from "./open.ts";
import { fail, startNext } from "./queue.ts";
import { find, isOpen, type RunRecord } from "./record.ts";
import * as Slot from "./slot.ts";

/** The end of executions: after each one, and for those that ended without saying so. */

/**
 * The last state of the workflow. A run that has not ended by then has failed, and its unit is given back; a steering
 * message that it did not answer becomes a run of its own; the project's next run starts. Safe to repeat.
 */
export async function settle(runID: string, error?: string): Promise<void> {
  const run = await find(runID);
  if (!run) return;
  if (isOpen(run)) {
    await fail(runID, { refund: true, error: { code: "internal", message: failureText(error) } });
  }
  await startNext(run.projectID);
}

function failureText(error: string | undefined): string {
  const kept = "Its changes so far are kept, and it was not counted. Send a message to continue.";
  if (error === "States.Timeout") return `The run took too long and was ended. ${kept}`;
  if (error === "ExecutionClosed") return `The run was interrupted on our side. ${kept}`;
  return `Something went wrong on our side. ${kept}`;
}

/** Milliseconds without a write after which a run's execution is looked up. */
const quiet = 45_000;

/** Ends a run whose execution has closed without ending it. True when it did. */
export async function settleIfDead(run: RunRecord): Promise<boolean> {
  if (run.epoch === 0 || !isQuiet(run)) return false;
  if ((await Execution.state("AgentRun", run.runID)) !== "closed") return false;
  Log.warn("execution-closed", { runID: run.runID, projectID: run.projectID });
  await settle(run.runID, "ExecutionClosed");
  return true;
}

function isQuiet(run: RunRecord): boolean {
  return run.touchedAt < now() - quiet;
}

/** Milliseconds that one sweep may take, and runs that it looks at side by side. */
const budget = 60_000;
const parallel = 8;

/**
 * Looks at every open run, each on its own: starts one whose start was lost, ends one whose execution is gone, and starts
 * queues that stand still. It begins at a random shard, so what one sweep has no time for, another one reaches. Resolves
 * to the number of runs that needed it.
 */
export async function sweep(): Promise<number> {
  const until = now() + budget;
  let recovered = 0;
  for await (const page of openRuns()) {
    for (let at = 0; at < page.length && now() < until; at += parallel) {
      const found = await Promise.all(page.slice(at, at + parallel).map(recoverSafely));
      recovered += found.filter(Boolean).length;
    }
    if (now() >= until) break;
  }
  return recovered;
}

async function recoverSafely(runID: string): Promise<boolean> {
  try {
    return await recover(runID);
  } catch (error) {
    Log.error("recovery-failed", error, { runID });
    return false;
  }
}

async function recover(runID: string): Promise<boolean> {
  const run = await find(runID);
  if (!run || !isOpen(run)) {
    await forget(runID);
    return false;
  }
  if (!isQuiet(run)) return false;
  const slot = await Slot.read(run.projectID);
  if (run.status === "queued") {
    if (slot.runID !== undefined) return false;
    await startNext(run.projectID);
    return true;
  }
  if (slot.runID !== runID) {
    // It was replaced, and the request that replaced it died before it could end it.
    await end(runID, { status: "cancelled" });
    return true;
  }
  switch (await Execution.state("AgentRun", runID)) {
    case "running":
      return false;
    case "none":
      await Execution.startRun(runID);
      return true;
    case "closed":
      await settle(runID, "ExecutionClosed");
      return true;
  }
}
