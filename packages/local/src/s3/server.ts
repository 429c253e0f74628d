import { createHash, randomUUID } from "node:crypto";
import { copyFileSync, createReadStream, openSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { blobsSpec } from "@slipway/manifest";
import { AwsError, readBody } from "../endpoint.ts";
import { isAllowed, type Principal } from "../principal.ts";
import { verifySignature } from "../sigv4.ts";
import { storeBody } from "./body.ts";
import { checksumsOf, keepHeaders, keptHeaders, rangeOf, withoutChecksums } from "./headers.ts";
import { listObjects } from "./list.ts";
import { createMultipart } from "./multipart.ts";
import { flush, type Objects, type StoredObject } from "./objects.ts";
import { element, unescapeXml, xml } from "./xml.ts";

/** Ignoring one of these would read or overwrite the object itself. */
const subresources = [
  "acl",
  "tagging",
  "attributes",
  "retention",
  "legal-hold",
  "restore",
  "select",
  "torrent",
  "versionId",
  "versions",
] as const;

/**
 * The part of S3 that the product uses, path style: put, get, head, delete, delete many, copy, list and multipart
 * uploads. Anything else (versions, ACLs, listing parts) answers 501.
 */
export function createS3Server(options: {
  objects: Objects;
  principals: readonly Principal[];
  /** Origins whose pages may use presigned URLs. */
  origins: readonly string[];
  onBug(error: unknown): void;
}): Server {
  const { objects } = options;
  const { cors } = blobsSpec;
  const multipart = createMultipart(objects);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [rawPath = "/", rawQuery = ""] = (request.url ?? "/").split("?");
    const [, bucket = "", ...rest] = rawPath.split("/").map(decode);
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
    requireGrant(verified.principal, action);
    if (bucket === "" || !objects.hasBucket(bucket)) throw new AwsError(404, "NoSuchBucket", "No such bucket.");
    if (Buffer.byteLength(call.key) > 1024) throw new AwsError(400, "KeyTooLongError", "The key is too long.");
    await operation(call, verified.principal);
  }

  async function operation(call: Call, principal: Principal): Promise<void> {
    const { method } = call.request;
    for (const name of subresources) if (call.query.has(name)) throw notImplemented(`?${name}`);
    if (call.key === "") {
      if (method === "GET" && call.query.get("list-type") === "2") return list(call);
      if (method === "POST" && call.query.has("delete")) return removeMany(call);
      if (method === "HEAD") return send(call, 200);
      throw notImplemented(`${method} of a bucket`);
    }
    if (call.query.has("uploads") || call.query.has("uploadId")) return inParts(call);
    if (method === "PUT")
      return call.request.headers["x-amz-copy-source"] === undefined ? put(call) : copy(call, principal);
    if (method === "GET" || method === "HEAD") return get(call);
    if (method === "DELETE") {
      objects.remove(call.bucket, [call.key]);
      return send(call, 204);
    }
    throw notImplemented(`${method} of an object`);
  }

  async function inParts(call: Call): Promise<void> {
    const { request, query, bucket, key } = call;
    const upload = { bucket, key, id: query.get("uploadId") ?? "" };
    if (request.method === "POST" && query.has("uploads")) {
      const id = multipart.create(bucket, key, keepHeaders(request, {}));
      const fields = element("Bucket", bucket) + element("Key", key) + element("UploadId", id);
      return send(call, 200, xml("InitiateMultipartUploadResult", fields));
    }
    if (request.method === "PUT" && query.has("partNumber")) {
      const blob = objects.newBlob();
      const { size, etag, checksums } = await storeBody(request, call.payload, blob.path);
      multipart.put(upload, Number(query.get("partNumber")), { name: blob.name, size, etag });
      return send(call, 200, "", { etag: `"${etag}"`, ...checksums });
    }
    if (request.method === "DELETE") {
      multipart.abort(upload);
      return send(call, 204);
    }
    if (request.method === "POST") {
      const body = (await readBody(request, 2 * 1024 * 1024)).toString();
      const wanted = [...body.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = ""]) => ({
        part: Number(/<PartNumber>(\d+)</.exec(part)?.[1] ?? 0),
        etag: unescapeXml(/<ETag>([\s\S]*?)</.exec(part)?.[1] ?? "").replaceAll('"', ""),
      }));
      if (wanted.length === 0) throw new AwsError(400, "MalformedXML", "An upload needs at least one part.");
      const { etag } = multipart.complete(upload, wanted);
      const fields = element("Bucket", bucket) + element("Key", key) + element("ETag", `"${etag}"`);
      return send(call, 200, xml("CompleteMultipartUploadResult", fields));
    }
    throw notImplemented("a list of parts");
  }

  async function put(call: Call): Promise<void> {
    if (call.query.has("x-amz-checksum-crc32")) {
      // The SDK bakes the checksum of an empty body into a presigned PUT unless it is told not to.
      throw new AwsError(400, "BadDigest", "Presign with requestChecksumCalculation: WHEN_REQUIRED.");
    }
    precondition(call, objects.find(call.bucket, call.key));
    const blob = objects.newBlob();
    const { size, etag, checksums } = await storeBody(call.request, call.payload, blob.path);
    const object = {
      key: call.key,
      blob: blob.name,
      size,
      etag,
      at: Date.now(),
      headers: keepHeaders(call.request, checksums),
    };
    objects.put(call.bucket, object, (existing) => precondition(call, existing));
    send(call, 200, "", { etag: `"${etag}"`, ...checksums });
  }

  function copy(call: Call, principal: Principal): void {
    const { headers } = call.request;
    requireGrant(principal, "s3:GetObject");
    const [bucket = "", ...key] = decode(String(headers["x-amz-copy-source"])).replace(/^\//, "").split("/");
    const from = objects.find(bucket, key.join("/"));
    if (from === undefined) throw new AwsError(404, "NoSuchKey", "The specified key does not exist.");
    const expected = headers["x-amz-copy-source-if-match"];
    if (expected !== undefined && expected !== `"${from.etag}"`) throw failedPrecondition();
    const blob = objects.newBlob();
    // Synchronous, so that the source cannot be removed between finding and reading it.
    copyFileSync(objects.path(from.blob), blob.path);
    flush(blob.path);
    const kept =
      headers["x-amz-metadata-directive"] === "REPLACE" ? keepHeaders(call.request, checksumsOf(from)) : from.headers;
    const at = Date.now();
    const copied = { ...from, key: call.key, blob: blob.name, at, headers: kept };
    objects.put(call.bucket, copied, (existing) => precondition(call, existing));
    const fields = element("ETag", `"${from.etag}"`) + element("LastModified", new Date(at).toISOString());
    send(call, 200, xml("CopyObjectResult", fields));
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
    for (const name of keptHeaders) {
      const value = query.get(`response-${name}`);
      if (value !== null && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) headers[name] = value;
    }
    const range = rangeOf(request.headers.range, object.size);
    if (range) headers["content-range"] = `bytes ${range.from}-${range.to}/${object.size}`;
    const { from, to } = range ?? { from: 0, to: object.size - 1 };
    const hasBody = request.method !== "HEAD" && object.size > 0;
    // Opened synchronously, so that a reader keeps these bytes even if the object is replaced meanwhile.
    const fd = hasBody ? openSync(objects.path(object.blob), "r") : undefined;
    response.writeHead(range ? 206 : 200, { ...headers, "content-length": to - from + 1 });
    if (fd === undefined) response.end();
    else await pipeline(createReadStream("", { fd, start: from, end: to }), response);
  }

  function list(call: Call): void {
    send(call, 200, listObjects(objects, call.bucket, call.query));
  }

  async function removeMany(call: Call): Promise<void> {
    const bytes = await readBody(call.request, 2 * 1024 * 1024);
    const signed =
      call.payload === "UNSIGNED-PAYLOAD" || createHash("sha256").update(bytes).digest("hex") === call.payload;
    if (!signed) throw new AwsError(400, "XAmzContentSHA256Mismatch", "The body does not match its signature.");
    const body = bytes.toString();
    const keys = [...body.matchAll(/<Key>([\s\S]*?)<\/Key>/g)].map((match) => unescapeXml(match[1] ?? ""));
    if (keys.length > 1000) throw new AwsError(400, "MalformedXML", "At most 1000 keys.");
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
      response.setHeader("access-control-expose-headers", cors.exposed.join(", "));
    }
    if (request.method === "OPTIONS") {
      const wanted = (request.headers["access-control-request-headers"] ?? "")
        .toLowerCase()
        .split(/, */)
        .filter(Boolean);
      const method = request.headers["access-control-request-method"] ?? "";
      // As in S3, one header or method outside the rule refuses the whole preflight.
      const allowed =
        welcome &&
        cors.methods.some((known) => known === method) &&
        wanted.every((name) => cors.headers.some((known) => known === name));
      const headers = {
        "access-control-allow-methods": cors.methods.join(", "),
        "access-control-allow-headers": wanted.join(", "),
        "access-control-max-age": "600",
      };
      response.writeHead(allowed ? 200 : 403, allowed ? headers : {}).end();
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
  if (method === "DELETE" && call.query.has("uploadId")) return "s3:AbortMultipartUpload";
  if (method === "PUT" || method === "POST") return "s3:PutObject";
  return method === "DELETE" ? "s3:DeleteObject" : "s3:GetObject";
}

function precondition(call: Call, existing: StoredObject | undefined): void {
  const { headers } = call.request;
  if (headers["if-none-match"] === "*" && existing) throw failedPrecondition();
  if (headers["if-match"] === undefined) return;
  if (existing === undefined) throw new AwsError(404, "NoSuchKey", "The specified key does not exist.");
  if (headers["if-match"] !== `"${existing.etag}"`) throw failedPrecondition();
}

function requireGrant(principal: Principal, action: string): void {
  if (isAllowed(principal, action, "blobs")) return;
  throw new AwsError(403, "AccessDenied", `${principal.name} is not authorized to perform: ${action}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError(400, "InvalidURI", "The path is not percent-encoded UTF-8.");
  }
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
