import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, TransactWriteCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { resource } from "../config/config.ts";

/**
 * The one table. Each noun keeps its entity to itself; for a write that spans nouns, each gives a `WriteItem` and
 * `transact` writes them together.
 */

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 5 }), {
  marshallOptions: { removeUndefinedValues: true },
});

/** What every ElectroDB entity is made with. Nothing connects before the first call. */
export const connection = { client, table: resource("Table").name };

export type WriteItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

export type Written = { ok: true } | { ok: false; failed: readonly number[]; reasons: readonly Reason[] };
export interface Reason {
  /** `None` for an item that would have gone through; `ConditionalCheckFailed` for one that would not. */
  code: string;
  /** The row as it was, where the item asked for it. */
  item?: Record<string, unknown>;
}

/**
 * Writes up to 100 items or none. A failed condition is a result, with the indexes of the items that failed;
 * conflicts with other transactions and throttles are tried again for about 3 s.
 */
export async function transact(items: readonly WriteItem[]): Promise<Written> {
  for (let attempt = 0; ; attempt++) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: [...items] }));
      return { ok: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = (error.CancellationReasons ?? []).map((reason): Reason => ({ code: reason.Code ?? "None" }));
      const failed = reasons.flatMap((reason, index) => (reason.code === "ConditionalCheckFailed" ? [index] : []));
      if (failed.length > 0) return { ok: false, failed, reasons };
      const passing = reasons.every((reason) => reason.code === "None" || transient.has(reason.code));
      if (!passing || attempt === maxAttempts) throw error;
      await sleep(Math.random() * Math.min(500, 10 * 2 ** attempt));
    }
  }
}

const maxAttempts = 12;
const transient = new Set(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]);
