import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { createDynamoServer, type DynamoStats } from "./dynamodb/server.ts";
import { openEngine } from "./dynamodb/engine.ts";
import type { Faults } from "./dynamodb/faults.ts";
import { closeServer, listenOnLoopback } from "./endpoint.ts";
import { bug } from "./log.ts";
import { createS3Server } from "./s3/server.ts";
import { openObjects } from "./s3/objects.ts";
import type { StorageCall, StorageOptions } from "./storage.ts";

/** DynamoDB and S3 on their own thread, so that SQLite never blocks the front. */

const options = workerData as StorageOptions;
const engine = openEngine(join(options.directory, "dynamodb"));
const objects = openObjects(join(options.directory, "s3"));
const stats: DynamoStats = {};
const requestsToS3: Record<string, number> = {};

createTable();
objects.createBucket(options.bucket);
const onBug = (error: unknown) => bug("storage", error);
const dynamo = createDynamoServer({ engine, principals: options.principals, stats, onBug });
const s3 = createS3Server({ objects, principals: options.principals, origins: options.origins, onBug });
s3.on("request", ({ method = "" }) => (requestsToS3[method] = (requestsToS3[method] ?? 0) + 1));
const sweep = setInterval(() => engine.sweep(), 60_000);

const urls = { dynamodbURL: await listenOnLoopback(dynamo), s3URL: await listenOnLoopback(s3) };
parentPort?.postMessage({ ready: urls });
parentPort?.on("message", (call: StorageCall) => void answer(call));

async function answer(call: StorageCall): Promise<void> {
  let result: unknown;
  if (call.method === "stats") result = structuredClone({ dynamodb: stats, s3: requestsToS3 });
  else if (call.method === "setFaults") engine.faults = call.argument as Faults;
  else {
    clearInterval(sweep);
    await Promise.all([closeServer(dynamo), closeServer(s3)]);
    engine.close();
    objects.close();
  }
  parentPort?.postMessage({ id: call.id, result });
  if (call.method === "close") parentPort?.close();
}

function createTable(): void {
  const { table } = options;
  const names = [
    table.hashKey,
    table.rangeKey,
    ...Object.values(table.indexes).flatMap(({ hashKey, rangeKey }) => [hashKey, rangeKey]),
  ];
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" },
    { AttributeName: range, KeyType: "RANGE" },
  ];
  try {
    engine.execute("DescribeTable", { TableName: table.name });
    return;
  } catch {
    // First start on this folder.
  }
  engine.execute("CreateTable", {
    TableName: table.name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: keys(table.hashKey, table.rangeKey),
    GlobalSecondaryIndexes: Object.entries(table.indexes).map(([IndexName, { hashKey, rangeKey }]) => ({
      IndexName,
      KeySchema: keys(hashKey, rangeKey),
      Projection: { ProjectionType: "ALL" },
    })),
  });
  engine.execute("UpdateTimeToLive", {
    TableName: table.name,
    TimeToLiveSpecification: { AttributeName: table.ttl, Enabled: true },
  });
}
