import fc from "fast-check";
import { diff3Merge } from "node-diff3";
import { expect, test } from "vitest";
import { mergeLines, type MergedPart } from "./merge-lines.ts";

const textOf = (parts: readonly MergedPart[]) =>
  parts.flatMap(({ ok, conflict }) => ok ?? (conflict ? ["<", ...conflict.a, "=", ...conflict.b, ">"] : []));

test("keeps both sides' changes of different lines, and asks about the same", () => {
  expect(textOf(mergeLines("1\nb\nc", "a\nb\nc", "a\nb\n3"))).toEqual(["1", "b", "3"]);
  expect(textOf(mergeLines("a\n1\nc", "a\nb\nc", "a\n2\nc"))).toEqual(["a", "<", "1", "=", "2", ">", "c"]);
});

test("conflicts exactly where a comparison of the whole texts does", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 2 });
  // Of equal lines more than one alignment is as good.
  const lines = fc.array(line, { minLength: 3, maxLength: 12 }).map((all) => all.map((each, at) => `${at} ${each}`));
  fc.assert(
    fc.property(lines, fc.nat(11), line, fc.nat(11), line, (base, at, mine, where, theirs) => {
      const [one, other] = [[...base], [...base]];
      one.splice(at % base.length, 1, `${mine}!`);
      other.splice(where % base.length, 1, `${theirs}?`);
      const whole = diff3Merge(one, base, other, { excludeFalseConflicts: true });
      const merged = mergeLines(one.join("\n"), base.join("\n"), other.join("\n"));
      expect(merged.some(({ conflict }) => conflict)).toBe(whole.some(({ conflict }) => conflict));
      expect(textOf(merged)).toEqual(textOf(whole));
    }),
  );
});

test("what would take too long to compare is a conflict", () => {
  const base = Array.from({ length: 6000 }, (_, at) => (at % 2 === 0 ? "" : `line ${at}`));
  const [mine, theirs] = ["x", "y"].map((each) => [each, ...base, each].join("\n"));
  const parts = mergeLines(mine ?? "", base.join("\n"), theirs ?? "");
  expect(parts).toHaveLength(1);
  expect(parts[0]?.conflict?.o).toHaveLength(6000);
});
