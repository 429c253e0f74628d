import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startApi, type Api } from "../support/api.ts";

/** Paged lists: every entry once, and a cursor that is not the list's own is refused. */

let api: Api;
let ada: string[];
let project: string;
let conversation: string;

beforeAll(async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  api = await startApi({ planLimits: { free: 100, pro: 1000 } });
  ada = await api.signIn("Ada", "admin");
  const made = await post("/api/projects/create-with-prompt", { prompt: "a page" });
  [project, conversation] = [String(made.projectId), String(made.conversationId)];
});
afterAll(async () => {
  await api.close();
  vi.restoreAllMocks();
});

type Json = Record<string, unknown>;

async function post(path: string, body: unknown, method = "POST"): Promise<Json> {
  const headers = { "content-type": "application/json" };
  const reply = await api.call({ method, path, headers, cookies: ada, body: JSON.stringify(body) });
  if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.text}`);
  return JSON.parse(reply.text) as Json;
}

async function get(path: string, query: string): Promise<{ status: number; body: Json }> {
  const { status, text } = await api.call({ method: "GET", path, query, cookies: ada });
  return { status, body: JSON.parse(text) as Json };
}

/** The ids of all pages. */
async function pages(path: string, name: string, query = ""): Promise<string[][]> {
  const found: string[][] = [];
  for (let cursor = ""; ;) {
    const { status, body } = await get(path, `${query}${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    found.push((body[name] as { id: string }[]).map(({ id }) => id));
    if (body.cursor === undefined) return found;
    cursor = String(body.cursor);
  }
}

test("lists each project once, by last activity", async () => {
  const made: string[] = [];
  for (let at = 0; at < 6; at++) made.push(String((await post("/api/projects", { name: `p${at}` })).id));
  const found = await pages("/api/projects", "projects", "limit=3");
  expect(found.map(({ length }) => length)).toEqual([3, 3, 1]);
  expect(found.flat()).toEqual([...made.toReversed(), project]);
});

test("lists each message once, newest page first", async () => {
  for (let at = 0; at < 3; at++)
    await post("/api/messages", { conversationId: conversation, message: `m${at}`, mode: "queue" });
  const path = `/api/conversations/${conversation}/messages`;
  const [whole = []] = await pages(path, "messages", "limit=200");
  expect(whole.length).toBeGreaterThanOrEqual(8);
  const found = await pages(path, "messages", "limit=3");
  expect(found.length).toBeGreaterThan(2);
  expect(found.toReversed().flat()).toEqual(whole);
});

test("a page of large messages ends before a reply is too large", async () => {
  const { conversationId } = await post("/api/projects/create-with-prompt", { prompt: "a page" });
  const message = "long ".repeat(19_000);
  for (let at = 0; at < 30; at++) await post("/api/messages", { conversationId, message });
  const found = await pages(`/api/conversations/${String(conversationId)}/messages`, "messages", "limit=200");
  expect(found.length).toBeGreaterThan(1);
  expect(found.flat()).toHaveLength(62);
  expect(new Set(found.flat()).size).toBe(62);
});

test("lists each person and audit entry once", async () => {
  const User = await import("@slipway/core/user");
  for (let at = 0; at < 120; at++) await User.create({ name: `Person ${at}` });
  const people = await pages("/api/admin/people", "people");
  expect(people.map(({ length }) => length)).toEqual([100, 21]);
  expect(new Set(people.flat()).size).toBe(121);
  for (let at = 1; at <= 101; at++) await post("/api/admin/limits", { free: at, pro: 100 }, "PATCH");
  const audit = (await pages("/api/admin/audit", "entries")).flat();
  expect(audit.length).toBeGreaterThanOrEqual(100);
  expect(new Set(audit).size).toBe(audit.length);
});

describe("a cursor", () => {
  const lists = () =>
    [
      ["/api/projects", "limit=1"],
      [`/api/conversations/${conversation}/messages`, "limit=1"],
      ["/api/admin/people", ""],
      ["/api/admin/audit", ""],
      [`/api/projects/${project}/search`, "query=x"],
    ] as const;

  test.each([
    "",
    "rubbish",
    "%00",
    "%ff",
    // What DynamoDB takes for a key, another version, and a list that there is not.
    Buffer.from('{"pk":"$slipway#userid_x","sk":"$user_1","gsi1pk":"x","gsi1sk":"y"}').toString("base64url"),
    Buffer.from('[2,"projects",{}]').toString("base64url"),
    Buffer.from('[1,"nothing","x"]').toString("base64url"),
  ])("%j is refused by every list", async (cursor) => {
    for (const [path, query] of lists()) {
      const { status, body } = await get(path, `${query}&cursor=${cursor}`);
      expect([path, status, (body.error as Json).code]).toEqual([path, 422, "invalid_input"]);
    }
  });

  test("of one list is refused by the others", async () => {
    const { body } = await get("/api/projects", "limit=1");
    expect(body.cursor).toEqual(expect.any(String));
    for (const [path, query] of lists().slice(1))
      expect([path, (await get(path, `${query}&cursor=${String(body.cursor)}`)).status]).toEqual([path, 422]);
  });

  test("of one person shows another only their own", async () => {
    const { body } = await get("/api/projects", "limit=1");
    const eve = await api.signIn("Eve");
    const query = `cursor=${String(body.cursor)}`;
    const { text } = await api.call({ method: "GET", path: "/api/projects", query, cookies: eve });
    expect(JSON.parse(text)).toEqual({ projects: [] });
  });
});

test.each([
  [1, 1],
  [2, 1],
  [0, 1e16],
  [-1, 1],
  [0.5, 1],
])("an undo of the range %d to %d is refused", async (from, to) => {
  const reply = await api.call({
    method: "POST",
    path: `/api/projects/${project}/undo`,
    headers: { "content-type": "application/json" },
    cookies: ada,
    body: JSON.stringify({ from, to }),
  });
  expect([reply.status, JSON.parse(reply.text)]).toMatchObject([422, { error: { code: "invalid_input" } }]);
});
