import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { tableSpec } from "@slipway/manifest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Principal } from "./principal.ts";
import { startStorage, type Storage } from "./storage.ts";

const directory = mkdtempSync(join(tmpdir(), "slipway-storage-"));
const root: Principal = { name: "root", accessKeyID: "AKROOT", secretAccessKey: "root-secret", allows: "everything" };
const reader: Principal = {
  name: "reader",
  accessKeyID: "AKREAD",
  secretAccessKey: "read-secret",
  allows: [
    { action: "dynamodb:GetItem", resource: "table" },
    { action: "s3:GetObject", resource: "blobs" },
  ],
};
const TableName = "slipway";
const Bucket = "blobs";
let storage: Storage;

function dynamo(principal: Principal): DynamoDBDocumentClient {
  const credentials = { accessKeyId: principal.accessKeyID, secretAccessKey: principal.secretAccessKey };
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: storage.dynamodbURL, region: "us-east-1", credentials, maxAttempts: 1 }),
  );
}
function s3(principal: Principal): S3Client {
  const credentials = { accessKeyId: principal.accessKeyID, secretAccessKey: principal.secretAccessKey };
  return new S3Client({ endpoint: storage.s3URL, region: "us-east-1", credentials, maxAttempts: 1 });
}

beforeAll(async () => {
  storage = await startStorage({
    directory,
    principals: [root, reader],
    table: { ...tableSpec, name: TableName },
    bucket: Bucket,
    origins: ["http://localhost:3000"],
  });
});
afterAll(async () => {
  await storage.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("DynamoDB", () => {
  test("a transaction is atomic and reports the failed condition with its row", async () => {
    const db = dynamo(root);
    await db.send(new PutCommand({ TableName, Item: { pk: "t", sk: "taken", n: 1 } }));
    const failed = await db
      .send(
        new TransactWriteCommand({
          TransactItems: [
            { Put: { TableName, Item: { pk: "t", sk: "new" } } },
            {
              Put: {
                TableName,
                Item: { pk: "t", sk: "taken", n: 2 },
                ConditionExpression: "attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
              },
            },
          ],
        }),
      )
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(TransactionCanceledException);
    const reasons = (failed as TransactionCanceledException).CancellationReasons;
    expect(reasons?.map((reason) => reason.Code)).toEqual(["None", "ConditionalCheckFailed"]);
    expect(reasons?.[1]?.Item?.n).toEqual({ N: "1" });
    expect((await db.send(new GetCommand({ TableName, Key: { pk: "t", sk: "new" } }))).Item).toBeUndefined();
  });

  test("one of 30 transactions racing for a row wins", async () => {
    const db = dynamo(root);
    const race = Array.from({ length: 30 }, (_, n) =>
      db
        .send(
          new TransactWriteCommand({
            TransactItems: [
              {
                Put: {
                  TableName,
                  Item: { pk: "race", sk: "row", n },
                  ConditionExpression: "attribute_not_exists(pk)",
                },
              },
              { Put: { TableName, Item: { pk: "race", sk: `mark-${n}` } } },
            ],
          }),
        )
        .then(
          () => true,
          () => false,
        ),
    );
    expect((await Promise.all(race)).filter(Boolean)).toHaveLength(1);
    const rows = await db.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "pk = :pk and begins_with(sk, :mark)",
        ExpressionAttributeValues: { ":pk": "race", ":mark": "mark-" },
      }),
    );
    expect(rows.Items).toHaveLength(1);
  });

  test("concurrent increments are all counted", async () => {
    const db = dynamo(root);
    const add = () =>
      db.send(
        new UpdateCommand({
          TableName,
          Key: { pk: "count", sk: "count" },
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": 1 },
        }),
      );
    await Promise.all(Array.from({ length: 50 }, add));
    const { Responses } = await db.send(
      new TransactGetCommand({ TransactItems: [{ Get: { TableName, Key: { pk: "count", sk: "count" } } }] }),
    );
    expect(Responses?.[0]?.Item?.n).toBe(50);
  });

  test("a repeated client token replays the result and refuses another body", async () => {
    const db = dynamo(root);
    const write = (n: number) =>
      db.send(
        new TransactWriteCommand({
          ClientRequestToken: "token-1",
          TransactItems: [
            {
              Update: {
                TableName,
                Key: { pk: "idempotent", sk: "x" },
                UpdateExpression: "ADD n :n",
                ExpressionAttributeValues: { ":n": n },
              },
            },
          ],
        }),
      );
    await write(1);
    await write(1);
    await expect(write(2)).rejects.toThrow(/same client token/);
    const { Item } = await db.send(new GetCommand({ TableName, Key: { pk: "idempotent", sk: "x" } }));
    expect(Item?.n).toBe(1);
  });

  test("an index keeps items with equal keys apart and follows updates", async () => {
    const db = dynamo(root);
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        db.send(new PutCommand({ TableName, Item: { pk: `i${n}`, sk: "x", gsi1pk: "same", gsi1sk: "same" } })),
      ),
    );
    const query = () =>
      db.send(
        new QueryCommand({
          TableName,
          IndexName: "gsi1",
          KeyConditionExpression: "gsi1pk = :pk",
          ExpressionAttributeValues: { ":pk": "same" },
        }),
      );
    expect((await query()).Count).toBe(40);
    await db.send(new PutCommand({ TableName, Item: { pk: "i0", sk: "x" } }));
    await db.send(new DeleteCommand({ TableName, Key: { pk: "i1", sk: "x" } }));
    expect((await query()).Count).toBe(38);
  });

  test("refuses an item over 400 KB of UTF-8", async () => {
    const big = { pk: "big", sk: "x", text: "é".repeat(210_000) };
    await expect(dynamo(root).send(new PutCommand({ TableName, Item: big }))).rejects.toThrow(/maximum allowed size/);
  });

  test("refuses ungranted actions, also inside transactions, wrong secrets and requests from pages", async () => {
    await expect(
      dynamo(reader).send(new PutCommand({ TableName, Item: { pk: "no", sk: "no" } })),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(
      dynamo(reader).send(
        new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: { pk: "no", sk: "no" } } }] }),
      ),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(
      dynamo({ ...root, secretAccessKey: "wrong" }).send(new GetCommand({ TableName, Key: { pk: "no", sk: "no" } })),
    ).rejects.toMatchObject({ name: "InvalidSignatureException" });
    await expect(
      dynamo({ ...root, accessKeyID: "AKWHO" }).send(new GetCommand({ TableName, Key: { pk: "no", sk: "no" } })),
    ).rejects.toMatchObject({ name: "UnrecognizedClientException" });
    const page = await fetch(storage.dynamodbURL, { method: "POST", headers: { origin: "https://evil.example" } });
    expect(page.status).toBe(403);
  });

  test("injected faults reach the client and stop", async () => {
    const db = dynamo(root);
    await storage.setFaults({ unprocessed: 1 });
    const Keys = [{ pk: "t", sk: "taken" }];
    const held = await db.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys } } }));
    expect(held.UnprocessedKeys?.[TableName]?.Keys).toEqual(Keys);
    await storage.setFaults({ throttle: 1 });
    await expect(db.send(new GetCommand({ TableName, Key: { pk: "t", sk: "taken" } }))).rejects.toMatchObject({
      name: "ThrottlingException",
    });
    await storage.setFaults({});
    expect((await db.send(new GetCommand({ TableName, Key: { pk: "t", sk: "taken" } }))).Item?.n).toBe(1);
    expect((await storage.stats()).dynamodb.GetItem?.units).toBeGreaterThan(0);
  });
});

describe("S3", () => {
  test("returns an object as it was put, whole and by range", async () => {
    const client = s3(root);
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251));
    await client.send(new PutObjectCommand({ Bucket, Key: "a/ü &<b>.bin", Body: bytes, ContentType: "image/png" }));
    const whole = await client.send(new GetObjectCommand({ Bucket, Key: "a/ü &<b>.bin" }));
    expect(whole.ContentType).toBe("image/png");
    expect(Buffer.compare(Buffer.from((await whole.Body?.transformToByteArray()) ?? []), bytes)).toBe(0);
    const part = await client.send(new GetObjectCommand({ Bucket, Key: "a/ü &<b>.bin", Range: "bytes=-10" }));
    expect(Buffer.from((await part.Body?.transformToByteArray()) ?? [])).toEqual(bytes.subarray(-10));
  });

  test("one of 20 conditional creates wins", async () => {
    const client = s3(root);
    const put = (n: number) =>
      client.send(new PutObjectCommand({ Bucket, Key: "once", Body: String(n), IfNoneMatch: "*" })).then(
        () => true,
        () => false,
      );
    const won = await Promise.all(Array.from({ length: 20 }, (_, n) => put(n)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  test("lists in order and in pages, and deletes many at once", async () => {
    const client = s3(root);
    for (let n = 0; n < 7; n++) await client.send(new PutObjectCommand({ Bucket, Key: `list/${n}`, Body: "-" }));
    const first = await client.send(new ListObjectsV2Command({ Bucket, Prefix: "list/", MaxKeys: 4 }));
    const second = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: "list/", ContinuationToken: first.NextContinuationToken }),
    );
    const keys = [...(first.Contents ?? []), ...(second.Contents ?? [])].map((object) => object.Key);
    expect(keys).toEqual(["0", "1", "2", "3", "4", "5", "6"].map((n) => `list/${n}`));
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }));
    expect((await client.send(new ListObjectsV2Command({ Bucket, Prefix: "list/" }))).KeyCount).toBe(0);
  });

  test("a valid presigned URL works, and only from the app's pages", async () => {
    const client = new S3Client({
      endpoint: storage.s3URL,
      region: "us-east-1",
      credentials: { accessKeyId: root.accessKeyID, secretAccessKey: root.secretAccessKey },
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: "signed" }), { expiresIn: 60 });
    expect((await fetch(url.replace(/Signature=..../, "Signature=0000"), { method: "PUT", body: "x" })).status).toBe(
      403,
    );
    const put = await fetch(url, { method: "PUT", body: "hello", headers: { origin: "http://localhost:3000" } });
    expect(put.status).toBe(200);
    expect(put.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
    const foreign = await fetch(url, { method: "OPTIONS", headers: { origin: "https://evil.example" } });
    expect(foreign.status).toBe(403);
    const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key: "signed" }));
    expect(ContentLength).toBe(5);
  });

  test("refuses ungranted actions", async () => {
    await expect(s3(reader).send(new PutObjectCommand({ Bucket, Key: "no", Body: "-" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });
});

test("a restart on the same folder finds everything, and close is idempotent", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-again-"));
  const start = () =>
    startStorage({
      directory: folder,
      principals: [root],
      table: { ...tableSpec, name: TableName },
      bucket: Bucket,
      origins: [],
    });
  const before = storage;
  storage = await start();
  await dynamo(root).send(new PutCommand({ TableName, Item: { pk: "kept", sk: "x" } }));
  await s3(root).send(new PutObjectCommand({ Bucket, Key: "kept", Body: "bytes" }));
  await Promise.all([storage.close(), storage.close()]);
  storage = await start();
  expect((await dynamo(root).send(new GetCommand({ TableName, Key: { pk: "kept", sk: "x" } }))).Item).toBeDefined();
  const object = await s3(root).send(new GetObjectCommand({ Bucket, Key: "kept" }));
  expect(await object.Body?.transformToString()).toBe("bytes");
  await storage.close();
  storage = before;
  rmSync(folder, { recursive: true, force: true });
});

test("acknowledged writes survive kill -9", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-crash-"));
  const script = join(folder, "writer.mts");
  writeFileSync(
    script,
    `import { openEngine } from ${JSON.stringify(join(import.meta.dirname, "dynamodb/engine.ts"))};
     const engine = openEngine(${JSON.stringify(join(folder, "data"))});
     const key = (name) => ({ AttributeName: name, KeyType: "HASH" });
     engine.execute("CreateTable", { TableName: "rows", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }], KeySchema: [key("pk")] });
     for (let n = 0; ; n++) {
       engine.execute("TransactWriteItems", { TransactItems: [0, 1].map((half) => ({ Put: { TableName: "rows", Item: { pk: { S: n + "/" + half } } } })) });
       await new Promise((resolve) => process.send(n, resolve));
     }`,
  );
  const child = fork(script, { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  let acknowledged = -1;
  child.on("message", (n) => {
    acknowledged = Number(n);
    if (acknowledged === 200) child.kill("SIGKILL");
  });
  await once(child, "exit");
  const { openEngine } = await import("./dynamodb/engine.ts");
  const engine = openEngine(join(folder, "data"));
  const has = (pk: string) =>
    (engine.execute("GetItem", { TableName: "rows", Key: { pk: { S: pk } } }) as { Item?: unknown }).Item !== undefined;
  for (let n = 0; n <= acknowledged; n++) expect([n, has(`${n}/0`), has(`${n}/1`)]).toEqual([n, true, true]);
  expect(acknowledged).toBeGreaterThanOrEqual(200);
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});
