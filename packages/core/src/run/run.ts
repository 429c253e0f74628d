import type { Run } from "@slipway/contract/run";
import { now } from "../clock/clock.ts";
import { authorise, type Actor } from "../member/member.ts";
import { startNext } from "./accept.ts";
import { end } from "./ending.ts";
import * as Execution from "../execution/execution.ts";
import { findFor, find, serialize } from "./record.ts";
import { RunEntity } from "./run.entity.ts";
import * as Slot from "./slot.ts";

/**
 * Runs: accepting, cancelling, reading, and what a turn needs to carry one out. The mechanics are in the modules beside
 * this one: `accept`, `lease`, `events`, `approval`, `ending`, `slot`.
 */
export { createWithPrompt, send } from "./accept.ts";
export {
  announceInbox,
  answerApproval,
  approvals,
  callHash,
  expireItems,
  inbox,
  keepToken,
  listRules,
  newApproval,
  revokeRule,
  rulesIn,
  type Rule,
} from "./approval.ts";
export { end, type End } from "./ending.ts";
export { all as log, events } from "./events.ts";
export { acquire, LeaseLost, type Lease } from "./lease.ts";
export { progressItem, resultsItem, stepItem, steps, type StepProgress } from "./step.ts";
export { joinItem, steers } from "./steer.ts";
export { writeGuard, type WriteGuard } from "./tool-call.ts";
export { findFor as recordFor } from "./record.ts";
export { purge, purgeProject } from "./purge.ts";
export type { RunRecord } from "./record.ts";

export async function fromID(actor: Actor, runID: string): Promise<Run> {
  return serialize(await findFor(actor, runID, "read"));
}

/** (internal) */
export async function status(runID: string): Promise<Run["status"] | undefined> {
  return (await find(runID))?.status;
}

/** Stops whatever is going or waiting in a project. Resolves to the messages that were stopped; none is no error. */
export async function cancelProject(actor: Actor, projectID: string): Promise<string[]> {
  await authorise(actor, "run", projectID);
  const slot = await Slot.read(projectID);
  const cancelled: string[] = [];
  for (const runID of [...slot.queue, ...(slot.runID ? [slot.runID] : [])]) {
    const ended = await end(runID, { status: "cancelled" });
    if (ended) cancelled.push(ended.messageID);
  }
  return cancelled;
}

/** Stops whatever is going or waiting in one conversation: before it is removed. */
export async function cancelConversation(actor: Actor, projectID: string, conversationID: string): Promise<void> {
  await authorise(actor, "run", projectID);
  const slot = await Slot.read(projectID);
  for (const runID of [...slot.queue, ...(slot.runID ? [slot.runID] : [])]) {
    const run = await find(runID);
    if (run?.conversationID === conversationID) await end(runID, { status: "cancelled" });
  }
}

/**
 * (internal) The last state of the workflow: a run that has not ended has failed, and whoever waits for the project
 * goes next. Safe to repeat.
 */
export async function settle(runID: string, error?: string): Promise<void> {
  const run = await find(runID);
  if (!run) return;
  await end(runID, {
    status: "failed",
    refund: true,
    error: { code: "internal", message: failureText(error) },
  });
  await startNext(run.projectID);
}

function failureText(error: string | undefined): string {
  if (error === "States.Timeout")
    return "The run took too long and was ended. Its changes so far are kept; send a message to go on.";
  return "Something went wrong on our side. The run was not counted; try again.";
}

/** Milliseconds after which a run that nothing has touched is looked at. */
const quiet = 60_000;

/**
 * (internal, each minute) Starts runs whose start was lost, and lets queues go on whose end was not followed by a start.
 * An execution that is going is not started again, since it has the run's name.
 */
export async function sweep(): Promise<{ restarted: number }> {
  const { data } = await RunEntity.query
    .byState({ state: "open" })
    .lt({ touchedAt: now() - quiet })
    .go({ limit: 100 });
  let restarted = 0;
  for (const run of data) {
    const slot = await Slot.read(run.projectID);
    if (run.status === "queued") {
      await startNext(run.projectID);
    } else if (slot.runID !== run.runID) {
      // It was replaced, and whoever replaced it died before it could end it.
      await end(run.runID, { status: "cancelled" });
    } else if (run.epoch === 0) {
      await Execution.startRun(run.runID);
      restarted++;
    }
  }
  return { restarted };
}
