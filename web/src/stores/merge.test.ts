import fc from "fast-check";
import { expect, test } from "vitest";
import { lineChanges, merge, type TextChange } from "./merge.ts";

test("merges changes of different lines; changes of one line conflict", () => {
  const base = "one\ntwo\nthree\nfour\nfive\n";
  expect(merge(base, base.replace("one", "ONE"), base.replace("five", "FIVE"))).toBe("ONE\ntwo\nthree\nfour\nFIVE\n");
  expect(merge(base, base.replace("two", "mine"), base.replace("two", "theirs"))).toBeUndefined();
  expect(merge(base, base.replace("two", "same"), base.replace("two", "same"))).toBe(base.replace("two", "same"));
  expect(merge(base, base, "x")).toBe("x");
});

test("a change within a line is as small as it can be", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (start, middle, end) => {
      const line = (text: string) => text.replaceAll("\n", " ");
      const [before, after] = [line(start + end), line(start + middle + end)];
      const changes = lineChanges(before, after);
      expect(applied(before, changes)).toBe(after);
      expect(changes.reduce((sum, { from, to }) => sum + to - from, 0)).toBeLessThanOrEqual(2);
    }),
  );
});

function applied(text: string, changes: readonly TextChange[]): string {
  return changes.toReversed().reduce((now, { from, to, insert }) => now.slice(0, from) + insert + now.slice(to), text);
}

/** Few different lines, so that they repeat and move. */
const lines = fc.array(fc.constantFrom("", "a", "b", "  a", "ab", "}", "😀", "😁"), { maxLength: 12 });

test("line changes turn one text into the other, in order and apart", () => {
  fc.assert(
    fc.property(lines, lines, (one, other) => {
      const [before, after] = [one.join("\n"), other.join("\n")];
      const changes = lineChanges(before, after);
      expect(applied(before, changes)).toBe(after);
      expect(changes.every(({ insert }) => insert.isWellFormed())).toBe(true);
      for (const [at, { from, to }] of changes.entries()) {
        expect(from).toBeLessThanOrEqual(to);
        expect(from).toBeGreaterThan(at === 0 ? -1 : (changes[at - 1]?.to ?? 0) - 1);
      }
    }),
    { numRuns: 1000 },
  );
});

test("changes of lines 2 and 58 leave line 30 alone", () => {
  const before = Array.from({ length: 60 }, (_, at) => `line ${at + 1}`).join("\n");
  const after = before.replace("line 2\n", "line two\n").replace("line 58", "line fifty-eight\nand one more");
  const changes = lineChanges(before, after);
  expect(changes).toHaveLength(2);
  const cursor = before.indexOf("line 30") + 4;
  expect(changes.every(({ from, to }) => to < cursor - 4 || from > cursor + 4)).toBe(true);
  expect(applied(before, changes)).toBe(after);
});

test("a change within a line replaces only what differs in it", () => {
  expect(lineChanges("a\nconst x = 1;\nb", "a\nconst x = 12;\nb")).toEqual([{ from: 13, to: 13, insert: "2" }]);
});

test("texts whose comparison would be too long are still turned into each other", () => {
  const before = "\n".repeat(3000);
  const after = `x\n${"\n".repeat(2000)}y`;
  expect(applied(before, lineChanges(before, after))).toBe(after);
});
