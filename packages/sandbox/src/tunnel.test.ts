import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer, request } from "node:http";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { join, openingSide, takingSide } from "./tunnel.ts";

/** The program of a container, over pipes as `docker exec` has them. */

const folder = mkdtempSync(joinPath(tmpdir(), "slipway-tunnel-"));
const children: ChildProcess[] = [];
let echo: Server;

beforeAll(async () => {
  echo = createServer({ allowHalfOpen: true }, (client) => client.on("error", () => undefined).pipe(client)).listen(
    0,
    "127.0.0.1",
  );
  await once(echo, "listening");
});
afterEach(() => children.splice(0).forEach((child) => child.kill()));
afterAll(() => {
  echo.close();
  rmSync(folder, { recursive: true, force: true });
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;

function tunnel(...args: string[]): { carrier: Duplex; child: ChildProcess } {
  const program = joinPath(import.meta.dirname, "../runner/tunnel.ts");
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  return { child, carrier: Duplex.from({ readable: child.stdout, writable: child.stdin }) };
}

test("connections to a port pass beside each other, whole, and a slow one holds up no other", async () => {
  const open = openingSide(tunnel("in", String(portOf(echo))).carrier);
  const slow = open();
  slow.write(Buffer.alloc(8 * 1024 * 1024, 1));
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, n) => {
      const connection = open();
      connection.end(`${n} `.repeat(50_000));
      return text(connection);
    }),
  );
  expect(all.every((found, n) => found === `${n} `.repeat(50_000))).toBe(true);
  slow.end();
  let bytes = 0;
  for await (const part of slow) bytes += (part as Buffer).length;
  expect(bytes).toBe(8 * 1024 * 1024);
});

test("a port where nothing listens ends the connection alone", async () => {
  const open = openingSide(tunnel("in", "1").carrier);
  for (let n = 0; n < 3; n++) await new Promise((resolve) => open().resume().once("close", resolve));
});

test("a socket leads out to a server that has no port, and is closed with its carrier", async () => {
  const socketPath = joinPath(folder, "out.sock");
  const proxy = createHttpServer(async (asked, response) => {
    response.write(`${asked.method} `);
    response.end(await text(asked));
  });
  const { carrier, child } = tunnel("out", socketPath);
  takingSide(carrier, (connection) => proxy.emit("connection", connection));
  const ask = (body: string) =>
    new Promise<string>((resolve, reject) => {
      request({ socketPath, method: "POST", agent: false }, (reply) => resolve(text(reply)))
        .on("error", reject)
        .end(body);
    });
  await expect.poll(() => ask("").catch(String)).toBe("POST ");
  const bodies = Array.from({ length: 20 }, (_, n) => `${n}`.repeat(20_000));
  expect(await Promise.all(bodies.map(ask))).toEqual(bodies.map((body) => `POST ${body}`));
  child.kill("SIGKILL");
  await once(child, "exit");
  await expect(ask("")).rejects.toThrow(/ECONNREFUSED/);
});

test.for([1, 2, 3, 4, 5, 6, 7, 8])("once the carrier has ended, each connection ends at once, round %d", async () => {
  const { carrier, child } = tunnel("in", String(portOf(echo)));
  const open = openingSide(carrier);
  const first = open();
  first.write("x");
  await once(first, "data");
  child.kill("SIGKILL");
  await expect.poll(() => first.resume().destroyed).toBe(true);
  expect(open().destroyed).toBe(true);
});

test("a side that breaks off takes the other with it", async () => {
  const server = createServer((client) => join(client, connect(portOf(echo), "127.0.0.1"))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect(portOf(server), "127.0.0.1");
  client.write("x");
  await once(client, "data");
  client.resetAndDestroy();
  await expect.poll(() => new Promise((resolve) => echo.getConnections((_, count) => resolve(count)))).toBe(0);
  server.close();
});
