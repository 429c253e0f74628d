import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connect, type Live } from "./socket.ts";

/** A server whose sockets open, and answer only while they are told to. */

const projectId = "prj_01M8BCSE9RSGVGZPGXFCW9EGQ6";
let sockets: FakeSocket[] = [];
let answers = true;

class FakeSocket {
  static readonly OPEN = 1;
  readyState = 1;
  readonly sent: string[] = [];
  onopen: (() => void) | undefined;
  onclose: (() => void) | undefined;
  onmessage: ((event: { data: string }) => void) | undefined;
  constructor() {
    sockets.push(this);
    setTimeout(() => this.onopen?.());
  }
  send(text: string): void {
    const { type } = JSON.parse(text) as { type: string };
    this.sent.push(type);
    if (answers) this.tell(type === "ping" ? { type: "pong" } : { type: "subscribed", projectId, rev: 1 });
  }
  tell(message: unknown): void {
    setTimeout(() => this.onmessage?.({ data: JSON.stringify(message) }));
  }
  close(): void {
    this.readyState = 3;
  }
}

let live: Live;
let states: string[] = [];
let opened = 0;
let heard: string[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("document", {
    visibilityState: "visible",
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
  vi.stubGlobal("fetch", () =>
    Promise.resolve(new Response(JSON.stringify({ ticket: "t", url: "wss://socket.test" }), { status: 200 })),
  );
  [sockets, states, heard, opened, answers] = [[], [], [], 0, true];
  live = connect(projectId, {
    onOpen: () => opened++,
    onMessage: ({ type }) => heard.push(type),
    onState: (state) => states.push(state),
  });
});
afterEach(() => {
  live.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a quiet socket that answers stays", async () => {
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(sockets).toHaveLength(1);
  expect(sockets[0]?.sent.filter((type) => type === "ping").length).toBeGreaterThan(10);
  expect(states).toEqual(["connecting", "open"]);
});

test("a socket that is open and silent is shown as offline and replaced within a minute", async () => {
  await vi.advanceTimersByTimeAsync(1000);
  answers = false;
  await vi.advanceTimersByTimeAsync(50_000);
  expect(states.slice(0, 3)).toEqual(["connecting", "open", "offline"]);
  expect(sockets.length).toBeGreaterThan(1);
  expect(sockets[0]?.readyState).toBe(3);
  answers = true;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(states.at(-1)).toBe("open");
  expect(opened).toBe(2);
});

test("a socket that never answers the subscription is replaced", async () => {
  live.close();
  [sockets, answers] = [[], false];
  live = connect(projectId, { onOpen: () => opened++, onMessage: () => undefined, onState: () => undefined });
  await vi.advanceTimersByTimeAsync(25_000);
  expect(sockets.length).toBeGreaterThan(1);
});

test("a socket that the server no longer knows is replaced", async () => {
  await vi.advanceTimersByTimeAsync(1000);
  sockets[0]?.tell({ type: "error", code: "not_signed_in", message: "Sign in again." });
  await vi.advanceTimersByTimeAsync(2000);
  expect(sockets).toHaveLength(2);
  expect(states.at(-1)).toBe("open");
});

test("what is about another project of the person is not this page's", async () => {
  await vi.advanceTimersByTimeAsync(1000);
  const other = projectId.replace("01M8", "01M9");
  for (const id of [other, projectId]) {
    sockets[0]?.tell({ type: "files-changed", projectId: id, rev: 1 });
    sockets[0]?.tell({ type: "project-removed", projectId: id });
  }
  sockets[0]?.tell({ type: "inbox" });
  await vi.advanceTimersByTimeAsync(10);
  expect(heard.filter((type) => type !== "pong")).toEqual(["files-changed", "project-removed", "inbox"]);
});
