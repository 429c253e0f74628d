import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { AwsError, readBody } from "../endpoint.ts";
import { isAllowed, type Principal } from "../principal.ts";
import { verifySignature } from "../sigv4.ts";
import { storeBody } from "./body.ts";
import type { Objects, StoredObject } from "./objects.ts";

const keptHeaders = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
] as const;

/**
 * S3 as the product uses it: put, get, head, delete, delete many, copy and list, path style. What is not here
 * (multipart, versions, ACLs) answers 501.
 */
export function createS3Server(options: {
  objects: Objects;
  principals: readonly Principal[];
  /** Origins whose pages may use presigned URLs. */
  origins: readonly string[];
  onBug(error: unknown): void;
}): Server {
  const { objects } = options;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [rawPath = "/", rawQuery = ""] = (request.url ?? "/").split("?");
    const [, bucket = "", ...rest] = rawPath.split("/").map(decodeURIComponent);
    const call: Call = {
      request,
      response,
      bucket,
      key: rest.join("/"),
      query: new URLSearchParams(rawQuery),
      payload: "",
    };
    const verified = verifySignature(request, { principals: options.principals });
    if (!verified.ok) {
      const code = {
        MissingAuthentication: "AccessDenied",
        UnknownKey: "InvalidAccessKeyId",
        Mismatch: "SignatureDoesNotMatch",
        Expired: "AccessDenied",
      };
      throw new AwsError(403, code[verified.code], verified.message);
    }
    call.payload = verified.payload;
    const action = actionOf(request.method ?? "", call);
    if (!isAllowed(verified.principal, action, "blobs")) {
      throw new AwsError(403, "AccessDenied", `${verified.principal.name} is not authorized to perform: ${action}`);
    }
    if (bucket === "" || !objects.hasBucket(bucket)) throw new AwsError(404, "NoSuchBucket", "No such bucket.");
    if (Buffer.byteLength(call.key) > 1024) throw new AwsError(400, "KeyTooLongError", "The key is too long.");
    await operation(call);
  }

  async function operation(call: Call): Promise<void> {
    const { method } = call.request;
    if (call.query.has("uploads") || call.query.has("uploadId")) throw notImplemented("multipart uploads");
    if (call.key === "") {
      if (method === "GET" && call.query.get("list-type") === "2") return list(call);
      if (method === "POST" && call.query.has("delete")) return removeMany(call);
      if (method === "HEAD") return send(call, 200);
      throw notImplemented(`${method} of a bucket`);
    }
    if (method === "PUT") return call.request.headers["x-amz-copy-source"] === undefined ? put(call) : copy(call);
    if (method === "GET" || method === "HEAD") return get(call);
    if (method === "DELETE") {
      objects.remove(call.bucket, [call.key]);
      return send(call, 204);
    }
    throw notImplemented(`${method} of an object`);
  }

  async function put(call: Call): Promise<void> {
    const { headers } = call.request;
    if (call.query.has("x-amz-checksum-crc32")) {
      // The SDK bakes the checksum of an empty body into a presigned PUT unless it is told not to.
      throw new AwsError(400, "BadDigest", "Presign with requestChecksumCalculation: WHEN_REQUIRED.");
    }
    precondition(call, objects.find(call.bucket, call.key));
    const blob = objects.newBlob();
    const { size, etag, checksums } = await storeBody(call.request, call.payload, blob.path);
    const kept: Record<string, string> = { ...checksums };
    for (const name of keptHeaders) {
      const value = headers[name];
      if (typeof value === "string" && value !== "aws-chunked") kept[name] = value.replace(/,?\s*aws-chunked/, "");
    }
    for (const [name, value] of Object.entries(headers)) {
      if (name.startsWith("x-amz-meta-") && typeof value === "string") kept[name] = value;
    }
    const object = { key: call.key, blob: blob.name, size, etag, at: Date.now(), headers: kept };
    objects.put(call.bucket, object, (existing) => precondition(call, existing));
    send(call, 200, "", { etag: `"${etag}"`, ...checksums });
  }

  async function copy(call: Call): Promise<void> {
    const source = decodeURIComponent(String(call.request.headers["x-amz-copy-source"])).replace(/^\//, "");
    const [bucket = "", ...key] = source.split("/");
    const from = objects.find(bucket, key.join("/"));
    if (from === undefined) throw new AwsError(404, "NoSuchKey", "The specified key does not exist.");
    const blob = objects.newBlob();
    const { copyFile } = await import("node:fs/promises");
    await copyFile(objects.path(from.blob), blob.path);
    objects.put(call.bucket, { ...from, key: call.key, blob: blob.name, at: Date.now() }, () => {});
    const body = xml(
      "CopyObjectResult",
      element("ETag", `"${from.etag}"`) + element("LastModified", new Date().toISOString()),
    );
    send(call, 200, body);
  }

  async function get(call: Call): Promise<void> {
    const { request, response, query } = call;
    const object = objects.find(call.bucket, call.key);
    if (object === undefined) throw new AwsError(404, "NoSuchKey", "The specified key does not exist.");
    const etag = `"${object.etag}"`;
    if (request.headers["if-match"] !== undefined && request.headers["if-match"] !== etag) throw failedPrecondition();
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    const headers: Record<string, string | number> = {
      "content-type": "binary/octet-stream",
      "accept-ranges": "bytes",
      "last-modified": new Date(object.at).toUTCString(),
      ...(request.headers.range === undefined ? object.headers : withoutChecksums(object.headers)),
      etag,
    };
    for (const [name, value] of query)
      if (name.startsWith("response-")) headers[name.slice("response-".length)] = value;
    const range = rangeOf(request.headers.range, object.size);
    if (range) headers["content-range"] = `bytes ${range.from}-${range.to}/${object.size}`;
    const { from, to } = range ?? { from: 0, to: object.size - 1 };
    response.writeHead(range ? 206 : 200, { ...headers, "content-length": to - from + 1 });
    if (request.method === "HEAD" || object.size === 0) response.end();
    else await pipeline(createReadStream(objects.path(object.blob), { start: from, end: to }), response);
  }

  function list(call: Call): void {
    const { query } = call;
    const prefix = query.get("prefix") ?? "";
    const limit = Math.min(1000, Number(query.get("max-keys") ?? 1000));
    const token = query.get("continuation-token");
    const after = token === null ? (query.get("start-after") ?? "") : Buffer.from(token, "base64url").toString();
    if (query.has("delimiter")) throw notImplemented("delimiters");
    const found = objects.list(call.bucket, prefix, after, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const text = query.get("encoding-type") === "url" ? encodeURIComponent : (name: string) => name;
    const contents = page.map(
      (object) =>
        `<Contents>${element("Key", text(object.key))}${element("LastModified", new Date(object.at).toISOString())}${element("ETag", `"${object.etag}"`)}${element("Size", object.size)}<StorageClass>STANDARD</StorageClass></Contents>`,
    );
    const more = found.length > limit && last !== undefined;
    send(
      call,
      200,
      xml(
        "ListBucketResult",
        element("Name", call.bucket) +
          element("Prefix", text(prefix)) +
          element("MaxKeys", limit) +
          element("KeyCount", page.length) +
          element("IsTruncated", String(more)) +
          (more ? element("NextContinuationToken", Buffer.from(last.key).toString("base64url")) : "") +
          contents.join(""),
      ),
    );
  }

  async function removeMany(call: Call): Promise<void> {
    const body = (await readBody(call.request, 2 * 1024 * 1024)).toString();
    const keys = [...body.matchAll(/<Key>([\s\S]*?)<\/Key>/g)]
      .map((match) => unescapeXml(match[1] ?? ""))
      .slice(0, 1000);
    objects.remove(call.bucket, keys);
    const quiet = body.includes("<Quiet>true</Quiet>");
    const gone = keys.map((key) => `<Deleted>${element("Key", key)}</Deleted>`).join("");
    send(call, 200, xml("DeleteResult", quiet ? "" : gone));
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("x-amz-request-id", randomUUID());
    response.setHeader("x-content-type-options", "nosniff");
    const { origin } = request.headers;
    const welcome = origin !== undefined && options.origins.includes(origin);
    if (welcome) {
      response.setHeader("access-control-allow-origin", origin);
      response.setHeader("vary", "Origin");
      response.setHeader("access-control-expose-headers", "ETag, Content-Range");
    }
    if (request.method === "OPTIONS") {
      const headers = {
        "access-control-allow-methods": "GET, HEAD, PUT",
        "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "",
        "access-control-max-age": "600",
      };
      response.writeHead(welcome ? 200 : 403, welcome ? headers : {}).end();
      return;
    }
    try {
      await handle(request, response);
    } catch (error) {
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      request.resume();
      const known = error instanceof AwsError ? error : new AwsError(500, "InternalError", "Internal error");
      if (known !== error) options.onBug(error);
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${element("Code", known.code)}${element("Message", known.message)}</Error>`;
      response
        .writeHead(known.status, { "content-type": "application/xml" })
        .end(request.method === "HEAD" ? "" : body);
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  server.requestTimeout = 0;
  return server;
}

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  bucket: string;
  key: string;
  query: URLSearchParams;
  payload: string;
}

function actionOf(method: string, call: Call): string {
  if (call.key === "") return call.query.has("delete") ? "s3:DeleteObject" : "s3:ListBucket";
  if (method === "PUT") return "s3:PutObject";
  return method === "DELETE" ? "s3:DeleteObject" : "s3:GetObject";
}

function precondition(call: Call, existing: StoredObject | undefined): void {
  const { headers } = call.request;
  if (headers["if-none-match"] === "*" && existing) throw failedPrecondition();
  if (headers["if-match"] === undefined) return;
  if (existing === undefined) throw new AwsError(404, "NoSuchKey", "The specified key does not exist.");
  if (headers["if-match"] !== `"${existing.etag}"`) throw failedPrecondition();
}

function rangeOf(header: string | undefined, size: number): { from: number; to: number } | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (found === null || (found[1] === "" && found[2] === "")) return undefined;
  const from = found[1] === "" ? Math.max(0, size - Number(found[2])) : Number(found[1]);
  const to = found[1] === "" || found[2] === "" ? size - 1 : Math.min(Number(found[2]), size - 1);
  if (from >= size || from > to) throw new AwsError(416, "InvalidRange", "The range cannot be satisfied.");
  return { from, to };
}

function withoutChecksums(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("x-amz-checksum-")));
}

function send(call: Call, status: number, body = "", headers: Record<string, string> = {}): void {
  const type = body === "" ? {} : { "content-type": "application/xml" };
  call.response.writeHead(status, { ...type, ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

function notImplemented(what: string): AwsError {
  return new AwsError(501, "NotImplemented", `${what} are not served locally`);
}

function failedPrecondition(): AwsError {
  return new AwsError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
}

function xml(root: string, inner: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${root}>`;
}

function element(name: string, value: string | number): string {
  const escaped = String(value).replace(/[<>&'"]|\p{Cc}/gu, (c) => `&#${c.codePointAt(0)};`);
  return `<${name}>${escaped}</${name}>`;
}

function unescapeXml(text: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot|apos));/gi, (_, decimal, hex, name) =>
    name
      ? (named[String(name).toLowerCase()] ?? "")
      : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(String(hex), 16)),
  );
}
