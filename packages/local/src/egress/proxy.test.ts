import { createServer, request as httpRequest, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../../test/support/stack.ts";
import { createEgress, type Egress } from "./proxy.ts";

/** The way out of a sandbox, spoken to as a program in one does. */

const folder = temporaryFolder();
const socketPath = join(folder.path, "proxy.sock");
let egress: Egress;
let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) =>
    response.end(`${request.method} ${request.url} ${request.headers.host}`),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  egress = createEgress({
    registries: new Set([`localhost:${port}`]),
    services: [
      {
        origin: "http://app.test:3000",
        port,
        allows: ({ method, url }) => method === "POST" && url.pathname.startsWith("/api/sync/"),
      },
    ],
  });
  await egress.listen(socketPath);
});
afterAll(async () => {
  await egress.close();
  server.close();
  folder.remove();
});

/** A request with the whole address, as to a proxy. */
function ask(
  path: string,
  method = "GET",
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ socketPath, path, method, headers }, (response) => {
      let text = "";
      response.on("data", (part) => (text += String(part)));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on("error", reject);
    request.end();
  });
}

/** The first line of the answer to a CONNECT, and what follows through the tunnel. */
function tunnel(target: string, send = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`));
    let text = "";
    socket.on("data", (part) => {
      text += String(part);
      if (send !== "" && text.includes(" 200 ")) {
        socket.write(send);
        send = "";
      }
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
}

describe("the way out", () => {
  test("leads to a registry at exactly the configured host and port, though it is private", async () => {
    expect(await ask(`http://localhost:${port}/package`)).toEqual({
      status: 200,
      text: `GET /package localhost:${port}`,
    });
    const reply = await tunnel(`localhost:${port}`, `GET /in HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(reply).toContain("GET /in x");
    expect((await ask(`http://127.0.0.1:${port}/`)).status).toBe(403);
    expect((await ask(`http://localhost:${port + 1}/`)).status).toBe(403);
  });

  test("leads to a service by the requests that it takes, and no others", async () => {
    expect(await ask("http://app.test:3000/api/sync/push", "POST")).toEqual({
      status: 200,
      text: "POST /api/sync/push app.test:3000",
    });
    const refused = [
      ["GET", "http://app.test:3000/api/sync/push"],
      ["POST", "http://app.test:3000/api/projects"],
      ["POST", "http://app.test:3000/api/sync/../projects"],
      ["POST", "http://app.test:3000/api/sync/%2e%2e/projects"],
      ["POST", "http://user:secret@app.test:3000/api/sync/push"],
    ] as const;
    for (const [method, url] of refused) expect([url, (await ask(url, method)).status]).toEqual([url, 403]);
    expect(await tunnel("app.test:3000")).toContain(" 403 ");
  });

  test("takes the host from the address, whatever the header says", async () => {
    const { text } = await ask(`http://localhost:${port}/`, "GET", { host: "elsewhere.test" });
    expect(text).toBe(`GET / localhost:${port}`);
  });

  test.each([
    "localhost:80",
    "127.0.0.1:443",
    "127.1:443",
    "0x7f000001:80",
    "169.254.169.254:80",
    "10.0.0.1:443",
    "[::1]:443",
    "[::ffff:7f00:1]:443",
    "example.com:22",
    ":443",
    "not a target",
  ])("opens no tunnel to %s", async (target) => {
    expect(await tunnel(target)).toMatch(/^HTTP\/1\.1 40[03] /);
  });

  test.each(["ftp://example.com/", "file:///etc/passwd", "https://example.com/", "/etc/passwd", "*"])(
    "passes no request for %s",
    async (url) => {
      expect((await ask(url)).status).toBe(403);
    },
  );
});
