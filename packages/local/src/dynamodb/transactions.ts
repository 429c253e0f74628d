import { createHash } from "node:crypto";
import type { Actions } from "./actions.ts";
import { database, type Item, type Request } from "./dynalite.ts";
import { bodyOf, DynamoError } from "./error.ts";
import { happens } from "./faults.ts";
import { itemSize } from "./store.ts";

/** Transactions run inside the SQL transaction of their request, so an exception rolls everything back. */

const megabyte = 1024 * 1024;
/** Milliseconds that a client request token is remembered. */
export const tokenLife = 600_000;

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

function capacity(request: Record<string, unknown>, list: readonly Member[], units: (member: Member) => number) {
  if (request.ReturnConsumedCapacity !== "TOTAL" && request.ReturnConsumedCapacity !== "INDEXES") return undefined;
  const byTable = new Map<string, number>();
  for (const member of list) {
    byTable.set(member.request.TableName, (byTable.get(member.request.TableName) ?? 0) + 2 * units(member));
  }
  return [...byTable].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits }));
}

export function transactWrite(actions: Actions, request: Record<string, unknown>): unknown {
  const token = request.ClientRequestToken;
  const tokenRow = typeof token === "string" ? `token~${token}` : undefined;
  const hash = createHash("sha256")
    .update(JSON.stringify(request.TransactItems ?? null))
    .digest("hex");
  const before = tokenRow === undefined ? undefined : actions.store.rows.get(tokenRow);
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
  const list = members(actions, request.TransactItems, ["ConditionCheck", "Put", "Update", "Delete"]);
  const size = list.reduce(
    (sum, { request: of }) => sum + itemSize(of.Item ?? { ...of.Key, ...of.ExpressionAttributeValues }),
    0,
  );
  if (size > 4 * megabyte) {
    throw database.validationError("Transaction request size exceeds the maximum allowed size of 4 MB");
  }
  if (happens(actions.faults.conflict)) {
    const hit = Math.floor(Math.random() * list.length);
    throw cancelled(list.map((_, index) => ({ Code: index === hit ? "TransactionConflict" : "None" })));
  }
  evaluate(actions, list, (member) => {
    if (member.kind !== "ConditionCheck") return actions.run(operationOf[member.kind], member.request);
    const failure = database.checkConditional(member.request, actions.stored(member.request.TableName, member.key));
    if (failure) throw failure;
    return undefined;
  });
  const response = {
    ConsumedCapacity: capacity(request, list, (member) => {
      const item =
        actions.stored(member.request.TableName, member.key) ?? member.request.Item ?? member.request.Key ?? {};
      return Math.max(1, Math.ceil(itemSize(item) / 1024));
    }),
  };
  if (tokenRow !== undefined) actions.store.rows.put(tokenRow, JSON.stringify({ hash, at: Date.now(), response }));
  return response;
}

export function transactGet(actions: Actions, request: Record<string, unknown>): unknown {
  const list = members(actions, request.TransactItems, ["Get"]);
  const found = evaluate(actions, list, (member) => actions.run("GetItem", member.request)) as { Item?: Item }[];
  return {
    Responses: found.map(({ Item }) => (Item ? { Item } : {})),
    ConsumedCapacity: capacity(request, list, (member) =>
      Math.max(1, Math.ceil(itemSize(actions.stored(member.request.TableName, member.key) ?? {}) / 4096)),
    ),
  };
}

function members(actions: Actions, list: unknown, kinds: readonly Kind[]): Member[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > 100) {
    throw database.validationError(
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1 and less than or equal to 100",
    );
  }
  const seen = new Set<string>();
  return (list as (Record<string, Record<string, unknown>> | null)[]).map((entry) => {
    const present = kinds.filter((kind) => typeof entry?.[kind] === "object" && entry[kind] !== null);
    const kind = present[0];
    if (kind === undefined || present.length > 1) {
      throw database.validationError("TransactItems can only contain one of Check, Put, Update or Delete");
    }
    const raw = entry?.[kind] ?? {};
    if (kind === "ConditionCheck" && raw.ConditionExpression === undefined) {
      throw database.validationError(
        "The parameter 'ConditionExpression' is required but was not present in the request",
      );
    }
    const { ReturnValuesOnConditionCheckFailure: returnOld, ...rest } = raw;
    const request = actions.check(operationOf[kind], rest);
    const table = actions.tableOf(request.TableName);
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

function evaluate(actions: Actions, list: readonly Member[], each: (member: Member) => unknown): unknown[] {
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
      const old = conditional && member.returnOld ? actions.stored(member.request.TableName, member.key) : undefined;
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

function cancelled(reasons: readonly Reason[]): DynamoError {
  const codes = reasons.map((reason) => reason.Code).join(", ");
  return new DynamoError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}
