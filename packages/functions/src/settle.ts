import { RunID } from "@slipway/contract/id";
import * as Log from "@slipway/core/log";
import * as Run from "@slipway/core/run/system";
import { z } from "zod";

const Event = z.object({ runID: RunID, error: z.string().optional() });

/** The workflow's last state, after success or failure. */
export async function handler(event: unknown): Promise<void> {
  const { runID, error } = Event.parse(event);
  await Log.scope({ runID }, () => Run.settle(runID, error));
}
