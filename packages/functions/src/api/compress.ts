import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { VisibleError } from "@slipway/contract/error";
import type { MiddlewareHandler } from "hono";
import type { Env } from "./context.ts";
import { toResponse } from "./errors.ts";

/**
 * Compresses replies in the function. Lambda takes 6 MB of reply as JSON: a list of 50,000 files is 5 to 6 MB, a text of
 * 4 MB of quotes 8 MB, and either is a fraction of that compressed.
 */

/** Bytes below which compression costs more than it saves. */
const threshold = 1024;
/** Of Lambda's 6 MiB, with room for headers. */
const limit = 6 * 1024 * 1024 - 64 * 1024;

const compressors = {
  // Quality 4 takes as long as gzip and packs better; the default of 11 takes seconds.
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
};

export const compress: MiddlewareHandler<Env> = async (context, next) => {
  await next();
  const { res } = context;
  if (!res.body || res.headers.has("content-encoding")) return;
  const isText = /^(?:text\/|application\/(?:json|x-ndjson))/.test(res.headers.get("content-type") ?? "");
  if (!isText) return;
  const bytes = Buffer.from(await res.clone().arrayBuffer());
  if (bytes.length < threshold) return;
  context.header("vary", "accept-encoding", { append: true });
  const encoding = encodingOf(context.req.header("accept-encoding") ?? "");
  const body = encoding ? await compressors[encoding](bytes) : bytes;
  if (sizeInReply(body, encoding !== undefined) > limit) {
    const message = "The reply is larger than 6 MB. Accept gzip or br, or ask for less.";
    context.res = toResponse(new VisibleError("payload_too_large", message), context);
    return;
  }
  if (encoding === undefined) return;
  context.res = new Response(new Uint8Array(body), res);
  context.res.headers.set("content-encoding", encoding);
  context.res.headers.delete("content-length");
};

/** The best of what the client accepts: `br;q=0` is refused by it. */
function encodingOf(header: string): keyof typeof compressors | undefined {
  const accepted = header.split(",").flatMap((part) => {
    const [name = "", quality = ""] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/);
    return quality === "" || Number(quality) > 0 ? [name] : [];
  });
  return (["br", "gzip"] as const).find((name) => accepted.includes(name));
}

/** Bytes in Lambda's reply: base64, or text as a JSON string. */
function sizeInReply(body: Buffer, isBinary: boolean): number {
  if (isBinary) return Math.ceil(body.length / 3) * 4;
  return body.length * 6 <= limit ? body.length : Buffer.byteLength(JSON.stringify(body.toString()));
}
