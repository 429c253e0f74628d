import type { Run } from "@slipway/contract/run";
import { authorise, type Actor } from "../member/member.ts";
import { end } from "./ending.ts";
import { startNext } from "./queue.ts";
import { findFor, find, serialize } from "./record.ts";
import * as Slot from "./slot.ts";

/** Runs, for a person: every verb authorises its actor. Turns, workflows and the sweep use `system.ts`. */

export { answerApproval, inbox, listRules, revokeRule, type Rule } from "./approval.ts";
export { commandOutput, stopCommand } from "./command.ts";
export { events } from "./events.ts";
export { findFor as recordFor, type RunRecord } from "./record.ts";
export { createWithPrompt, send } from "./send.ts";

export async function fromID(actor: Actor, runID: string): Promise<Run> {
  return serialize(await findFor(actor, runID, "read"));
}

/** Cancels the current and the queued runs of a project. Resolves to their messages; none is no error. */
export async function cancelProject(actor: Actor, projectID: string): Promise<string[]> {
  await authorise(actor, "run", projectID);
  const slot = await Slot.read(projectID);
  const cancelled: string[] = [];
  for (const runID of [...slot.queue, ...(slot.runID ? [slot.runID] : [])]) {
    const ended = await end(runID, { status: "cancelled" });
    if (ended.kind === "ended") cancelled.push(ended.run.messageID);
  }
  return cancelled;
}

/** Cancels the current and the queued runs of one conversation, before it is removed. Other queued runs start. */
export async function cancelConversation(actor: Actor, projectID: string, conversationID: string): Promise<void> {
  await authorise(actor, "run", projectID);
  const slot = await Slot.read(projectID);
  for (const runID of [...slot.queue, ...(slot.runID ? [slot.runID] : [])]) {
    const run = await find(runID);
    if (run?.conversationID === conversationID) await end(runID, { status: "cancelled" });
  }
  await startNext(projectID);
}
