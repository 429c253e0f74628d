import type { Actions } from "./actions.ts";
import { database, type Item, type Request } from "./dynalite.ts";
import { happens } from "./faults.ts";
import { itemSize } from "./store.ts";

const megabyte = 1024 * 1024;

/** dynalite stops at about 1.4 MB; the service returns up to 16 MB. */
export function batchGet(actions: Actions, raw: Record<string, unknown>): unknown {
  const request = actions.check("BatchGetItem", raw);
  const wanted = request.RequestItems as Record<
    string,
    { Keys: Item[]; ConsistentRead?: boolean; _projection?: unknown }
  >;
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, { Keys: Item[] }> = {};
  const units = new Map<string, number>();
  let total = 0;
  for (const [TableName, { Keys, ...options }] of Object.entries(wanted)) {
    const table = actions.tableOf(TableName);
    const found: Item[] = (responses[TableName] = []);
    for (const Key of Keys) {
      const error = database.validateKey(Key, table);
      if (error) throw error;
      const { Item } = actions.run("GetItem", { ...options, TableName, Key } as Request) as { Item?: Item };
      const size = Item ? itemSize(Item) : 0;
      if (total + size > 16 * megabyte || happens(actions.faults.unprocessed)) {
        const { _projection, ...rest } = options;
        (unprocessed[TableName] ??= { ...rest, Keys: [] }).Keys.push(Key);
        continue;
      }
      total += size;
      if (Item) found.push(Item);
      const cost = Math.max(1, Math.ceil(size / 4096)) * (options.ConsistentRead ? 1 : 0.5);
      units.set(TableName, (units.get(TableName) ?? 0) + cost);
    }
  }
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ...(request.ReturnConsumedCapacity !== undefined && request.ReturnConsumedCapacity !== "NONE"
      ? { ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits })) }
      : {}),
  };
}

export function batchWrite(actions: Actions, raw: Record<string, unknown>): unknown {
  const request = actions.check("BatchWriteItem", raw);
  const wanted = request.RequestItems as Record<string, unknown[]>;
  const unprocessed: Record<string, unknown[]> = {};
  for (const [table, writes] of Object.entries(wanted)) {
    const kept = writes.filter((write) => {
      if (!happens(actions.faults.unprocessed)) return true;
      (unprocessed[table] ??= []).push(write);
      return false;
    });
    if (kept.length > 0) wanted[table] = kept;
    else delete wanted[table];
  }
  const response = Object.keys(wanted).length > 0 ? actions.run("BatchWriteItem", request) : {};
  return { ...response, UnprocessedItems: unprocessed };
}
