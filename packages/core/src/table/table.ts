import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, TransactWriteCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { resource } from "../config/config.ts";

/**
 * The table. Entities stay in their noun's folder. For a write across nouns, each provides a `WriteItem` and `transact`
 * writes them together.
 */

export const dynamodb = new DynamoDBClient({ maxAttempts: 5 });
// It walks all of each request's input, even though nothing is logged.
dynamodb.middlewareStack.remove("loggerMiddleware");
const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });

/** Configuration of every ElectroDB entity. Connects at the first call. */
export const connection = { client, table: resource("Table").name };

/** The parameters of an ElectroDB operation, for a transaction. */
interface Operation {
  params(): unknown;
}
type Part<K extends keyof WriteItem> = NonNullable<WriteItem[K]>;

export function putItem(operation: Operation): WriteItem {
  return { Put: operation.params() as Part<"Put"> };
}
export function updateItem(operation: Operation): WriteItem {
  return { Update: operation.params() as Part<"Update"> };
}
export function deleteItem(operation: Operation): WriteItem {
  return { Delete: operation.params() as Part<"Delete"> };
}

/** Refuses a transaction unless an attribute of the row that the `get` names has one of these values. */
export function checkItem(get: Operation, attribute: string, ...values: readonly (string | number)[]): WriteItem {
  const { TableName, Key } = get.params() as Pick<Part<"ConditionCheck">, "TableName" | "Key">;
  return {
    ConditionCheck: {
      TableName,
      Key,
      ConditionExpression: `#attribute IN (${values.map((_, at) => `:value${at}`).join(", ")})`,
      ExpressionAttributeNames: { "#attribute": attribute },
      ExpressionAttributeValues: Object.fromEntries(values.map((value, at) => [`:value${at}`, value])),
    },
  };
}

export type WriteItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

export type Written = { ok: true } | { ok: false; failed: readonly number[]; reasons: readonly Reason[] };
export interface Reason {
  /** `None` for an item that would have succeeded, `ConditionalCheckFailed` for one that failed. */
  code: string;
  /** The existing row, if the item asked for it. */
  item?: Record<string, unknown>;
}

/**
 * Writes up to 100 items or none. A failed condition is a result that lists the indexes of the failed items. Conflicts
 * with other transactions and throttling are retried for about 3 s.
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

interface Batch<T> {
  data: T[];
  unprocessed: unknown[];
}

/** Retries a batch for the items that DynamoDB left unprocessed, with backoff. ElectroDB does not. */
export async function drain<K, T>(
  keys: readonly K[],
  size: number,
  run: (part: K[]) => Promise<Batch<T>>,
): Promise<T[]> {
  const found: T[] = [];
  for (let at = 0; at < keys.length; at += size) {
    let part = keys.slice(at, at + size);
    for (let attempt = 0; part.length > 0; attempt++) {
      if (attempt > 0) await sleep(Math.random() * Math.min(1000, 20 * 2 ** attempt));
      if (attempt > maxAttempts) throw new Error("DynamoDB left a batch unprocessed");
      const { data, unprocessed } = await run(part);
      found.push(...data);
      part = unprocessed as K[];
    }
  }
  return found;
}

/** Deletes rows by key, 25 per request. Idempotent. */
export async function removeRows<K>(
  keys: readonly K[],
  remove: (part: K[]) => Promise<{ unprocessed: unknown }>,
): Promise<void> {
  await drain(keys, 25, async (part) => ({ data: [], unprocessed: (await remove(part)).unprocessed as unknown[] }));
}
