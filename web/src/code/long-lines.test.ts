import { Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { hasLongLine, isLongAt } from "./long-lines.ts";

test("finds a long line wherever it is", () => {
  const long = "x".repeat(20_001);
  expect(hasLongLine("short\n".repeat(10_000))).toBe(false);
  expect(hasLongLine(`short\n${long}`)).toBe(true);
  expect(hasLongLine(`${long}\nshort`)).toBe(true);
  const doc = Text.of(["short", long, "short"]);
  expect(isLongAt(doc, 0, 3)).toBe(false);
  expect(isLongAt(doc, 0, 20)).toBe(true);
});
