import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStreamingFetch } from "./streaming.ts";

let server: Server;
let base: string;
let closed = 0;
const open = createStreamingFetch({ maxBytes: 100_000, isTrusted: () => true });

beforeAll(async () => {
  server = createServer((request, response) => {
    response.on("close", () => void (response.writableEnded || closed++));
    if (request.url === "/echo") {
      response.setHeader("content-type", "text/plain");
      response.writeHead(201);
      request.on("data", (chunk) => response.write(`${String(request.headers["x-test"])}:${String(chunk)}`));
      request.on("end", () => response.end());
    } else if (request.url === "/redirect") response.writeHead(302, { location: "http://169.254.169.254/" }).end();
    else if (request.url === "/gzip") response.setHeader("content-encoding", "gzip").end(gzipSync("x"));
    else if (request.url === "/empty") response.writeHead(204).end();
    else if (request.url === "/large") response.end("x".repeat(200_000));
    else if (request.url === "/broken") {
      response.writeHead(200, { "content-length": "10" });
      response.write("x", () => response.destroy());
    } else if (request.url === "/slow") response.write("one");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.each([
  "https://127.0.0.1/",
  "https://localhost/",
  "https://[::1]/",
  "https://2130706433/",
  "https://[::ffff:7f00:1]/",
  "https://169.254.169.254/latest/meta-data",
  "https://10.0.0.1/",
])("%s is refused, however it is written", async (url) => {
  const guarded = createStreamingFetch({ maxBytes: 1, isTrusted: () => false });
  await expect(guarded(url)).rejects.toThrow(/not on the public internet/);
});

test("without TLS only a trusted origin is reached", async () => {
  const { origin } = new URL(base);
  const picky = createStreamingFetch({ maxBytes: 100, isTrusted: (url) => url.origin === origin });
  expect((await picky(`${base}/empty`)).status).toBe(204);
  await expect(picky("http://127.0.0.1:1/")).rejects.toThrow(/not reached over https/);
  await expect(picky("http://example.com/")).rejects.toThrow(/not reached over https/);
});

test("sends method, headers and body, and gives status, type and text", async () => {
  const reply = await open(`${base}/echo`, { method: "POST", headers: { "x-test": "a" }, body: "b" });
  expect([reply.status, reply.headers.get("content-type"), await reply.text()]).toEqual([201, "text/plain", "a:b"]);
});

test("what arrives is read before the rest has been sent; leaving closes the connection", async () => {
  const reply = await open(`${base}/slow`);
  const reader = reply.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("one");
  const before = closed;
  await reader?.cancel();
  await expect.poll(() => closed).toBe(before + 1);
});

test("an abort closes the connection, before and while it is read", async () => {
  await expect(open(`${base}/slow`, { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
  const aborted = new AbortController();
  const reply = await open(`${base}/slow`, { signal: aborted.signal });
  const before = closed;
  const reading = reply.text();
  aborted.abort();
  await expect(reading).rejects.toThrow();
  await expect.poll(() => closed).toBe(before + 1);
});

test.each([
  ["/redirect", /redirects to another address/],
  ["/gzip", /compressed/],
])("%s is refused", async (path, why) => {
  await expect(open(base + path)).rejects.toThrow(why);
});

test.each(["/large", "/broken"])("%s fails while it is read", async (path) => {
  const reply = await open(base + path);
  await expect(reply.text()).rejects.toThrow();
});

test("an endpoint that nobody listens on is worth another try", async () => {
  await expect(open("http://127.0.0.1:1/")).rejects.toBeInstanceOf(TypeError);
});
