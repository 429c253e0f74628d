import { createHash } from "node:crypto";
import { createWriteStream, rmSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { AwsError } from "../endpoint.ts";
import { flush } from "./objects.ts";

/** S3's largest object in one PUT. */
const maxObject = 5 * 1024 ** 3;

/** Removes the chunk framing of a `STREAMING-…` body: `<hex>[;…]CRLF data CRLF … 0 CRLF trailers`. */
class UnframeChunks extends Transform {
  readonly trailers: Record<string, string> = {};
  #buffer: Buffer = Buffer.alloc(0);
  #left = 0;
  #state: "size" | "data" | "line-end" | "trailer" = "size";

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#buffer = this.#buffer.length > 0 ? Buffer.concat([this.#buffer, chunk]) : chunk;
    try {
      while (this.#step());
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.#state === "trailer" ? null : new AwsError(400, "IncompleteBody", "The body ends too early."));
  }

  #step(): boolean {
    if (this.#state === "data") {
      if (this.#buffer.length === 0) return false;
      const part = this.#buffer.subarray(0, this.#left);
      this.push(part);
      this.#buffer = this.#buffer.subarray(part.length);
      this.#left -= part.length;
      if (this.#left === 0) this.#state = "line-end";
      return true;
    }
    const end = this.#buffer.indexOf("\r\n");
    if (end < 0) {
      if (this.#buffer.length > 16_384) throw malformed();
      return false;
    }
    const line = this.#buffer.subarray(0, end).toString("latin1");
    this.#buffer = this.#buffer.subarray(end + 2);
    if (this.#state === "line-end") {
      if (line !== "") throw malformed();
      this.#state = "size";
    } else if (this.#state === "size") {
      if (!/^[0-9a-f]{1,13}(;|$)/i.test(line)) throw malformed();
      this.#left = Number.parseInt(line, 16);
      this.#state = this.#left > 0 ? "data" : "trailer";
    } else {
      const colon = line.indexOf(":");
      if (colon > 0) this.trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
    return true;
  }
}

function malformed(): AwsError {
  return new AwsError(400, "InvalidRequest", "malformed aws-chunked body");
}

/** Streams a body into a file and verifies every length and checksum that its headers or trailers declare. */
export async function storeBody(
  request: IncomingMessage,
  payload: string,
  path: string,
): Promise<{ size: number; etag: string; checksums: Record<string, string> }> {
  const { headers } = request;
  if (payload.startsWith("STREAMING-AWS4")) {
    throw new AwsError(501, "NotImplemented", "Signed chunks are not served locally.");
  }
  const unframe = payload.startsWith("STREAMING-") ? new UnframeChunks() : undefined;
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  let crc = 0;
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maxObject) return done(new AwsError(400, "EntityTooLarge", "The object is too large."));
      md5.update(chunk);
      sha256.update(chunk);
      crc = crc32(chunk, crc);
      done(null, chunk);
    },
  });
  try {
    await pipeline(
      unframe ? [request, unframe, meter, createWriteStream(path)] : [request, meter, createWriteStream(path)],
    );
    const etag = md5.digest();
    const digest = sha256.digest();
    const declared = headers["x-amz-decoded-content-length"] ?? (unframe ? undefined : headers["content-length"]);
    if (declared !== undefined && Number(declared) !== size) throw new AwsError(400, "IncompleteBody", "Wrong length.");
    if (/^[0-9a-f]{64}$/.test(payload) && digest.toString("hex") !== payload) {
      throw new AwsError(400, "XAmzContentSHA256Mismatch", "The body is not the one that was signed.");
    }
    if (headers["content-md5"] !== undefined && headers["content-md5"] !== etag.toString("base64")) {
      throw new AwsError(400, "BadDigest", "Content-MD5 does not match.");
    }
    const crcBytes = Buffer.alloc(4);
    crcBytes.writeUInt32BE(crc >>> 0);
    const actual = { crc32: crcBytes.toString("base64"), sha256: digest.toString("base64") };
    const checksums = checkDeclared(headers, unframe?.trailers ?? {}, actual);
    flush(path);
    return { size, etag: etag.toString("hex"), checksums };
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

function checkDeclared(
  headers: IncomingHttpHeaders,
  trailers: Record<string, string>,
  actual: Record<string, string>,
): Record<string, string> {
  const checksums: Record<string, string> = {};
  const announced = String(headers["x-amz-trailer"] ?? "").toLowerCase();
  for (const header of [...Object.keys(headers), ...Object.keys(trailers), announced]) {
    const name = /^x-amz-checksum-(\w+)$/.exec(header)?.[1];
    if (name === undefined || name === "type" || name in actual) continue;
    throw new AwsError(501, "NotImplemented", `The checksum ${name} is not served locally.`);
  }
  if (announced !== "" && trailers[announced] === undefined) {
    throw new AwsError(400, "MalformedTrailerError", `The trailer ${announced} is missing.`);
  }
  for (const [name, value] of Object.entries(actual)) {
    const header = `x-amz-checksum-${name}`;
    const declared = headers[header] ?? trailers[header];
    if (declared === undefined) continue;
    if (declared !== value) throw new AwsError(400, "BadDigest", `The ${name} you specified did not match.`);
    checksums[header] = value;
  }
  return checksums;
}
