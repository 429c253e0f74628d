import { TransferID } from "@slipway/contract/id";
import * as Log from "@slipway/core/log";
import * as GitHubSync from "@slipway/core/github-sync/system";
import { z } from "zod";

const Event = z.object({ transferID: TransferID, error: z.string().optional() });

/** One step of an import, export or pull; with an error, records that it failed. */
export async function handler(
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<GitHubSync.Next> {
  const { transferID, error } = Event.parse(event);
  return Log.scope({ transferID }, async () => {
    if (error === undefined) return GitHubSync.step(transferID, () => context.getRemainingTimeInMillis());
    await GitHubSync.fail(transferID);
    return { next: "done", seconds: 0 };
  });
}
