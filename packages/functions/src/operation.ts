import { OperationID } from "@slipway/contract/id";
import * as Log from "@slipway/core/log";
import * as Operations from "@slipway/core/operation/system";
import { z } from "zod";

const Event = z.object({ operationID: OperationID, error: z.string().optional() });

/** One step of a file operation; with an error, records that it failed too often. */
export async function handler(
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<{ next: "again" | "done" }> {
  const { operationID, error } = Event.parse(event);
  return Log.scope({ operationID }, async () => {
    if (error === undefined)
      return { next: await Operations.step(operationID, () => context.getRemainingTimeInMillis()) };
    await Operations.fail(operationID);
    return { next: "done" as const };
  });
}
