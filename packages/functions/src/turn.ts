import { RunID } from "@slipway/contract/id";
import { turn, type Outcome } from "@slipway/agent/turn";
import * as Log from "@slipway/core/log";
import { z } from "zod";

const Event = z.object({ runID: RunID });

/** The workflow's Turn state. `seconds` is always present because its ResultSelector reads it. */
export async function handler(
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<{ outcome: Outcome["outcome"]; seconds: number }> {
  const { runID } = Event.parse(event);
  const next = await Log.scope({ runID }, () => turn(runID, { remaining: () => context.getRemainingTimeInMillis() }));
  return { seconds: 0, ...next };
}
