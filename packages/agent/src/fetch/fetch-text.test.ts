import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFetcher, isPublic } from "./fetch-text.ts";

let server: Server;
let base: string;
const signal = new AbortController().signal;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/page")
      response.setHeader("content-type", "text/html").end("<h1>Title</h1><p>Some <b>text</b>.</p><script>x</script>");
    else if (request.url === "/loop") response.writeHead(302, { location: "/loop" }).end();
    else if (request.url === "/inward")
      response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end();
    else if (request.url === "/large") response.setHeader("content-type", "text/plain").end("x".repeat(1_100_000));
    else if (request.url === "/image") response.setHeader("content-type", "image/png").end("x");
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "224.0.0.1",
  "::1",
  "::",
  "fe80::1",
  "fd00:ec2::254",
  "::ffff:127.0.0.1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "2001:db8::1",
  "nonsense",
])("%s is not public", (address) => expect(isPublic(address)).toBe(false));

test.each(["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])("%s is public", (address) =>
  expect(isPublic(address)).toBe(true),
);

test.each([
  "http://127.0.0.1/",
  "http://localhost/",
  "http://[::1]/",
  "http://2130706433/",
  "http://0x7f.1/",
  "http://0/",
])("%s is refused whatever its spelling", async (url) => {
  await expect(createFetcher()(url, signal)).rejects.toThrow(/not on the public internet/);
});

test.each(["file:///etc/passwd", "ftp://example.com", "not a url", "http://user:pass@example.com"])(
  "%s is refused",
  async (url) => {
    await expect(createFetcher()(url, signal)).rejects.toMatchObject({ code: "invalid_input" });
  },
);

test("a page becomes its text, without scripts and markup", async () => {
  const text = await createFetcher(() => true)(`${base}/page`, signal);
  expect(text).toMatch(/title/i);
  expect(text).toContain("Some text.");
  expect(text).not.toMatch(/[<>]|x$/);
});

test("a redirect inward is refused, and so is a loop", async () => {
  const fetcher = createFetcher((address) => address === "127.0.0.1");
  await expect(fetcher(`${base}/inward`, signal)).rejects.toThrow(/not on the public internet/);
  await expect(fetcher(`${base}/loop`, signal)).rejects.toThrow(/too often/);
});

test("what is too large, missing or not text is refused", async () => {
  const fetcher = createFetcher(() => true);
  await expect(fetcher(`${base}/large`, signal)).rejects.toThrow(/larger than 1 MB/);
  await expect(fetcher(`${base}/none`, signal)).rejects.toThrow(/answered 404/);
  await expect(fetcher(`${base}/image`, signal)).rejects.toThrow(/not text/);
});
