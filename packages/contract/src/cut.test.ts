import fc from "fast-check";
import { expect, test } from "vitest";
import { headOf, tailOf } from "./cut.ts";

test("never cuts a character in two, and never leaves more than was asked for", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 30 }), fc.nat(40), (text, length) => {
      for (const [part, isIn] of [
        [headOf(text, length), text.startsWith(headOf(text, length))],
        [tailOf(text, length), text.endsWith(tailOf(text, length))],
      ] as const) {
        expect(part.isWellFormed()).toBe(true);
        expect(isIn).toBe(true);
        expect(part.length).toBeGreaterThanOrEqual(Math.min(length, text.length) - 1);
        expect(part.length).toBeLessThanOrEqual(length);
      }
    }),
  );
  expect(headOf("a😀b", 2)).toBe("a");
  expect(headOf("a😀b", 3)).toBe("a😀");
  expect(tailOf("a😀b", 2)).toBe("b");
  expect([headOf("abc", 0), tailOf("abc", 0)]).toEqual(["", ""]);
});
