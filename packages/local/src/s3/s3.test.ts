import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request as httpRequest, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  S3Client,
  type GetObjectCommandInput,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeServer, listenOnLoopback } from "../endpoint.ts";
import type { Principal } from "../principal.ts";
import { openObjects, type Objects } from "./objects.ts";
import { createS3Server } from "./server.ts";

const Bucket = "blobs";
const writer: Principal = {
  name: "writer",
  accessKeyID: "AKWRITE",
  secretAccessKey: "write-secret",
  allows: [{ action: "s3:PutObject", resource: "blobs" }],
};
const root: Principal = { name: "root", accessKeyID: "AKROOT", secretAccessKey: "root-secret", allows: "everything" };
const directory = mkdtempSync(join(tmpdir(), "slipway-s3-"));
const bugs: unknown[] = [];
let objects: Objects;
let server: Server;
let endpoint: string;
let client: S3Client;

function clientOf({ accessKeyID: accessKeyId, secretAccessKey }: Principal): S3Client {
  const credentials = { accessKeyId, secretAccessKey };
  return new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials, maxAttempts: 1 });
}

beforeAll(async () => {
  objects = openObjects(join(directory, "s3"));
  objects.createBucket(Bucket);
  server = createS3Server({
    objects,
    principals: [root, writer],
    origins: ["http://localhost:3000"],
    onBug: (error) => bugs.push(error),
  });
  endpoint = await listenOnLoopback(server);
  client = clientOf(root);
});
afterAll(async () => {
  await closeServer(server);
  objects.close();
  rmSync(directory, { recursive: true, force: true });
  expect(bugs).toEqual([]);
});

function put(Key: string, Body: PutObjectCommandInput["Body"], more: Partial<PutObjectCommandInput> = {}) {
  return client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}
function get(Key: string, more: Partial<GetObjectCommandInput> = {}) {
  return client.send(new GetObjectCommand({ Bucket, Key, ...more }));
}
async function textOf(Key: string, more: Partial<GetObjectCommandInput> = {}): Promise<string | undefined> {
  return (await get(Key, more)).Body?.transformToString();
}
function etagOf(text: string): string {
  return `"${createHash("md5").update(text).digest("hex")}"`;
}
function blobCount(): number {
  const blobs = join(directory, "s3", "blobs");
  return readdirSync(blobs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}
/** Sends exactly this path: `fetch` and the SDK would resolve its dots. */
function raw(method: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(endpoint, { method, path }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode));
    });
    sent.once("error", reject).end();
  });
}

test("returns metadata, headers and the checksum", async () => {
  const Metadata = { author: "x" };
  await put("meta", "hello", {
    ContentType: "text/plain",
    CacheControl: "no-store",
    Metadata,
    ContentEncoding: "gzip",
  });
  const found = await get("meta", { ChecksumMode: "ENABLED" });
  expect(found).toMatchObject({ ContentType: "text/plain", CacheControl: "no-store", Metadata, ETag: etagOf("hello") });
  expect(found.ContentEncoding).toBe("gzip");
  expect(found.ChecksumCRC32).toBeDefined();
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: "meta" }));
  expect(head).toMatchObject({ ContentLength: 5, Metadata });
});

test("stores a streamed body without its chunk framing", async () => {
  const bytes = randomBytes(300_000);
  const Body = Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]);
  await put("stream", Body, { ContentLength: bytes.length });
  const found = await get("stream");
  expect(found.ContentEncoding).toBeUndefined();
  expect(Buffer.from((await found.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
});

test("refuses a body that differs from its declaration and stores nothing", async () => {
  const before = blobCount();
  const other = createHash("sha256").update("other").digest("base64");
  await expect(put("bad", "hello", { ChecksumSHA256: other })).rejects.toMatchObject({ name: "BadDigest" });
  const md5 = createHash("md5").update("other").digest("base64");
  await expect(put("bad", "hello", { ContentMD5: md5 })).rejects.toMatchObject({ name: "BadDigest" });
  await expect(get("bad")).rejects.toMatchObject({ name: "NoSuchKey" });
  expect(blobCount()).toBe(before);
});

test("a write with If-Match replaces only that version and removes the loser's bytes", async () => {
  await put("cas", "1");
  const before = blobCount();
  await put("cas", "2", { IfMatch: etagOf("1") });
  const late = Array.from({ length: 5 }, (_, n) => put("cas", `late ${n}`, { IfMatch: etagOf("2") }));
  const won = (await Promise.allSettled(late)).filter((result) => result.status === "fulfilled");
  expect(won).toHaveLength(1);
  expect(await textOf("cas")).toMatch(/^late/);
  expect(blobCount()).toBe(before);
  await expect(put("nothing", "1", { IfMatch: etagOf("1") })).rejects.toMatchObject({ name: "NoSuchKey" });
});

test("reads a range, and with If-Match a version", async () => {
  await put("range", "hello");
  expect(await textOf("range", { Range: "bytes=1-3" })).toBe("ell");
  expect(await textOf("range", { Range: "bytes=3-" })).toBe("lo");
  await expect(get("range", { Range: "bytes=10-" })).rejects.toMatchObject({ name: "InvalidRange" });
  await expect(get("range", { IfMatch: etagOf("other") })).rejects.toMatchObject({ name: "PreconditionFailed" });
  await expect(get("range", { IfNoneMatch: etagOf("hello") })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 304 },
  });
});

test("a read in progress finishes though the object is replaced and removed", async () => {
  const bytes = randomBytes(8 * 1024 * 1024);
  await put("torn", bytes);
  const reading = await get("torn");
  await put("torn", "short");
  await client.send(new DeleteObjectCommand({ Bucket, Key: "torn" }));
  expect(Buffer.from((await reading.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
});

test("a copy keeps or replaces metadata and needs permission to read", async () => {
  await put("source ü", "hello", { ContentType: "text/plain" });
  const CopySource = `${Bucket}/${encodeURIComponent("source ü")}`;
  await client.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }));
  const replaced = { MetadataDirective: "REPLACE", ContentType: "x/y" } as const;
  await client.send(new CopyObjectCommand({ Bucket, Key: "other", CopySource, ...replaced }));
  expect((await get("copy")).ContentType).toBe("text/plain");
  expect((await get("other")).ContentType).toBe("x/y");
  expect(await textOf("other")).toBe("hello");
  const stolen = clientOf(writer).send(new CopyObjectCommand({ Bucket, Key: "stolen", CopySource }));
  await expect(stolen).rejects.toMatchObject({ name: "AccessDenied" });
});

test("keys never collide: not by dots, case, prefixes or unusual characters", async () => {
  const keys = [
    "x",
    "x/y",
    "X",
    "folder/",
    "A b+c%20#?&=.txt",
    "日本/é😀.txt",
    "../../evil",
    "a/../b",
    `n/${"k".repeat(900)}`,
  ];
  for (const key of keys) await put(key, key);
  for (const key of keys) expect(await textOf(key)).toBe(key);
  expect(existsSync(join(directory, "evil"))).toBe(false);
  await expect(put("k".repeat(1025), "-")).rejects.toMatchObject({ name: "KeyTooLongError" });
});

test("refuses an unsigned request first, however its path is encoded", async () => {
  for (const path of ["/blobs/x", "/blobs/../../x", "/blobs/%2e%2e/x", "/", "/other/x"]) {
    expect([path, await raw("GET", path)]).toEqual([path, 403]);
  }
  expect(await raw("GET", "/blobs/%ff")).toBe(400);
});

test("refuses unsupported operations and leaves the object unchanged", async () => {
  await put("plain", "hello");
  const TagSet = [{ Key: "a", Value: "b" }];
  const refused = [
    client.send(new ListMultipartUploadsCommand({ Bucket })),
    client.send(new PutObjectTaggingCommand({ Bucket, Key: "plain", Tagging: { TagSet } })),
    put("plain", "new", { ChecksumAlgorithm: "SHA1" }),
  ];
  for (const result of await Promise.allSettled(refused)) {
    expect(result).toMatchObject({ status: "rejected", reason: { name: "NotImplemented" } });
  }
  expect(await textOf("plain")).toBe("hello");
});

test("refuses a presigned PUT with the checksum of an empty body", async () => {
  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: "presigned" }), { expiresIn: 60 });
  expect(new URL(url).searchParams.has("x-amz-checksum-crc32")).toBe(true);
  expect((await fetch(url, { method: "PUT", body: "hello" })).status).toBe(400);
});

test("a multipart upload becomes one object, in order, or nothing", async () => {
  const Key = "in-parts";
  const five = Buffer.alloc(5 * 1024 * 1024, "a");
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: "text/x-big" }));
  const part = async (PartNumber: number, Body: Buffer) => {
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    return { PartNumber, ETag };
  };
  const [second, first] = [await part(2, Buffer.from("end")), await part(1, five)];
  await expect(client.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: "NoSuchKey" });
  const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
    client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  await expect(complete([second, first])).rejects.toMatchObject({ name: "EntityTooSmall" });
  await expect(complete([first, { ...second, ETag: "x" }])).rejects.toMatchObject({ name: "InvalidPart" });
  expect((await complete([first, second])).ETag).toMatch(/-2"$/);
  const read = await client.send(new GetObjectCommand({ Bucket, Key }));
  expect([read.ContentLength, read.ContentType]).toEqual([five.length + 3, "text/x-big"]);
  expect((await read.Body?.transformToString())?.endsWith("aend")).toBe(true);
  await expect(complete([first, second])).rejects.toMatchObject({ name: "NoSuchUpload" });
  const again = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "given-up" }));
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key: "given-up", UploadId: again.UploadId }));
  await expect(
    client.send(new UploadPartCommand({ Bucket, Key: "given-up", UploadId: again.UploadId, PartNumber: 1, Body: "x" })),
  ).rejects.toMatchObject({ name: "NoSuchUpload" });
});

test.each([
  [{ origin: "http://localhost:3000", "access-control-request-method": "PUT" }, 200],
  [
    {
      origin: "http://localhost:3000",
      "access-control-request-method": "PUT",
      "access-control-request-headers": "content-type",
    },
    200,
  ],
  [
    {
      origin: "http://localhost:3000",
      "access-control-request-method": "PUT",
      "access-control-request-headers": "content-type, x-amz-acl",
    },
    403,
  ],
  [{ origin: "http://localhost:3000", "access-control-request-method": "DELETE" }, 403],
  [{ origin: "http://evil.test", "access-control-request-method": "GET" }, 403],
])("asked by a browser beforehand with %j it answers %i", async (headers: Record<string, string>, status) => {
  const reply = await fetch(`${endpoint}/any/key`, { method: "OPTIONS", headers });
  expect(reply.status).toBe(status);
  expect(reply.headers.has("access-control-allow-methods")).toBe(status === 200);
});
