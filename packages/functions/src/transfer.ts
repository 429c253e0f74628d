import { TransferID } from "@slipway/contract/id";
import * as Log from "@slipway/core/log";
import * as Transfer from "@slipway/core/transfer";
import { z } from "zod";

const Event = z.object({ transferID: TransferID, error: z.string().optional() });

/** The workflow's step of an import, export or pull, or the note that it could not be carried out. */
export async function handler(event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<Transfer.Next> {
  const { transferID, error } = Event.parse(event);
  return Log.scope({ transferID }, async () => {
    if (error === undefined) return Transfer.step(transferID, () => context.getRemainingTimeInMillis());
    await Transfer.fail(transferID);
    return { next: "done", seconds: 0 };
  });
}
