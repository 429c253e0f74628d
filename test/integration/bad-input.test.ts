import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient, listen, signIn, type Client } from "../support/client.ts";
import { routes } from "../support/contract.ts";
import { startStack, temporaryFolder, type Stack } from "../support/stack.ts";

/** Hostile and broken input through the whole stack: a clear error with a code, nothing changed, nothing crashed. */

const folder = temporaryFolder();
let stack: Stack;
let ada: Client;
let eve: Client;
let project: string;

beforeAll(async () => {
  stack = await startStack({ data: folder.path });
  ada = await signIn(stack.url, { name: "Ada" });
  eve = await signIn(stack.url, { name: "Eve" });
  project = String((await ada.post("/api/projects", { name: "Engine" })).json().id);
  const put = await ada.request("PUT", `/api/projects/${project}/files/src/a.txt`, { body: { content: "one\n" } });
  expect(put.status).toBe(200);
});

afterAll(async () => {
  await stack.stop();
  folder.remove();
});

async function state(): Promise<string> {
  return (await ada.get(`/api/projects/${project}/files`)).text;
}

function code(reply: { text: string }): unknown {
  const body = JSON.parse(reply.text) as { error?: { code?: unknown; message?: unknown }; requestID?: unknown };
  expect(body.error?.message).toEqual(expect.any(String));
  expect(body.requestID).toEqual(expect.any(String));
  return body.error?.code;
}

describe("bodies", () => {
  test("malformed JSON is refused and changes nothing", async () => {
    const before = await state();
    const reply = await ada.request("POST", `/api/projects/${project}/changes`, { raw: '{"changes":[' });
    expect(reply.status).toBe(400);
    expect(code(reply)).toBe("invalid_json");
    expect(await state()).toBe(before);
  });

  test("invalid UTF-8 is refused", async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('{"content":"'), 0xff, 0xfe, 0x22, 0x7d]);
    const reply = await ada.request("PUT", `/api/projects/${project}/files/bad.txt`, { raw: bytes });
    expect(reply.status).toBe(400);
    expect(await state()).not.toContain("bad.txt");
  });

  test("a lone surrogate is refused", async () => {
    const reply = await ada.request("PUT", `/api/projects/${project}/files/bad.txt`, { raw: '{"content":"\\ud800"}' });
    expect([400, 422]).toContain(reply.status);
    expect(await state()).not.toContain("bad.txt");
  });

  test("a body of 10 MB is refused", async () => {
    const reply = await ada.request("POST", "/api/messages", {
      raw: JSON.stringify({ message: "x".repeat(10_000_000) }),
    });
    expect(reply.status).toBe(413);
    expect(code(reply)).toBe("payload_too_large");
  });

  test("a name of 1,000 characters is refused, and says which field", async () => {
    const reply = await ada.request("PATCH", `/api/projects/${project}`, { body: { name: "n".repeat(1000) } });
    expect(reply.status).toBe(422);
    expect(code(reply)).toBe("invalid_input");
    expect(reply.text).toContain("name");
  });

  test("a form instead of JSON is refused", async () => {
    const reply = await ada.request("POST", "/api/projects", {
      raw: "name=x",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(reply.status).toBe(415);
  });
});

describe("paths", () => {
  test.each([
    ["../secret"],
    ["a/../../b"],
    ["/etc/passwd"],
    [".git/config"],
    ["sub/.GIT/hooks"],
    ["a\u0000b"],
    ["a//b"],
    ["."],
    ["x".repeat(256)],
    [`${"d/".repeat(600)}x`],
  ])("%j is refused in a batch", async (path) => {
    const before = await state();
    const reply = await ada.request("POST", `/api/projects/${project}/changes`, {
      body: {
        changes: [
          { op: "put", path: "fine.txt", content: "" },
          { op: "put", path, content: "" },
        ],
      },
    });
    expect(reply.status).toBe(422);
    expect(["invalid_path", "invalid_input"]).toContain(code(reply));
    expect(await state()).toBe(before);
  });
});

describe("another person's project", () => {
  test("answers 404 on every route and does not change", async () => {
    const before = await state();
    const calls: [string, string, unknown?][] = [
      ["GET", `/api/projects/${project}`],
      ["PATCH", `/api/projects/${project}`, { name: "mine" }],
      ["DELETE", `/api/projects/${project}`],
      ["GET", `/api/projects/${project}/files`],
      ["GET", `/api/projects/${project}/files/src/a.txt`],
      ["PUT", `/api/projects/${project}/files/src/b.txt`, { content: "x" }],
      ["DELETE", `/api/projects/${project}/files/src/a.txt`],
      ["GET", `/api/projects/${project}/changes?since=0`],
      ["POST", `/api/projects/${project}/changes`, { changes: [{ op: "put", path: "x", content: "" }] }],
      ["GET", `/api/projects/${project}/conversations`],
      ["POST", `/api/projects/${project}/conversations`],
      ["GET", `/api/projects/${project}/checkpoints`],
      ["POST", `/api/projects/${project}/restore`, { rev: 1 }],
      ["GET", `/api/projects/${project}/rules`],
      ["POST", "/api/messages/cancel", { projectId: project }],
      ["POST", "/api/uploads", { projectId: project, size: 1 }],
    ];
    for (const [method, path, body] of calls) {
      const reply = await eve.request(method, path, body === undefined ? {} : { body });
      expect(`${method} ${path} ${reply.status}`).toBe(`${method} ${path} 404`);
      expect(code(reply)).toBe("not_found");
    }
    expect(await state()).toBe(before);
    expect((await ada.get(`/api/projects/${project}`)).json().name).toBe("Engine");
  });

  test("an id of another kind is refused", async () => {
    const reply = await ada.get(`/api/projects/${project.replace("prj_", "run_")}`);
    expect([404, 422]).toContain(reply.status);
  });

  test("everything is 401 when signed out", async () => {
    const nobody = createClient(stack.url);
    for (const path of ["/api/me", "/api/projects", `/api/projects/${project}/files`, "/api/agent/usage"]) {
      const reply = await nobody.get(path);
      expect(reply.status).toBe(401);
      expect(code(reply)).toBe("not_signed_in");
    }
  });
});

describe("revisions", () => {
  test("a stale revision is refused with the current state", async () => {
    const path = `/api/projects/${project}/files/race.txt`;
    const made = (await ada.request("PUT", path, { body: { content: "1" } })).json();
    const first = await ada.request("PUT", path, { body: { content: "2" }, headers: { "if-match": String(made.rev) } });
    expect(first.status).toBe(200);
    const second = await ada.request("PUT", path, {
      body: { content: "3" },
      headers: { "if-match": String(made.rev) },
    });
    expect(second.status).toBe(409);
    expect(code(second)).toBe("stale_revision");
    expect(second.text).toContain(String(first.json().rev));
    expect((await ada.get(path)).json().content).toBe("2");
  });

  test("a put without a revision never overwrites", async () => {
    const reply = await ada.request("PUT", `/api/projects/${project}/files/src/a.txt`, { body: { content: "x" } });
    expect(reply.status).toBe(409);
    expect((await ada.get(`/api/projects/${project}/files/src/a.txt`)).json().content).toBe("one\n");
  });
});

describe("origins and tickets", () => {
  test("a page of another origin cannot change anything", async () => {
    for (const headers of [
      { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
      { "sec-fetch-site": "same-site", origin: "http://evil.localhost" },
    ]) {
      const reply = await ada.request("POST", "/api/projects", { body: { name: "planted" }, headers });
      expect(reply.status).toBe(403);
      expect(code(reply)).toBe("cross_site");
    }
    expect((await ada.get("/api/projects")).text).not.toContain("planted");
  });

  test("a foreign Host is refused", async () => {
    const { request } = await import("node:http");
    const status = await new Promise<number>((resolve, reject) => {
      const call = request(
        { host: "127.0.0.1", port: new URL(stack.url).port, path: "/", headers: { host: "rebind.example" } },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      call.on("error", reject);
      call.end();
    });
    expect([403, 421]).toContain(status);
  });

  test("a ticket opens one socket", async () => {
    const issued = (await ada.post("/api/socket-tickets")).json();
    const { WebSocket } = await import("ws");
    const open = () =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`${String(issued.url)}?ticket=${String(issued.ticket)}`, { origin: stack.url });
        socket.on("open", () => {
          resolve(101);
          socket.close();
        });
        socket.on("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
        socket.on("error", () => resolve(0));
      });
    expect(await open()).toBe(101);
    expect(await open()).toBe(401);
  });

  test("garbage on the socket is answered and the socket stays open", async () => {
    const listener = await listen(ada, project);
    listener.send("{");
    await listener.next((message) => message.type === "error");
    listener.send({ type: "ping" });
    await listener.next((message) => message.type === "pong");
    listener.close();
  });

  test("another person's project cannot be subscribed to", async () => {
    const listener = await listen(eve);
    listener.send({ type: "subscribe", projectId: project });
    const refusal = await listener.next((message) => message.type === "error" || message.type === "subscribed");
    expect(refusal).toMatchObject({ type: "error", code: "not_found" });
    listener.close();
  });
});

test("the server is healthy after all of it", async () => {
  expect((await createClient(stack.url).get("/api/health")).status).toBe(200);
  expect((await ada.get(`/api/projects/${project}/files/src/a.txt`)).json().content).toBe("one\n");
});

test("the OpenAPI document has every route and one error shape", async () => {
  const document = (await createClient(stack.url).get("/api/openapi.json")).json() as unknown as {
    openapi: string;
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
    components: { schemas: Record<string, { properties?: unknown }> };
  };
  expect(document.openapi).toBe("3.1.0");
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    path.startsWith("/api/sandbox-sync/") ? [] : Object.values(methods),
  );
  expect(operations).toHaveLength(routes.size);
  expect(operations.every(({ responses }) => "default" in responses)).toBe(true);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference = ""]) => reference,
  );
  const missing = references.filter(
    (reference) => document.components.schemas[reference.replace("#/components/schemas/", "")] === undefined,
  );
  expect(missing).toEqual([]);
});
