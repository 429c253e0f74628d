import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { changesSince, getFile, putFile } from "@slipway/contract/routes/file";
import { createProject, getProject, listProjects } from "@slipway/contract/routes/project";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { call, onReachable, onSignedOut } from "./call.ts";

/** A real server on loopback; the browser's relative addresses are resolved against it. */
let origin = "";
let respond: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
let seen: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += String(chunk)));
  request.on("end", () => {
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    respond(request, response);
  });
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => fetch(new URL(path, origin), init));
});
afterEach(() => {
  seen = [];
});
afterAll(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

function answer(status: number, body: unknown): void {
  respond = (_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

const id = "prj_01M8BCSE9RSGVGZPGXFCW9EGQ6";
const entry = { path: "a b/ü.txt", kind: "text", size: 4, rev: 7 };
const project = {
  id,
  name: "Engine",
  description: "",
  origin: "blank",
  kind: "project",
  state: "ready",
  role: "owner",
  settings: {
    installCommand: "",
    devCommand: "",
    testCommand: "",
    model: "",
    approvalPolicy: "ask",
    sandboxPrestart: false,
    costLimit: 5,
  },
  rev: 1,
  createdAt: 1,
  activeAt: 2,
};

describe("requests", () => {
  test("keeps the slashes of a file's path and encodes everything else", async () => {
    answer(200, { ...entry, content: "text" });
    await call(getFile, { params: { id, path: "a b/ü?#.txt" } });
    expect(seen[0]).toMatchObject({ method: "GET", url: `/api/projects/${id}/files/a%20b/%C3%BC%3F%23.txt`, body: "" });
  });

  test.each(["../secret", "a/./b", ".."])(
    "refuses the path %s, which a browser would resolve to another",
    async (path) => {
      await expect(call(getFile, { params: { id, path } })).rejects.toMatchObject({
        status: 422,
        code: "invalid_path",
      });
      expect(seen).toHaveLength(0);
    },
  );

  test("sends the revision that a change is based on", async () => {
    answer(200, entry);
    await call(putFile, { params: { id, path: "a.txt" }, body: { content: "text" }, rev: 6 });
    expect(seen[0]).toMatchObject({
      method: "PUT",
      headers: { "content-type": "application/json", "if-match": '"6"' },
      body: '{"content":"text"}',
    });
  });

  test("leaves absent query parameters out", async () => {
    answer(200, { projects: [] });
    await call(listProjects, { query: { limit: 10 } });
    await call(listProjects);
    expect(seen.map(({ url }) => url)).toEqual(["/api/projects?limit=10", "/api/projects"]);
  });
});

/** Never run: the compiler fails if one of these calls is accepted. */
export function refusedByTheTypes(): void {
  // @ts-expect-error the parameters are missing
  void call(getProject);
  // @ts-expect-error there is no such parameter
  void call(getProject, { params: { project: id } });
  // @ts-expect-error a read is based on no revision
  void call(getFile, { params: { id, path: "a" }, rev: 1 });
  // @ts-expect-error the query is required
  void call(changesSince, { params: { id } });
  // @ts-expect-error the body has another shape
  void call(putFile, { params: { id, path: "a" }, body: { text: "" } });
}

describe("replies", () => {
  test("are parsed by the route's schema, which drops what it does not know", async () => {
    answer(201, { ...project, later: "a field of a newer server" });
    expect(await call(createProject, { body: {} })).toEqual(project);
  });

  test.each([
    ["a missing field", { ...project, name: undefined }],
    ["an unknown state", { ...project, state: "frozen" }],
    ["a proxy's page", "<html>Gateway</html>"],
    ["nothing", ""],
  ])("%s is an error, never a value", async (_, body) => {
    answer(200, body);
    await expect(call(getProject, { params: { id } })).rejects.toMatchObject({ code: "unexpected_reply" });
  });

  test("a status that the route does not have is an error", async () => {
    answer(202, project);
    await expect(call(getProject, { params: { id } })).rejects.toMatchObject({ status: 202, code: "unexpected_reply" });
  });
});

describe("failures", () => {
  test("carry the contract's code, message and details", async () => {
    answer(409, { error: { code: "stale_revision", message: "Changed since.", rev: 9 }, requestID: "req_1" });
    await expect(call(putFile, { params: { id, path: "a" }, body: { content: "" } })).rejects.toMatchObject({
      status: 409,
      code: "stale_revision",
      message: "Changed since.",
      details: { rev: 9 },
    });
  });

  test("without an error body have a plain message", async () => {
    answer(502, "<html>Bad gateway</html>");
    await expect(call(getProject, { params: { id } })).rejects.toMatchObject({ status: 502, code: "internal" });
  });

  test("tell the listeners when nobody is signed in", async () => {
    answer(401, { error: { code: "not_signed_in", message: "Sign in first." }, requestID: "req_1" });
    const told = vi.fn<() => void>();
    const stop = onSignedOut(told);
    await expect(call(getProject, { params: { id } })).rejects.toMatchObject({ status: 401 });
    stop();
    await expect(call(getProject, { params: { id } })).rejects.toMatchObject({ status: 401 });
    expect(told).toHaveBeenCalledTimes(1);
  });

  test("are `offline` when the connection breaks, in the middle of a reply too", async () => {
    respond = (request) => request.socket.destroy();
    await expect(call(getProject, { params: { id } })).rejects.toMatchObject({ status: 0, code: "offline" });
    respond = (request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("{", () => request.socket.destroy());
    };
    await expect(call(getProject, { params: { id } })).rejects.toMatchObject({ status: 0, code: "offline" });
  });

  test("tell the listeners once when the server answers again", async () => {
    const told = vi.fn<() => void>();
    const stop = onReachable(told);
    respond = (request) => request.socket.destroy();
    await expect(call(getProject, { params: { id } })).rejects.toMatchObject({ code: "offline" });
    expect(told).not.toHaveBeenCalled();
    answer(404, { error: { code: "not_found", message: "No." }, requestID: "req_1" });
    for (let n = 0; n < 2; n++)
      await expect(call(getProject, { params: { id } })).rejects.toMatchObject({ status: 404 });
    stop();
    expect(told).toHaveBeenCalledTimes(1);
  });

  test("an aborted call throws its own error, not `offline`", async () => {
    respond = () => undefined;
    const aborted = new AbortController();
    const calling = call(changesSince, { params: { id }, query: { since: 1, gen: 0 }, signal: aborted.signal });
    aborted.abort();
    await expect(calling).rejects.toMatchObject({ name: "AbortError" });
  });
});
