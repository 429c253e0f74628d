import { createHash } from "node:crypto";
import { database, operations, validations, type Item, type Request, type Table } from "./dynalite.ts";
import { openRows } from "./rows.ts";
import { createStore, DynamoError, itemSize } from "./store.ts";

/** Chances from 0 to 1, and milliseconds: what a test can make go wrong. */
export interface Faults {
  throttle?: number;
  conflict?: number;
  unprocessed?: number;
  latency?: number;
}

export interface Engine {
  faults: Faults;
  /** One request, as one SQL transaction. Throws `DynamoError` (or dynalite's, alike) for what AWS would refuse. */
  execute(operation: string, request: Record<string, unknown>): unknown;
  /** Removes what has expired. AWS may take days: nothing may rely on it for correctness. */
  sweep(now?: number): number;
  close(): void;
}

const megabyte = 1024 * 1024;
const tokenLife = 600_000;
type Kind = "Put" | "Update" | "Delete" | "ConditionCheck" | "Get";
const operationOf: Record<Kind, string> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "DeleteItem",
  Get: "GetItem",
};
interface Member {
  kind: Kind;
  request: Request;
  returnOld: boolean;
  key: string;
  error?: unknown;
}
interface Reason {
  Code: string;
  Message?: string;
  Item?: Item;
}

export function openEngine(directory: string): Engine {
  const rows = openRows(directory);
  const store = createStore(rows);

  function check(operation: string, raw: Record<string, unknown>): Request {
    const spec = operations[operation];
    if (spec === undefined) throw unknownOperation(operation);
    const request = validations.checkTypes(raw, spec.validation.types);
    validations.checkValidations(request, spec.validation.types, spec.validation.custom, store);
    return request;
  }

  /** Storage is synchronous, so dynalite's callbacks have been called when its action returns. */
  function run(operation: string, request: Request): Record<string, unknown> {
    let outcome: { error: unknown; result: unknown } | undefined;
    operations[operation]?.run(store, request, (error, result) => (outcome = { error, result }));
    if (outcome === undefined) throw new Error(`${operation} did not finish at once`);
    if (outcome.error) throw outcome.error;
    return (outcome.result ?? {}) as Record<string, unknown>;
  }

  function tableOf(name: string): Table {
    const raw = rows.get(`table~${name}`);
    if (raw === undefined) throw new DynamoError("ResourceNotFoundException", "Requested resource not found");
    return JSON.parse(raw) as Table;
  }

  function stored(tableName: string, key: string): Item | undefined {
    const raw = rows.get(`item~${tableName}~${key}`);
    return raw === undefined ? undefined : (JSON.parse(raw) as Item);
  }

  function members(list: unknown, kinds: readonly Kind[]): Member[] {
    if (!Array.isArray(list) || list.length === 0 || list.length > 100) {
      throw database.validationError(
        "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and 100",
      );
    }
    const seen = new Set<string>();
    return (list as Record<string, Record<string, unknown>>[]).map((entry) => {
      const present = kinds.filter((kind) => entry[kind] !== undefined);
      const kind = present[0];
      if (kind === undefined || present.length > 1) {
        throw database.validationError("TransactItems can only contain one of Check, Put, Update or Delete");
      }
      const raw = entry[kind] ?? {};
      if (kind === "ConditionCheck" && raw.ConditionExpression === undefined) {
        throw database.validationError(
          "The parameter 'ConditionExpression' is required but was not present in the request",
        );
      }
      const { ReturnValuesOnConditionCheckFailure: returnOld, ...rest } = raw;
      const request = check(operationOf[kind], rest);
      const table = tableOf(request.TableName);
      const subject = (kind === "Put" ? request.Item : request.Key) ?? {};
      const error = kind === "Put" ? database.validateItem(subject, table) : database.validateKey(subject, table);
      if (error) return { kind, request, returnOld: returnOld === "ALL_OLD", key: "", error };
      const key = database.createKey(subject, table);
      const id = `${request.TableName}~${key}`;
      if (seen.has(id)) {
        throw database.validationError("Transaction request cannot include multiple operations on one item");
      }
      seen.add(id);
      return { kind, request, returnOld: returnOld === "ALL_OLD", key };
    });
  }

  function evaluate(list: readonly Member[], each: (member: Member) => unknown): unknown[] {
    const results: unknown[] = [];
    const reasons = list.map((member): Reason => {
      try {
        if (member.error) throw member.error;
        results.push(each(member));
        return { Code: "None" };
      } catch (error) {
        const body = bodyOf(error);
        if (body === undefined) throw error;
        const conditional = String(body.__type).endsWith("ConditionalCheckFailedException");
        const old = conditional && member.returnOld ? stored(member.request.TableName, member.key) : undefined;
        return {
          Code: conditional ? "ConditionalCheckFailed" : "ValidationError",
          Message: String(body.message),
          ...(old ? { Item: old } : {}),
        };
      }
    });
    if (reasons.some((reason) => reason.Code !== "None")) throw cancelled(reasons);
    return results;
  }

  function capacity(request: Record<string, unknown>, list: readonly Member[], units: (member: Member) => number) {
    if (request.ReturnConsumedCapacity !== "TOTAL" && request.ReturnConsumedCapacity !== "INDEXES") return undefined;
    const byTable = new Map<string, number>();
    for (const member of list) {
      byTable.set(member.request.TableName, (byTable.get(member.request.TableName) ?? 0) + 2 * units(member));
    }
    return [...byTable].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits }));
  }

  function transactWrite(request: Record<string, unknown>): unknown {
    const token = request.ClientRequestToken;
    const tokenRow = typeof token === "string" ? `token~${token}` : undefined;
    const hash = createHash("sha256")
      .update(JSON.stringify(request.TransactItems ?? null))
      .digest("hex");
    const before = tokenRow === undefined ? undefined : rows.get(tokenRow);
    if (before !== undefined) {
      const replay = JSON.parse(before) as { hash: string; at: number; response: unknown };
      if (Date.now() - replay.at < tokenLife) {
        if (replay.hash === hash) return replay.response;
        throw new DynamoError(
          "IdempotentParameterMismatchException",
          "The request uses the same client token as a previous, but non-identical request.",
        );
      }
    }
    const list = members(request.TransactItems, ["ConditionCheck", "Put", "Update", "Delete"]);
    const size = list.reduce(
      (sum, { request: of }) => sum + itemSize(of.Item ?? { ...of.Key, ...of.ExpressionAttributeValues }),
      0,
    );
    if (size > 4 * megabyte) {
      throw database.validationError("Transaction request size exceeds the maximum allowed size of 4 MB");
    }
    if (happens(engine.faults.conflict)) {
      const hit = Math.floor(Math.random() * list.length);
      throw cancelled(list.map((_, index) => ({ Code: index === hit ? "TransactionConflict" : "None" })));
    }
    evaluate(list, (member) => {
      if (member.kind !== "ConditionCheck") return run(operationOf[member.kind], member.request);
      const failure = database.checkConditional(member.request, stored(member.request.TableName, member.key));
      if (failure) throw failure;
      return undefined;
    });
    const response = {
      ConsumedCapacity: capacity(request, list, (member) => {
        const item = stored(member.request.TableName, member.key) ?? member.request.Item ?? member.request.Key ?? {};
        return Math.max(1, Math.ceil(itemSize(item) / 1024));
      }),
    };
    if (tokenRow !== undefined) rows.put(tokenRow, JSON.stringify({ hash, at: Date.now(), response }));
    return response;
  }

  function transactGet(request: Record<string, unknown>): unknown {
    const list = members(request.TransactItems, ["Get"]);
    const found = evaluate(list, (member) => run("GetItem", member.request)) as { Item?: Item }[];
    return {
      Responses: found.map(({ Item }) => (Item ? { Item } : {})),
      ConsumedCapacity: capacity(request, list, (member) =>
        Math.max(1, Math.ceil(itemSize(stored(member.request.TableName, member.key) ?? {}) / 4096)),
      ),
    };
  }

  /** dynalite stops at about 1.4 MB; the service returns up to 16 MB. */
  function batchGet(raw: Record<string, unknown>): unknown {
    const request = check("BatchGetItem", raw);
    const wanted = request.RequestItems as Record<
      string,
      { Keys: Item[]; ConsistentRead?: boolean; _projection?: unknown }
    >;
    const responses: Record<string, Item[]> = {};
    const unprocessed: Record<string, { Keys: Item[] }> = {};
    const units = new Map<string, number>();
    let total = 0;
    for (const [TableName, { Keys, ...options }] of Object.entries(wanted)) {
      const table = tableOf(TableName);
      const found: Item[] = (responses[TableName] = []);
      for (const Key of Keys) {
        const error = database.validateKey(Key, table);
        if (error) throw error;
        const { Item } = run("GetItem", { ...options, TableName, Key } as Request) as { Item?: Item };
        const size = Item ? itemSize(Item) : 0;
        if (total + size > 16 * megabyte || happens(engine.faults.unprocessed)) {
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
      ...(request.ReturnConsumedCapacity === "TOTAL"
        ? { ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits })) }
        : {}),
    };
  }

  function batchWrite(raw: Record<string, unknown>): unknown {
    const request = check("BatchWriteItem", raw);
    const wanted = request.RequestItems as Record<string, unknown[]>;
    const unprocessed: Record<string, unknown[]> = {};
    for (const [table, writes] of Object.entries(wanted)) {
      const kept = writes.filter((write) => {
        if (!happens(engine.faults.unprocessed)) return true;
        (unprocessed[table] ??= []).push(write);
        return false;
      });
      if (kept.length > 0) wanted[table] = kept;
      else delete wanted[table];
    }
    const response = Object.keys(wanted).length > 0 ? run("BatchWriteItem", request) : {};
    return { ...response, UnprocessedItems: unprocessed };
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

  const own: Record<string, (request: Record<string, unknown>) => unknown> = {
    TransactWriteItems: transactWrite,
    TransactGetItems: transactGet,
    BatchGetItem: batchGet,
    BatchWriteItem: batchWrite,
    UpdateTimeToLive: updateTimeToLive,
    DescribeTimeToLive(request) {
      const attribute = store.ttlAttribute(tableOf(String(request.TableName)).TableName);
      return {
        TimeToLiveDescription: attribute
          ? { TimeToLiveStatus: "ENABLED", AttributeName: attribute }
          : { TimeToLiveStatus: "DISABLED" },
      };
    },
  };

  const engine: Engine = {
    faults: {},
    execute(operation, request) {
      const handler = own[operation];
      if (handler === undefined && operations[operation] === undefined) throw unknownOperation(operation);
      if (happens(engine.faults.throttle)) throw new DynamoError("ThrottlingException", "Rate exceeded");
      return rows.transaction(() => (handler ? handler(request) : single(operation, request)));
    },
    sweep(now = Date.now()) {
      let removed = 0;
      const seconds = String(Math.floor(now / 1000)).padStart(15, "0");
      for (const { key } of [...rows.range("ttl~")]) {
        const table = tableOf(key.slice("ttl~".length));
        for (const expired of [...rows.range(`expiry~${table.TableName}~`, { lt: `${seconds}~` })]) {
          rows.transaction(() => {
            const item = stored(table.TableName, expired.value);
            if (item === undefined) return rows.remove(expired.key);
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
  return engine;
}

/** The error's body, if it is one that AWS would send: ours and dynalite's carry it alike. */
export function bodyOf(error: unknown): Record<string, unknown> | undefined {
  if (!(error instanceof Error) || !("body" in error) || typeof error.body !== "object") return undefined;
  return (error.body ?? undefined) as Record<string, unknown> | undefined;
}

function happens(chance: number | undefined): boolean {
  return chance !== undefined && Math.random() < chance;
}

function unknownOperation(operation: string): DynamoError {
  const error = new DynamoError("UnknownOperationException", `${operation} is not served locally`);
  error.body.__type = "com.amazon.coral.service#UnknownOperationException";
  return error;
}

function cancelled(reasons: readonly Reason[]): DynamoError {
  const codes = reasons.map((reason) => reason.Code).join(", ");
  return new DynamoError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}
