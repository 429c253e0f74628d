import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Conversation } from "@slipway/contract/conversation";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createConversations } from "./conversations.ts";
import type { Runs } from "./runs.ts";

// Vitest runs here without Solid's JSX, and nothing below shows a toast.
vi.mock("../components/toasts.tsx", () => ({ toast: () => undefined }));

/** A server that answers the list of conversations only when told to, with the list as it was when it was asked. */

const projectId = "prj_01M8BCSE9RSGVGZPGXFCW9EGQ6";
const idOf = (last: string) => `cnv_01M8BCSE9RSGVGZPGXFCW9EGQ${last}`;
const named = (id: string, title: string): Conversation => ({ id, projectId, title, createdAt: 1, activeAt: 1 });
let stored: Conversation[] = [];
let held: (() => void)[] = [];

const server = createServer((request, response) => {
  if (request.method === "POST") {
    const made = named(idOf("3"), "");
    stored = [made, ...stored];
    return answer(response, 201, made);
  }
  if (request.method === "DELETE") {
    stored = stored.filter(({ id }) => !request.url?.endsWith(id));
    return answer(response, 200, { ok: true });
  }
  if (request.url?.includes("/messages")) return answer(response, 200, { messages: [] });
  const asked = stored;
  held.push(() => answer(response, 200, { conversations: asked }));
});
function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
/** Lets the list that has been asked for arrive. */
async function release(): Promise<void> {
  await expect.poll(() => held.length).toBe(1);
  held.shift()?.();
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => fetch(new URL(path, origin), init));
});
beforeEach(() => {
  held = [];
  stored = [named(idOf("1"), "Apples"), named(idOf("2"), "Pears")];
});
afterAll(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

const runs = { catchUp: () => Promise.resolve() } as unknown as Runs;

test("a conversation that is created while the list is being read stays the current one", async () => {
  const conversations = createConversations(projectId, runs);
  const loading = conversations.load();
  await expect.poll(() => held.length).toBe(1);
  await conversations.create();
  await release();
  await release();
  await loading;
  expect(conversations.currentID()).toBe(idOf("3"));
  expect(conversations.all.map(({ id }) => id)).toEqual([idOf("3"), idOf("1"), idOf("2")]);
});

test("a conversation that is deleted while the list is being read does not come back", async () => {
  const conversations = createConversations(projectId, runs, idOf("2"));
  const loading = conversations.load();
  await expect.poll(() => held.length).toBe(1);
  const removing = conversations.remove(idOf("2"));
  await expect.poll(() => stored.length).toBe(1);
  await expect.poll(() => conversations.all.some(({ id }) => id === idOf("2"))).toBe(false);
  await release();
  await release();
  await Promise.all([loading, removing]);
  expect(conversations.currentID()).toBe(idOf("1"));
  expect(conversations.all.map(({ id }) => id)).toEqual([idOf("1")]);
});
