import type { Block } from "@slipway/contract/run";
import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import type { ModelMessage } from "ai";
import { partsOf } from "../history/attachment.ts";

/** Messages that people add to a run while it is going, as the model is told them. */

/** Tells the model what has arrived since the last step, and what joined this one in an earlier attempt. @throws LeaseLost */
export async function joinSteers(lease: Lease, step: number, messages: ModelMessage[]): Promise<void> {
  const { runID } = lease.run;
  for (const steer of await Run.steers(runID)) {
    if (steer.step === undefined) {
      const { messageID: id, text } = steer;
      const block: Block = { type: "steer", id, text };
      // With the step before: an attempt that is void must not take the person's words with it.
      await lease.append([{ type: "block-finished", step: Math.max(0, step - 1), block }], {
        items: [Run.joinItem(runID, id, step)],
      });
    } else if (steer.step !== step) continue;
    messages.push(await asMessage(lease.run, steer));
  }
}

/** With its attachments. After tool results the provider puts it into one user turn with them. */
export async function asMessage(
  { projectID, conversationID, userID, runID }: Run.RunRecord,
  { messageID, text }: Run.Steer,
): Promise<ModelMessage> {
  const parts = await partsOf({ userID, runID }, projectID, { id: messageID, conversationID, text });
  return { role: "user", content: parts };
}
