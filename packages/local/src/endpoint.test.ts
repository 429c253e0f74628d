import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AwsError, readBody } from "./endpoint.ts";

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    readBody(request, 1024)
      .then((body) => response.end(String(body.length)))
      .catch((error: unknown) => {
        response.setHeader("connection", "close");
        response.writeHead(error instanceof AwsError ? error.status : 500);
        response.end(request.complete ? "refused" : "refused too early");
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test("a body within the limit is read", async () => {
  expect(await (await fetch(url, { method: "POST", body: "x".repeat(1024) })).text()).toBe("1024");
});

test("a body beyond the limit is refused once the client has sent it, so that it reads the reply", async () => {
  const reply = await fetch(url, { method: "POST", body: Buffer.alloc(20_000_000) });
  expect([reply.status, await reply.text()]).toEqual([413, "refused"]);
});
