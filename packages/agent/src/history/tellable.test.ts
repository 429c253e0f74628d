import { expect, test } from "vitest";
import { beginningOf } from "./tellable.ts";

test("a result that is kept is told from its start, in whole lines, with how to read on", () => {
  const text = Array.from({ length: 100 }, (_, at) => `line ${at + 1}`).join("\n");
  const told = beginningOf(text, 50, "output:run_1/call-1");
  expect(told.split("\n").slice(0, 6)).toEqual(["line 1", "line 2", "line 3", "line 4", "line 5", "line 6"]);
  expect(told).toMatch(/read_file with path: "output:run_1\/call-1", startLine: 8 reads on\]$/);
  // One line that is longer than all that is told is read from itself on.
  expect(beginningOf("x".repeat(100), 50, "output:run_1/call-1")).toMatch(/^x{50}\n\[cut: 50 of 100.*startLine: 1 /);
});
