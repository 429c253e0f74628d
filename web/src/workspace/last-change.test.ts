import type { Block } from "@slipway/contract/run";
import { expect, test } from "vitest";
import { lastChange } from "./last-change.ts";

type Change = { path: string; op: "created" | "edited" | "deleted"; diff?: string };
const done = (id: string, ...changes: Change[]): Block => ({
  type: "tool",
  id,
  tool: "edit_file",
  input: {},
  result: { state: "completed", output: "", changes, rev: 7, milliseconds: 1 },
});
const diff = "===\n--- a.txt\n+++ a.txt\n@@ -20,7 +20,8 @@\n a\n b\n c\n+new\n d\n";

test("is the newest one of a file that is there, at the first line that differs", () => {
  const blocks: Block[] = [
    done("one", { path: "a.txt", op: "edited", diff }),
    done("two", { path: "b.txt", op: "deleted" }),
    { type: "text", id: "three", text: "Done." },
    { type: "tool", id: "four", tool: "edit_file", input: {} },
  ];
  expect(lastChange(blocks)).toEqual({ block: "one", path: "a.txt", line: 23 });
});

test("of a new file, or without a diff, is at its start", () => {
  const created = "--- n.txt\n+++ n.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n";
  expect(lastChange([done("one", { path: "n.txt", op: "created", diff: created })])?.line).toBe(1);
  expect(lastChange([done("one", { path: "n.txt", op: "created" })])?.line).toBe(1);
  expect(lastChange([done("one")])).toBeUndefined();
});

test("is none of what a command wrote", () => {
  const written = { ...done("two", { path: "package-lock.json", op: "created" }), tool: "run_command" } as Block;
  expect(lastChange([done("one", { path: "a.txt", op: "edited", diff }), written])?.path).toBe("a.txt");
});
