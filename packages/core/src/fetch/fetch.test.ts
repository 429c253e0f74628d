import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFetch } from "./fetch.ts";

let server: Server;
let base: string;
const { signal } = new AbortController();
const options = { signal, maxBytes: 1024 * 1024 };
const open = createFetch(() => true);

beforeAll(async () => {
  server = createServer((request, response) => {
    const redirect = (location: string) => response.writeHead(302, { location }).end();
    if (request.url === "/text") response.setHeader("content-type", "text/plain").end("some text");
    else if (request.url?.startsWith("/hop/")) {
      const left = Number(request.url.slice(5));
      redirect(left === 0 ? "/text" : `/hop/${left - 1}`);
    } else if (request.url === "/loop") redirect("/loop");
    else if (request.url === "/inward") redirect("http://169.254.169.254/latest/meta-data");
    else if (request.url === "/file") redirect("file:///etc/passwd");
    else if (request.url === "/no-url") redirect("http://[");
    else if (request.url === "/password") redirect("http://user:password@127.0.0.1/");
    else if (request.url === "/large") response.end("x".repeat(1_100_000));
    else if (request.url === "/gzip")
      response.setHeader("content-encoding", "gzip").end(gzipSync(Buffer.alloc(10_000_000)));
    else if (request.url === "/silent") response.writeHead(200).flushHeaders();
    else if (request.url === "/broken")
      response.writeHead(200, { "content-length": "10" }).write("x", () => response.destroy());
    else if (request.url !== "/never") response.writeHead(404).end();
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
  "http://127.0.0.1/",
  "http://localhost/",
  "http://[::1]/",
  "http://2130706433/",
  "http://0x7f.1/",
  "http://0/",
  "http://[::ffff:7f00:1]/",
])("%s is refused, however it is written", async (url) => {
  await expect(createFetch()(url, options)).rejects.toThrow(/not on the public internet/);
});

test.each(["file:///etc/passwd", "ftp://example.com", "not a url", "http://user:pass@example.com"])(
  "%s is refused",
  async (url) => {
    await expect(createFetch()(url, options)).rejects.toMatchObject({ code: "invalid_input" });
  },
);

test("gives bytes, type and where the redirects ended", async () => {
  const fetched = await open(`${base}/hop/2`, options);
  expect(fetched).toMatchObject({ type: "text/plain", bytes: Buffer.from("some text") });
  expect(fetched.url.href).toBe(`${base}/text`);
});

test("follows only the redirects that it may", async () => {
  const follows = (from: URL, to: URL) => from.pathname === "/hop/2" && to.pathname === "/hop/1";
  await expect(open(`${base}/hop/2`, { ...options, follows })).rejects.toThrow(
    `${base}/hop/1 redirects to ${base}/hop/0.`,
  );
});

describe("refuses", () => {
  test.each([
    ["/loop", /too often/],
    ["/hop/3", /too often/],
    ["/inward", /not on the public internet/],
    ["/file", /Only http and https/],
    ["/no-url", /not a URL/],
    ["/password", /password/],
    ["/large", /larger than 1024 KB/],
    ["/gzip", /compressed/],
    ["/none", /answered 404/],
  ])("%s", async (path, why) => {
    const fetching = createFetch((address) => address === "127.0.0.1")(base + path, options);
    await expect(fetching).rejects.toMatchObject({ code: "invalid_input", message: expect.stringMatching(why) });
  });
});

test.each(["/silent", "/never", "/broken"])("%s ends with a clear error", async (path) => {
  const fetching = open(base + path, { ...options, milliseconds: 200 });
  await expect(fetching).rejects.toMatchObject({ code: "unavailable" });
});

test("a caller who aborts gets their own reason", async () => {
  const caller = new AbortController();
  const fetching = open(`${base}/silent`, { ...options, signal: caller.signal });
  setTimeout(() => caller.abort(new Error("cancelled")), 20);
  await expect(fetching).rejects.toThrow("cancelled");
});
