import type { CommandInfo } from "@slipway/contract/sandbox";
import { expect, test } from "vitest";
import { isInUse } from "./sandbox-use.ts";

const terminal = (title: string) => ({ id: "t", startedAt: 0, title, cols: 80, rows: 24 });
const command = (alive: number): CommandInfo => ({
  call: "c",
  command: "npm run dev",
  cwd: "",
  background: true,
  startedAt: 0,
  endedAt: null,
  code: null,
  signal: null,
  reason: null,
  total: 0,
  alive,
});

test("a page that is looked at keeps the sandbox; a hidden one only while something runs", () => {
  expect(isInUse(true, undefined)).toBe(true);
  expect(isInUse(false, undefined)).toBe(false);
  expect(isInUse(false, { commands: [], terminals: [terminal("bash"), terminal("-bash")] })).toBe(false);
  expect(isInUse(false, { commands: [command(0)], terminals: [] })).toBe(false);
  expect(isInUse(false, { commands: [], terminals: [terminal("bash"), terminal("vite")] })).toBe(true);
  expect(isInUse(false, { commands: [command(0), command(2)], terminals: [] })).toBe(true);
});
