import { expect, test } from "vitest";
import { preview } from "./preview.ts";

test("what is short is shown as it is", () => {
  const input = { path: "a.txt", edits: [{ oldText: "a", newText: "b" }], all: true, count: 3, none: null };
  expect(preview(input)).toEqual(input);
});

test("what is long, wide or deep is cut, says so, and never exceeds 32 KB", () => {
  const deep = Array.from({ length: 5000 }).reduce<unknown>((inner) => ({ inner }), "core");
  const wide = Object.fromEntries(
    Array.from({ length: 500 }, (_, n) => [`key ${n} ${"k".repeat(500)}`, "v".repeat(5000)]),
  );
  const shown = preview({
    text: "x".repeat(1_000_000),
    paths: Array.from({ length: 500 }, (_, n) => `${n}`),
    deep,
    wide,
  });
  const text = JSON.stringify(shown);
  expect(text.length).toBeLessThan(32_000);
  for (const mark of ["… (1,000,000 characters)", "… and 480 more", "and 480 more"]) expect(text).toContain(mark);
});
