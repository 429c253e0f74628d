import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { describe, expect, test } from "vitest";
import { compress } from "./compress.ts";
import type { Env } from "./context.ts";

const app = new Hono<Env>();
app.use(compress);
const large = { text: '"quoted" '.repeat(500) };
app.get("/large", (context) => {
  context.header("etag", '"12"');
  return context.json(large);
});
app.get("/small", (context) => context.json({ ok: true }));
app.get("/none", (context) => context.body(null, 204));
app.get("/image", (context) => context.body("x".repeat(5000), 200, { "content-type": "image/png" }));
// 4 MB of quotes: 8 MB in the body, 16 MB as a JSON string in Lambda's reply.
app.get("/quotes", (context) => context.json({ content: '"'.repeat(4 * 1024 * 1024) }));

const ask = (path: string, accept?: string) =>
  app.request(path, accept === undefined ? {} : { headers: { "accept-encoding": accept } });

describe("a reply is compressed", () => {
  test.each([
    ["gzip", "gzip", gunzipSync],
    ["br", "gzip, deflate, br, zstd", brotliDecompressSync],
    ["br", "GZIP;q=0.5, BR", brotliDecompressSync],
    ["gzip", "br;q=0, gzip", gunzipSync],
    ["gzip", "br; q=0.0, gzip;q=0.1", gunzipSync],
  ] as const)("with %s for %s", async (encoding, accept, decompress) => {
    const reply = await ask("/large", accept);
    expect(reply.headers.get("content-encoding")).toBe(encoding);
    expect(reply.headers.get("vary")).toBe("accept-encoding");
    expect(reply.headers.get("etag")).toBe('"12"');
    expect(JSON.parse(decompress(Buffer.from(await reply.arrayBuffer())).toString())).toEqual(large);
  });
});

test.each([
  ["/large", undefined],
  ["/large", "identity"],
  ["/large", "gzip;q=0"],
  ["/small", "gzip"],
  ["/none", "gzip"],
  ["/image", "gzip"],
])("%s is sent as it is to a client that accepts %s", async (path, accept) => {
  expect((await ask(path, accept)).headers.get("content-encoding")).toBeNull();
});

test("4 MB of quotes fits into Lambda's 6 MB compressed, and is a clear 413 to a client that accepts nothing", async () => {
  const event = (accept: string) => ({
    version: "2.0",
    routeKey: "$default",
    rawPath: "/quotes",
    rawQueryString: "",
    headers: { "accept-encoding": accept },
    requestContext: { domainName: "localhost", http: { method: "GET", path: "/quotes" } },
    isBase64Encoded: false,
  });
  const answer = handle(app);
  const reply = await answer(event("br") as unknown as Parameters<typeof answer>[0]);
  expect(JSON.stringify(reply).length).toBeLessThan(6 * 1024 * 1024);
  const { content } = JSON.parse(brotliDecompressSync(Buffer.from(reply.body, "base64")).toString()) as {
    content: string;
  };
  expect(content).toHaveLength(4 * 1024 * 1024);
  const refused = await answer(event("identity") as unknown as Parameters<typeof answer>[0]);
  expect(refused.statusCode).toBe(413);
  expect(JSON.parse(refused.body)).toMatchObject({ error: { code: "payload_too_large" } });
});

test("a list of 50,000 files fits into Lambda's 6 MB", async () => {
  const files = Array.from({ length: 50_000 }, (_, at) => ({
    path: `packages/package-${at % 97}/src/components/"part" ${at % 1009}/component-${at}.test.tsx`,
    kind: "text",
    size: at * 7919,
    rev: at,
  }));
  const listing = new Hono<Env>().use(compress).get("/", (context) => context.json({ files }));
  for (const accept of ["gzip", "br"]) {
    const reply = await listing.request("/", { headers: { "accept-encoding": accept } });
    expect(reply.status).toBe(200);
    expect(((await reply.arrayBuffer()).byteLength / 3) * 4).toBeLessThan(2 * 1024 * 1024);
  }
});
