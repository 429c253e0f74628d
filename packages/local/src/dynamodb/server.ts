import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createJsonEndpoint, requireGrant } from "../endpoint.ts";
import type { Principal } from "../principal.ts";
import type { Engine } from "./engine.ts";
import { bodyOf } from "./error.ts";
import type { Meter } from "../meter.ts";

/** Requests and capacity units per operation. Failed requests are counted with no units. */
export type DynamoStats = Meter["dynamodb"];

/** HTTP in front of an engine: signatures, grants, injected latency, and counting. */
export function createDynamoServer(options: {
  engine: Engine;
  principals: readonly Principal[];
  stats: DynamoStats;
  onBug(error: unknown): void;
}): Server {
  const { engine, stats } = options;

  async function handle(operation: string, input: Record<string, unknown>, principal: Principal): Promise<unknown> {
    for (const action of actionsOf(operation, input)) requireGrant(principal, action, "table");
    if (engine.faults.latency) await sleep(engine.faults.latency);
    const asked = input.ReturnConsumedCapacity;
    const counted = countable.has(operation) ? { ...input, ReturnConsumedCapacity: asked ?? "TOTAL" } : input;
    const entry = (stats[operation] ??= { requests: 0, units: 0 });
    entry.requests++;
    const response = engine.execute(operation, counted) as Record<string, unknown>;
    entry.units += unitsOf(response.ConsumedCapacity);
    if (asked === undefined || asked === "NONE") delete response.ConsumedCapacity;
    return response;
  }

  return createJsonEndpoint({
    principals: options.principals,
    bodyLimit: 16 * 1024 * 1024,
    handle,
    errorBody(error) {
      const body = bodyOf(error);
      return body === undefined ? undefined : { status: 400, body };
    },
    onBug: options.onBug,
  });
}

const countable = new Set([
  "GetItem",
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "Query",
  "Scan",
  "BatchGetItem",
  "BatchWriteItem",
  "TransactWriteItems",
  "TransactGetItems",
]);

/** As in IAM, a transaction needs the permission of each member. */
function actionsOf(operation: string, input: Record<string, unknown>): Set<string> {
  if (operation === "TransactGetItems") return new Set(["dynamodb:GetItem"]);
  if (operation !== "TransactWriteItems") return new Set([`dynamodb:${operation}`]);
  const names: Record<string, string> = {
    Put: "dynamodb:PutItem",
    Update: "dynamodb:UpdateItem",
    Delete: "dynamodb:DeleteItem",
    ConditionCheck: "dynamodb:ConditionCheckItem",
  };
  const items = Array.isArray(input.TransactItems) ? (input.TransactItems as unknown[]) : [];
  return new Set(items.flatMap((item) => Object.keys(item ?? {})).map((kind) => names[kind] ?? `dynamodb:${kind}`));
}

function unitsOf(consumed: unknown): number {
  const list = (Array.isArray(consumed) ? consumed : [consumed]) as ({ CapacityUnits?: number } | undefined)[];
  return list.reduce((sum, entry) => sum + (entry?.CapacityUnits ?? 0), 0);
}
