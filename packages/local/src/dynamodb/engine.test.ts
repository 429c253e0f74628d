import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openEngine, type Engine } from "./engine.ts";
import { bodyOf } from "./error.ts";

const TableName = "rows";
let directory: string;
let engine: Engine;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "slipway-engine-"));
  engine = openEngine(directory);
  createTable(TableName);
});
afterEach(() => {
  engine.close();
  rmSync(directory, { recursive: true, force: true });
});

function createTable(name: string): void {
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" },
    { AttributeName: range, KeyType: "RANGE" },
  ];
  engine.execute("CreateTable", {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["pk", "sk", "ipk", "isk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: keys("pk", "sk"),
    GlobalSecondaryIndexes: [
      { IndexName: "index", KeySchema: keys("ipk", "isk"), Projection: { ProjectionType: "ALL" } },
    ],
  });
}

interface Answer {
  Item?: unknown;
  Items?: unknown[];
  Count?: number;
  Responses?: { Item?: { n?: { N: string } } }[];
  ConsumedCapacity?: { CapacityUnits: number };
}

function send(operation: string, request: Record<string, unknown>): Answer {
  return engine.execute(operation, { TableName, ...request }) as Answer;
}
function row(pk: string, sk: string, more: Record<string, unknown> = {}) {
  return { pk: { S: pk }, sk: { S: sk }, ...more };
}
function put(pk: string, sk: string, more: Record<string, unknown> = {}): Answer {
  return send("PutItem", { Item: row(pk, sk, more), ReturnConsumedCapacity: "TOTAL" });
}
function transact(TransactItems: unknown[]): unknown {
  return engine.execute("TransactWriteItems", { TransactItems });
}
function putMember(pk: string, sk: string, more: Record<string, unknown> = {}) {
  return { Put: { TableName, Item: row(pk, sk, more) } };
}
function count(pk: string, index = false): number | undefined {
  const name = index ? "ipk" : "pk";
  return send("Query", {
    ...(index ? { IndexName: "index" } : {}),
    KeyConditionExpression: `${name} = :pk`,
    ExpressionAttributeValues: { ":pk": { S: pk } },
  }).Count;
}
function failure(run: () => unknown): Record<string, unknown> {
  try {
    run();
  } catch (error) {
    const body = bodyOf(error);
    if (body === undefined) throw error;
    return body;
  }
  throw new Error("it succeeded");
}

describe("a transaction", () => {
  test("accepts 100 members and refuses 101, duplicates, more than 4 MB and invalid members", () => {
    const many = (length: number) => Array.from({ length }, (_, n) => putMember("many", String(n)));
    expect(failure(() => transact(many(101))).message).toMatch(/less than or equal to 100/);
    expect(count("many")).toBe(0);
    transact(many(100));
    expect(count("many")).toBe(100);
    expect(failure(() => transact([putMember("a", "a"), putMember("a", "a")])).message).toMatch(/one item/);
    const big = Array.from({ length: 13 }, (_, n) => putMember("big", String(n), { s: { S: "x".repeat(350_000) } }));
    expect(failure(() => transact(big)).message).toMatch(/4 MB/);
    for (const nonsense of [[], [null], [{}], [{ Put: null }]]) {
      expect(failure(() => transact(nonsense)).__type).toMatch(/ValidationException/);
    }
  });

  test("names the member with an invalid update and writes nothing", () => {
    put("a", "text", { n: { S: "not a number" } });
    const add = {
      Update: {
        TableName,
        Key: row("a", "text"),
        UpdateExpression: "SET n = n + :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      },
    };
    const body = failure(() => transact([putMember("a", "new"), add]));
    expect(body.CancellationReasons).toMatchObject([{ Code: "None" }, { Code: "ValidationError" }]);
    expect(count("a")).toBe(1);
  });

  test("keeps a sum constant while moving amounts", () => {
    for (let n = 0; n < 10; n++) put("bank", String(n), { n: { N: "100" } });
    const add = (account: number, amount: number) => ({
      Update: {
        TableName,
        Key: row("bank", String(account)),
        UpdateExpression: "ADD n :amount",
        ConditionExpression: "n >= :least",
        ExpressionAttributeValues: { ":amount": { N: String(amount) }, ":least": { N: String(Math.max(0, -amount)) } },
      },
    });
    let cancelled = 0;
    for (let n = 0; n < 200; n++) {
      try {
        transact([add(n % 10, -70), add((n * n + 3) % 10, 70)]);
      } catch (error) {
        if (!/Cancelled|one item/i.test(String(error))) throw error;
        cancelled++;
      }
      const { Responses } = engine.execute("TransactGetItems", {
        TransactItems: Array.from({ length: 10 }, (_, account) => ({
          Get: { TableName, Key: row("bank", String(account)) },
        })),
      }) as Answer;
      expect(Responses?.reduce((sum, { Item }) => sum + Number(Item?.n?.N), 0)).toBe(1000);
    }
    expect(cancelled).toBeGreaterThan(0);
    expect(cancelled).toBeLessThan(200);
  });
});

test("the sweep removes expired rows, from indexes too, and ignores an expiry of years ago", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  const seconds = now / 1000;
  const expires = (at: number) => ({ expires: { N: String(at) }, ipk: { S: "ttl" }, isk: { S: "x" } });
  put("ttl", "before", expires(seconds - 60));
  send("UpdateTimeToLive", { TimeToLiveSpecification: { AttributeName: "expires", Enabled: true } });
  put("ttl", "past", expires(seconds - 60));
  put("ttl", "prolonged", expires(seconds - 60));
  put("ttl", "prolonged", expires(seconds + 60));
  put("ttl", "ancient", expires(1000));
  expect(engine.sweep(now)).toBe(2);
  expect([count("ttl"), count("ttl", true)]).toEqual([2, 2]);
  expect(engine.sweep(now + 120_000)).toBe(1);
});

test("an injected stale read returns old data; a consistent read never does", () => {
  put("a", "old", { ipk: { S: "x" }, isk: { S: "old" } });
  engine.faults = { stale: 1, staleness: 60_000 };
  put("a", "new", { ipk: { S: "x" }, isk: { S: "new" } });
  const get = (ConsistentRead: boolean) => send("GetItem", { Key: row("a", "new"), ConsistentRead }).Item;
  expect(get(true)).toBeDefined();
  expect(get(false)).toBeUndefined();
  expect([count("a"), count("x", true)]).toEqual([1, 1]);
  engine.faults = { stale: 1, staleness: 0 };
  expect(get(false)).toBeDefined();
  engine.faults = {};
  expect(count("x", true)).toBe(2);
});

test("index writes cost units as in AWS", () => {
  const indexed = (isk: string, size = 0) => ({ ipk: { S: "x" }, isk: { S: isk }, s: { S: "x".repeat(size) } });
  expect(put("u", "plain").ConsumedCapacity?.CapacityUnits).toBe(1);
  expect(put("u", "a", indexed("1", 3000)).ConsumedCapacity?.CapacityUnits).toBe(6);
  // The same again costs the table its write, and the index nothing.
  expect(put("u", "a", indexed("1", 3000)).ConsumedCapacity?.CapacityUnits).toBe(3);
  // A new index key is one removal and one insertion.
  expect(put("u", "a", indexed("2", 3000)).ConsumedCapacity?.CapacityUnits).toBe(9);
});

test("a new table is usable at once and after reopening the folder", () => {
  createTable("new");
  const other = openEngine(directory);
  expect(other.execute("DescribeTable", { TableName: "new" })).toMatchObject({
    Table: { TableStatus: "ACTIVE", GlobalSecondaryIndexes: [{ IndexStatus: "ACTIVE" }] },
  });
  other.close();
});

test("an unsupported operation is refused", () => {
  expect(failure(() => send("ExecuteStatement", {})).__type).toMatch(/UnknownOperationException/);
});
