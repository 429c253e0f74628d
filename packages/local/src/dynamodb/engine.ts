import { createActions } from "./actions.ts";
import { batchGet, batchWrite } from "./batches.ts";
import { database, operations } from "./dynalite.ts";
import { bodyOf, DynamoError, unknownOperation } from "./error.ts";
import { happens, type Faults } from "./faults.ts";
import { openRows } from "./rows.ts";
import { createStore } from "./store.ts";
import { tokenLife, transactGet, transactWrite } from "./transactions.ts";

export interface Engine {
  /** Assigned as a whole. */
  faults: Faults;
  /** One request, as one SQL transaction. Throws a `DynamoError`, or dynalite's equivalent, where AWS would refuse. */
  execute(operation: string, request: Record<string, unknown>): unknown;
  /** Removes expired rows. AWS may take days, so nothing may rely on it for correctness. */
  sweep(now?: number): number;
  close(): void;
}

type Handler = (request: Record<string, unknown>) => unknown;

/** AWS ignores an expiry further back than this, as a probable mistake. */
const oldestExpiry = 5 * 365 * 86_400_000;
const plainWrites = new Set(["PutItem", "UpdateItem", "DeleteItem"]);
const reads = new Set(["GetItem", "Query", "Scan", "BatchGetItem"]);

export function openEngine(directory: string): Engine {
  const rows = openRows(directory);
  const store = createStore(rows);
  const actions = createActions(store);
  const { check, run, stored, tableOf } = actions;

  /** Makes the table usable at once. dynalite activates it from a timer, and a kill before that would leave it half created. */
  function createTable(raw: Record<string, unknown>): unknown {
    const request = check("CreateTable", raw);
    run("CreateTable", request);
    const table = tableOf(request.TableName);
    table.TableStatus = "ACTIVE";
    for (const index of table.GlobalSecondaryIndexes ?? []) index.IndexStatus = "ACTIVE";
    rows.put(`table~${table.TableName}`, JSON.stringify(table));
    return { TableDescription: table };
  }

  function updateTimeToLive(request: Record<string, unknown>): unknown {
    const table = tableOf(String(request.TableName));
    const spec = request.TimeToLiveSpecification as { AttributeName?: string; Enabled?: boolean } | undefined;
    if (!spec?.AttributeName || spec.Enabled !== true) {
      throw database.validationError("TimeToLiveSpecification must name an attribute and enable it");
    }
    if (store.ttlAttribute(table.TableName) === spec.AttributeName) {
      throw database.validationError("TimeToLive is already enabled");
    }
    store.setTtl(table, spec.AttributeName);
    return { TimeToLiveSpecification: spec };
  }

  function describeTimeToLive(request: Record<string, unknown>): unknown {
    const AttributeName = store.ttlAttribute(tableOf(String(request.TableName)).TableName);
    return {
      TimeToLiveDescription: AttributeName
        ? { TimeToLiveStatus: "ENABLED", AttributeName }
        : { TimeToLiveStatus: "DISABLED" },
    };
  }

  function single(operation: string, raw: Record<string, unknown>): unknown {
    const { ReturnValuesOnConditionCheckFailure: returnOld, ...rest } = raw;
    const request = check(operation, rest);
    try {
      return run(operation, request);
    } catch (error) {
      const body = bodyOf(error);
      if (returnOld === "ALL_OLD" && String(body?.__type).endsWith("ConditionalCheckFailedException")) {
        const key = database.createKey(request.Item ?? request.Key ?? {}, tableOf(request.TableName));
        const old = stored(request.TableName, key);
        if (body && old) body.Item = old;
      }
      throw error;
    }
  }

  const own: Record<string, Handler> = {
    CreateTable: createTable,
    TransactWriteItems: (request) => transactWrite(actions, request),
    TransactGetItems: (request) => transactGet(actions, request),
    BatchGetItem: (request) => batchGet(actions, request),
    BatchWriteItem: (request) => batchWrite(actions, request),
    UpdateTimeToLive: updateTimeToLive,
    DescribeTimeToLive: describeTimeToLive,
  };

  function fail(operation: string): void {
    const { throttle, writeConflict } = actions.faults;
    if (happens(throttle)) throw new DynamoError("ThrottlingException", "Rate exceeded");
    if (plainWrites.has(operation) && happens(writeConflict)) {
      throw new DynamoError("TransactionConflictException", "Transaction is ongoing for the item");
    }
  }

  /** Whether a whole request may be stale; a batch with one consistent member may not. */
  function isStale(operation: string, request: Record<string, unknown>): boolean {
    if (!reads.has(operation) || JSON.stringify(request).includes('"ConsistentRead":true')) return false;
    return happens(actions.faults.stale);
  }

  return {
    get faults() {
      return actions.faults;
    },
    set faults(faults) {
      actions.faults = faults;
      rows.keepPast((faults.stale ?? 0) > 0);
    },
    execute(operation, request) {
      const handler = own[operation] ?? ((raw: Record<string, unknown>) => single(operation, raw));
      if (own[operation] === undefined && operations[operation] === undefined) throw unknownOperation(operation);
      fail(operation);
      if (isStale(operation, request)) return rows.inThePast(actions.faults.staleness ?? 500, () => handler(request));
      return rows.transaction(() => store.chargeIndexes(() => handler(request)));
    },
    sweep(now = Date.now()) {
      let removed = 0;
      const bound = (at: number) => String(Math.floor(at / 1000)).padStart(15, "0");
      const expired = { gte: bound(now - oldestExpiry), lt: `${bound(now)}~` };
      for (const { key } of [...rows.range("ttl~")]) {
        const table = tableOf(key.slice("ttl~".length));
        for (const entry of [...rows.range(`expiry~${table.TableName}~`, expired)]) {
          rows.transaction(() => {
            const item = stored(table.TableName, entry.value);
            if (item === undefined) return rows.remove(entry.key);
            const Key = Object.fromEntries(
              table.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName] ?? {}]),
            );
            run("DeleteItem", { TableName: table.TableName, Key });
            removed++;
          });
        }
      }
      for (const { key, value } of [...rows.range("token~")]) {
        if (now - (JSON.parse(value) as { at: number }).at > tokenLife) rows.remove(key);
      }
      return removed;
    },
    close: () => rows.close(),
  };
}
