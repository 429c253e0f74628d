import fc from "fast-check";
import { expect, test } from "vitest";
import { merge, minimalChange } from "./merge.ts";

test("merges changes of different lines; changes of one line conflict", () => {
  const base = "one\ntwo\nthree\nfour\nfive\n";
  expect(merge(base, base.replace("one", "ONE"), base.replace("five", "FIVE"))).toBe("ONE\ntwo\nthree\nfour\nFIVE\n");
  expect(merge(base, base.replace("two", "mine"), base.replace("two", "theirs"))).toBeUndefined();
  expect(merge(base, base.replace("two", "same"), base.replace("two", "same"))).toBe(base.replace("two", "same"));
  expect(merge(base, base, "x")).toBe("x");
});

test("the minimal change turns one text into the other", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (start, middle, end) => {
      const from = start + end;
      const to = start + middle + end;
      const change = minimalChange(from, to);
      const made = change ? from.slice(0, change.from) + change.insert + from.slice(change.to) : from;
      expect(made).toBe(to);
    }),
  );
});
