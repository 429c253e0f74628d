import { Hono } from "hono";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";
import type { Env } from "./context.ts";

const origin = "http://localhost:3000";
let storage: Awaited<ReturnType<typeof storageForCore>>;
let app: Hono<Env>;
const lines: string[] = [];

beforeAll(async () => {
  storage = await storageForCore();
  const guard = await import("./guard.ts");
  const { toResponse } = await import("./errors.ts");
  app = new Hono<Env>();
  app.onError(toResponse);
  app.use(guard.identify, guard.sameOrigin, guard.jsonBody);
  app.all("/", async (context) => context.json({ body: await context.req.text() }));
  app.use("/mine", guard.signedIn);
  app.get("/mine", (context) => context.json(context.get("user")));
});
afterAll(() => storage.remove());
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
});
afterEach(() => vi.restoreAllMocks());

async function send(init: RequestInit, path = "/"): Promise<{ status: number; code: unknown; headers: Headers }> {
  const reply = await app.request(path, init);
  const body = (await reply.json()) as { error?: { code?: unknown } };
  return { status: reply.status, code: body.error?.code, headers: reply.headers };
}
const json = { "content-type": "application/json" };

describe("a changing request from another site is refused", () => {
  test.each<Record<string, string>>([
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "cross-site", origin },
    { "sec-fetch-site": "same-origin", origin: "http://evil.test" },
    { origin: "null" },
    { origin: "http://localhost:3001" },
  ])("%j", async (headers) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      expect(await send({ method, headers })).toMatchObject({ status: 403, code: "cross_site" });
    expect((await send({ method: "GET", headers })).status).toBe(200);
  });

  test.each<Record<string, string>>([
    {},
    { origin },
    { "sec-fetch-site": "same-origin", origin },
    { "sec-fetch-site": "none" },
  ])("and not from %j", async (headers) => expect((await send({ method: "POST", headers })).status).toBe(200));
});

describe("a body", () => {
  test.each<[string, string | Uint8Array<ArrayBuffer>, string]>([
    ["text/plain", "{}", "unsupported_media_type"],
    ["application/jsonp", "{}", "unsupported_media_type"],
    ["multipart/form-data; boundary=x", "", "unsupported_media_type"],
    ["application/json", "{", "invalid_json"],
    ["application/json", new Uint8Array([0x22, 0xff, 0x22]), "invalid_json"],
    ["application/json", `"${"x".repeat(6 * 1024 * 1024)}"`, "payload_too_large"],
  ])("of type %s is refused as %#", async (type, body, code) => {
    expect((await send({ method: "POST", headers: { "content-type": type }, body })).code).toBe(code);
  });

  test.each(["application/json", "application/json; charset=utf-8", "Application/JSON"])(
    "of type %s is read",
    async (type) => {
      expect((await send({ method: "POST", headers: { "content-type": type }, body: "{}" })).status).toBe(200);
    },
  );

  test("that is absent needs no type, and a declared length is believed only to refuse", async () => {
    expect((await send({ method: "DELETE" })).status).toBe(200);
    const headers = { ...json, "content-length": String(7 * 1024 * 1024) };
    expect((await send({ method: "POST", headers, body: "{}" })).code).toBe("payload_too_large");
  });
});

test("every reply has an id and forbids caches and sniffing, and one line of the log names it", async () => {
  const { headers } = await send({ method: "GET" });
  expect(headers.get("x-request-id")).toMatch(/^req_/);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("cache-control")).toBe("private, no-store");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    requestID: headers.get("x-request-id"),
    status: 200,
    method: "GET",
  });
});

test.each([undefined, "authjs.session-token=", "authjs.session-token=x.y.z", "authjs.session-token=%00"])(
  "nobody is signed in with the cookie %j",
  async (cookie) => {
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
    expect(await send({ headers }, "/mine")).toMatchObject({ status: 401, code: "not_signed_in" });
  },
);
