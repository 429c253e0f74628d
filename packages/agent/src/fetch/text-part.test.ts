import { expect, test } from "vitest";
import { partOf } from "./text-part.ts";

test("a long page is read part by part, each of which says how to read on", () => {
  const text = `a${"😀".repeat(60_000)}`;
  let whole = "";
  let parts = 0;
  for (let from: number | undefined = 0; from !== undefined; parts++) {
    const part: string = partOf(text, from);
    const [note = ""] = /\n\[characters [^\n]*\]$/.exec(part) ?? [];
    expect(part.isWellFormed()).toBe(true);
    whole += part.slice(0, part.length - note.length);
    const next = /read on with from: (\d+)/.exec(note)?.[1];
    from = next === undefined ? undefined : Number(next);
  }
  expect(whole).toBe(text);
  expect(parts).toBe(3);
});

test("a short page is told as it is, and beyond the end there is nothing", () => {
  expect(partOf("Hello.", 0)).toBe("Hello.");
  expect(partOf("", 0)).toBe("");
  expect(partOf("Hello.", 99)).toBe("The text ends at character 6.");
});
