import { VisibleError, statusByCode, type ErrorCode } from "@slipway/contract/error";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Env } from "./context.ts";
import { toResponse } from "./errors.ts";

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
});
afterEach(() => vi.restoreAllMocks());

async function replyTo(error: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const app = new Hono<Env>();
  app.use((context, next) => {
    context.set("requestID", "req_1");
    return next();
  });
  app.get("/", () => {
    throw error;
  });
  app.onError(toResponse);
  const reply = await app.request("/");
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

test.each(Object.keys(statusByCode) as ErrorCode[])(
  "%s has its status, its message and the request's id",
  async (code) => {
    const { status, body } = await replyTo(new VisibleError(code, "What happened.", { current: 3 }));
    expect(status).toBe(statusByCode[code]);
    expect(body).toMatchObject({ error: { code, message: "What happened.", current: 3 }, requestID: "req_1" });
    expect(lines).toEqual([]);
  },
);

test("details cannot replace the code or the message", async () => {
  const { body } = await replyTo(new VisibleError("not_found", "No.", { code: "other", message: "other" }));
  expect(body.error).toEqual({ code: "not_found", message: "No." });
});

test("a bug is a 500 that tells the client nothing, and is logged without its message", async () => {
  const { status, body } = await replyTo(new TypeError("secret of ada@example.com"));
  expect(status).toBe(500);
  expect(body).toEqual({
    error: { code: "internal", message: "Something went wrong. Try again." },
    requestID: "req_1",
  });
  expect(lines.join("")).toContain("request-failed");
  expect(lines.join("")).not.toContain("secret");
});

test("what the framework refuses keeps the shape of errors", async () => {
  expect(await replyTo(new HTTPException(400, { message: "Malformed JSON" }))).toMatchObject({
    status: 400,
    body: { error: { code: "bad_request", message: "Malformed JSON" } },
  });
  expect(await replyTo(new HTTPException(415))).toMatchObject({ body: { error: { code: "unsupported_media_type" } } });
  expect((await replyTo(new HTTPException(500))).body).toMatchObject({ error: { code: "internal" } });
});

test("the usage limit is readable at the top level too", async () => {
  const { body } = await replyTo(
    new VisibleError("usage_limit_exceeded", "Used up.", { limit: 5, used: 5, plan: "free" }),
  );
  expect(body).toMatchObject({ code: "usage_limit_exceeded", limit: 5, used: 5, plan: "free" });
});
