import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCode, NotLoaded } from "./code.ts";

const server = createServer((request, response) => {
  if (request.url === "/kept.js") response.writeHead(200, { "content-type": "text/javascript" }).end();
  else if (request.url === "/page.js") response.writeHead(200, { "content-type": "text/html" }).end();
  else response.writeHead(404).end();
});
let origin = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const failing = (url: string) => () =>
  Promise.reject(new TypeError(`Failed to fetch dynamically imported module: ${url}`));

test.each([
  ["the server has replaced it", "/gone.js", true],
  ["the server shows a page in its place", "/page.js", true],
  ["it is there", "/kept.js", false],
])("code that could not be loaded is outdated or not: %s", async (_, path, isOutdated) => {
  const error: unknown = await loadCode("The palette", failing(origin + path)).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(NotLoaded);
  expect(error).toMatchObject({ isOutdated });
  expect((error as NotLoaded).message).toMatch(isOutdated ? /Slipway was updated/ : /^The palette could not be loaded/);
});

test("without the network it is not outdated, and neither where the browser does not name it", async () => {
  for (const load of [failing("http://127.0.0.1:1/a.js"), () => Promise.reject(new TypeError("Importing failed."))])
    await expect(loadCode("The palette", load)).rejects.toMatchObject({ isOutdated: false });
});
