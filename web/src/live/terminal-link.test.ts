import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Access } from "./sandbox-access.ts";
import { connectTerminal, type TerminalLink } from "./terminal-link.ts";

/** A terminal whose page is flooded: nothing that is handed out reaches the screen until the test says so. */

class FakeSocket {
  static readonly OPEN = 1;
  readyState = 0;
  readonly sent: unknown[] = [];
  onopen: (() => void) | undefined;
  onclose: (() => void) | undefined;
  onmessage: ((event: { data: ArrayBuffer }) => void) | undefined;
  constructor() {
    sockets.push(this);
    setTimeout(() => {
      if (!isReachable) return this.onclose?.();
      this.readyState = 1;
      this.onopen?.();
    });
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  flood(): void {
    this.onmessage?.({ data: new ArrayBuffer(600 * 1024) });
  }
  close(): void {
    this.readyState = 3;
  }
}

let sockets: FakeSocket[] = [];
let isReachable = true;
let link: TerminalLink;
const access: Access = {
  get: () => Promise.resolve({ url: "wss://sandbox.test/terminal", token: "t" }),
  forget: () => undefined,
} as unknown as Access;
const key = (data: string) => ({ type: "input", data }) as const;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("document", {
    visibilityState: "visible",
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
  [sockets, isReachable] = [[], true];
  link = connectTerminal(
    access,
    { id: "t", offset: 0, size: () => ({ cols: 80, rows: 24 }) },
    { onShown: () => undefined, onState: () => undefined, onOffset: () => undefined },
  );
  await vi.advanceTimersByTimeAsync(10);
});
afterEach(() => {
  link.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a flood gives the connection up, and a key gives it back and is sent first", async () => {
  sockets[0]?.flood();
  expect(sockets[0]?.readyState).toBe(3);
  await vi.advanceTimersByTimeAsync(5000);
  expect(sockets).toHaveLength(1);
  expect(link.send(key("\u0003"))).toBe(true);
  expect(link.send(key("ls\r"))).toBe(true);
  await vi.advanceTimersByTimeAsync(10);
  expect(sockets).toHaveLength(2);
  expect(sockets[1]?.sent).toEqual([key("\u0003"), key("ls\r")]);
  // It is still flooded.
  sockets[1]?.flood();
  expect(sockets[1]?.readyState).toBe(3);
  link.send(key("\u0003"));
  await vi.advanceTimersByTimeAsync(10);
  expect(sockets[2]?.sent).toEqual([key("\u0003")]);
});

test("once the flood is on the screen the connection comes back, and keys meanwhile are sent in order", async () => {
  sockets[0]?.flood();
  link.shown(600 * 1024);
  await vi.advanceTimersByTimeAsync(60);
  for (const each of "abc") expect(link.send(key(each))).toBe(true);
  await vi.advanceTimersByTimeAsync(10);
  expect(sockets).toHaveLength(2);
  expect(sockets[1]?.sent).toEqual([key("a"), key("b"), key("c")]);
  expect(link.send(key("d"))).toBe(true);
  expect(sockets[1]?.sent).toHaveLength(4);
});

test("what was typed for a shell that is gone is not sent to the next one", async () => {
  sockets[0]?.flood();
  isReachable = false;
  link.send(key("rm -rf build\r"));
  await vi.advanceTimersByTimeAsync(1000);
  isReachable = true;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sockets.at(-1)?.readyState).toBe(1);
  expect(sockets.flatMap(({ sent }) => sent)).toEqual([]);
});
