import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeText, readFormat, writeFormat } from "./text-format.ts";

test("a stored text is the same after it was read and written", () => {
  const part = fc.constantFrom("\ufeff", "\r", "\n", "\r\n", "a", "é", "😀");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const stored = parts.join("");
      const { text, format } = readFormat(stored);
      expect(writeFormat(text, format)).toBe(stored);
    }),
    { numRuns: 2000 },
  );
});

test("an edit keeps the byte order mark and CRLF", () => {
  const { text, format } = readFormat("\ufeffone\r\ntwo\r\n");
  expect(text).toBe("one\ntwo\n");
  expect(writeFormat(`typed ${text}`, format)).toBe("\ufefftyped one\r\ntwo\r\n");
});

test("decoding bytes keeps the byte order mark", () => {
  expect(decodeText(new TextEncoder().encode("\ufeff你好").buffer)).toBe("\ufeff你好");
});
