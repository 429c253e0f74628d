import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import { Failure } from "./failure.ts";

/** Reading requests within bounds, and answering them. */

const maxBodyBytes = 512 * 1024;

/** @throws Failure too_large, bad_request */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBodyBytes) throw new Failure("too_large", "The request is too large.");
    parts.push(part);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(parts).toString() || "{}");
  } catch {
    throw new Failure("bad_request", "The request is not JSON.");
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw new Failure(
    "bad_request",
    `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not as expected"}`.slice(0, 500),
  );
}

export function sendJSON(response: ServerResponse, value: unknown, status = 200): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": body.length,
    "cache-control": "no-store",
  });
  response.end(body);
}

export function sendFailure(response: ServerResponse, { code, message, status }: Failure): void {
  if (response.headersSent) response.destroy();
  else sendJSON(response, { error: { code, message } }, status);
}

/** Lines of JSON as they come, no faster than they are read. Aborts `gone` when the reader leaves. */
export async function sendLines(response: ServerResponse, lines: AsyncIterable<unknown>): Promise<void> {
  response.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
  response.flushHeaders();
  for await (const line of lines) {
    if (response.destroyed) return;
    if (response.write(`${JSON.stringify(line)}\n`)) continue;
    await new Promise<void>((resolve) => {
      const done = () => {
        response.off("drain", done).off("close", done);
        resolve();
      };
      response.on("drain", done).on("close", done);
    });
  }
  response.end();
}

/** Aborts when the client has left. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  return gone.signal;
}
