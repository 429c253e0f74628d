import type { Block } from "@slipway/contract/run";
import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import type { ModelMessage } from "ai";
import { partsOf } from "../history/attachment.ts";
import { loadTold } from "../transcript/transcript.ts";

/** Messages that people add to a run while it is going, as the model is told them. */

/** What has arrived since the last step, and what joined this one in an earlier attempt. @throws LeaseLost */
export async function joinSteers(lease: Lease, step: number): Promise<ModelMessage[]> {
  const { run } = lease;
  const joined: ModelMessage[] = [];
  for (const steer of await Run.steers(run.runID)) {
    if (steer.step === step && steer.hash !== undefined) joined.push(await loadTold(run, steer.hash));
    if (steer.step === undefined) joined.push(await join(lease, step, steer));
  }
  return joined;
}

/** With its attachments. After tool results the provider puts it into one user turn with them. */
async function join(lease: Lease, step: number, { messageID: id, text }: Run.Steer): Promise<ModelMessage> {
  const { projectID, conversationID, userID, runID } = lease.run;
  const content = await partsOf({ userID, runID }, projectID, { id, conversationID, text });
  const message: ModelMessage = { role: "user", content };
  const hash = await Run.storeJSON(runID, message);
  const block: Block = { type: "steer", id, text };
  // With the step before: an attempt that is void must not take the person's words with it.
  await lease.append([{ type: "block-finished", step: Math.max(0, step - 1), block }], {
    items: [Run.joinItem(runID, id, step, hash)],
  });
  return message;
}
