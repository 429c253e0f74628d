import { RunID } from "@slipway/contract/id";
import * as Log from "@slipway/core/log";
import * as Run from "@slipway/core/run/system";
import { z } from "zod";

const Event = z.object({ runID: RunID, token: z.string().min(1) });

/** The workflow's Approval state: stores the task token with which the answer resumes the run. */
export async function handler(event: unknown): Promise<void> {
  const { runID, token } = Event.parse(event);
  await Log.scope({ runID }, () => Run.keepToken(runID, token));
}
