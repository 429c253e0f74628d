import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "./line-diff.ts";

function applied(before: string, after: string): string {
  const lines = before.split("\n");
  for (const { oldFrom, oldTo, text } of diffLines(before, after).toReversed())
    lines.splice(oldFrom, oldTo - oldFrom, ...text);
  return lines.join("\n");
}

test("the changes make one text of the other, and leave alone what is between them", () => {
  const text = fc.array(fc.constantFrom("", "a", "b", "c", "}"), { maxLength: 30 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(applied(before, after)).toBe(after);
      for (const [at, { oldFrom }] of diffLines(before, after).entries())
        expect(oldFrom).toBeGreaterThan(diffLines(before, after)[at - 1]?.oldTo ?? -1);
    }),
  );
});

test("two far edits of a long file full of equal lines are two changes", () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => (at % 3 === 0 ? "" : at % 3 === 1 ? "}" : `line ${at}`));
  const changed = lines.with(10, "first").with(19_990, "last");
  expect(diffLines(lines.join("\n"), changed.join("\n"))).toEqual([
    { oldFrom: 10, oldTo: 11, text: ["first"] },
    { oldFrom: 19_990, oldTo: 19_991, text: ["last"] },
  ]);
});

test("texts with nothing in common are one change", () => {
  const [before, after] = ["a", "b"].map((each) =>
    ["same", ...Array.from({ length: 9000 }, (_, at) => each + at), "end"].join("\n"),
  );
  expect(diffLines(before ?? "", after ?? "")).toMatchObject([{ oldFrom: 1, oldTo: 9001 }]);
  expect(applied(before ?? "", after ?? "")).toBe(after);
});
