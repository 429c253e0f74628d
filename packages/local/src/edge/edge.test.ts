import { readFileSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { sandboxEdge } from "@slipway/manifest";
import { accountOrigins, createEdge as createEdgeFunctions } from "@slipway/sandbox/edge";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { createEdge } from "./edge.ts";

/** The local edge over HTTP, held to the vectors that CloudFront's function is held to. */

const Texts = z.record(z.string(), z.string());
const vectors = z
  .object({
    now: z.int(),
    signingKeys: z.array(z.string()),
    account: z.array(
      z.object({
        name: z.string(),
        request: z.object({
          method: z.string(),
          host: z.string(),
          uri: z.string(),
          query: Texts,
          headers: Texts,
          cookies: Texts,
        }),
        expect: z.object({
          status: z.int().optional(),
          location: z.string().optional(),
          sets: z.string().optional(),
          clears: z.boolean().optional(),
          origin: z.object({ host: z.string(), port: z.int() }).optional(),
          token: z.string().optional(),
          cookies: Texts.optional(),
        }),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, "../../../sandbox/src/edge/vectors.json"), "utf8")));

let runner: Server;
let edge: Server;
let asked: string | undefined;

beforeAll(async () => {
  runner = createServer((request, response) => {
    response.writeHead(200, {
      "content-type": "application/json",
      "set-cookie": ["a=1; Domain=localhost; Path=/", "a=2; Path=/x", "__Host-pv=stolen; Path=/"],
    });
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  });
  const sockets = new WebSocketServer({ server: runner, handleProtocols: (offered) => [...offered][0] ?? false });
  sockets.on("connection", (socket, request) =>
    socket.on("message", (data) => socket.send(`${request.url} ${String(data)}`)),
  );
  await new Promise<void>((resolve) => runner.listen(0, "127.0.0.1", resolve));
  const { port } = runner.address() as AddressInfo;
  const keys = vectors.signingKeys.map((text): [string, string] => {
    const [kid = "", , mac = ""] = text.split(".");
    return [`mac-${kid}`, mac];
  });
  const { answer, upgrade } = createEdge({
    functions: createEdgeFunctions(new Map([["origins", sandboxEdge.origins], ...keys]), () => vectors.now),
    portOf(host) {
      asked = host;
      return port;
    },
  });
  edge = createServer((request, response) => void answer(request, response));
  edge.on("upgrade", (request, socket, head) => void upgrade(request, socket, head));
  await new Promise<void>((resolve) => edge.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  for (const server of [edge, runner]) {
    server.closeAllConnections();
    server.close();
  }
});

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

function ask({
  method,
  host,
  uri,
  query,
  headers,
  cookies,
}: (typeof vectors.account)[number]["request"]): Promise<Got> {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");
  const search = Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: "127.0.0.1",
        port: (edge.address() as AddressInfo).port,
        method,
        path: search === "" ? uri : `${uri}?${search}`,
        headers: { host, ...headers, ...(cookie === "" ? {} : { cookie }) },
      },
      (response) => {
        let text = "";
        response.on("data", (part) => (text += String(part)));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    request.on("error", reject);
    request.end();
  });
}

test("goes to the origins that CloudFront's may", () => {
  expect(sandboxEdge.origins).toBe(accountOrigins);
});

const Passed = z.object({ url: z.string(), headers: Texts });

describe("the local edge", () => {
  test.each(vectors.account)("$name", async ({ request, expect: wanted }) => {
    asked = undefined;
    const { status, headers, text } = await ask(request);
    if (wanted.origin === undefined) {
      expect({ status, location: headers.location, asked }).toEqual({
        status: wanted.status,
        location: wanted.location,
      });
      expect(headers["cache-control"]).toBe("no-store");
      expect(headers["clear-site-data"] !== undefined).toBe(wanted.clears ?? false);
      const [cookie] = headers["set-cookie"] ?? [];
      expect(cookie?.split(";")[0]?.replace("__Host-pv=", "")).toBe(wanted.sets);
      return;
    }
    expect({ status, asked }).toEqual({ status: 200, asked: wanted.origin.host });
    const passed = Passed.parse(JSON.parse(text));
    expect(passed.headers["x-slipway-token"]).toBe(wanted.token);
    expect(passed.headers.cookie ?? "").not.toContain("__Host-pv");
    if (wanted.cookies)
      expect(passed.headers.cookie ?? "").toBe(
        Object.entries(wanted.cookies)
          .map(([name, value]) => `${name}=${value}`)
          .join("; "),
      );
    // What the server sets is its own: no other host's, and not the edge's.
    expect(headers["set-cookie"]).toEqual(["a=1; Path=/", "a=2; Path=/x"]);
  });

  test("carries a WebSocket there and back, and refuses one without a token", async () => {
    const terminal = vectors.account.find(({ name }) => name === "a terminal");
    const protocol = terminal?.request.headers["sec-websocket-protocol"] ?? "";
    const url = `ws://127.0.0.1:${(edge.address() as AddressInfo).port}/terminal?id=1`;
    const socket = new WebSocket(url, protocol.split(/,\s*/));
    const reply = await new Promise((resolve, reject) => {
      socket.on("error", reject);
      socket.on("open", () => socket.send("hello"));
      socket.on("message", (data) => resolve(String(data)));
    });
    expect(reply).toBe("/terminal?id=1 hello");
    socket.close();
    const refused = new WebSocket(url);
    await expect(new Promise((_, reject) => refused.on("error", reject))).rejects.toThrow("401");
  });
});
