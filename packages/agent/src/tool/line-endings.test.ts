import fc from "fast-check";
import { expect, test } from "vitest";
import { plainText, toLF } from "./line-endings.ts";

const edit = (content: string, change: (text: string) => string) => {
  const { text, restore } = plainText(content);
  return restore(change(text));
};

test("a file of CRLF stays one, whatever is inserted", () => {
  expect(edit("one\r\ntwo\r\nthree\r\n", (text) => text.replace("one\ntwo", "1\n2\nand"))).toBe(
    "1\r\n2\r\nand\r\nthree\r\n",
  );
});

test("a file of LF stays one", () => {
  expect(edit("one\ntwo\n", (text) => text.replace("two", "2\n3"))).toBe("one\n2\n3\n");
});

test("in a mixed file each line keeps its ending, and a new one takes its neighbour's", () => {
  expect(edit("a\r\nb\nc\r\nd", (text) => text.replace("b", "B"))).toBe("a\r\nB\r\nc\r\nd");
  expect(edit("a\r\nb\nc\r\nd", (text) => text.replace("c", "c\nx"))).toBe("a\r\nb\nc\r\nx\r\nd");
  expect(edit("a\nb\r\n", (text) => text.replace("a", "x\na"))).toBe("x\na\nb\r\n");
});

test("a byte order mark is not seen, and kept", () => {
  expect(plainText("\uFEFFusing System;").text).toBe("using System;");
  expect(edit("\uFEFFa\r\nb", (text) => text.replace("a", "A"))).toBe("\uFEFFA\r\nb");
});

test("an edit that changes nothing gives the file as it was", () => {
  const piece = fc.constantFrom("a", "b", "", "\r\n", "\n", "\r", "\uFEFF", "é");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const content = pieces.join("");
      expect(edit(content, (text) => text)).toBe(content);
    }),
    { numRuns: 2000 },
  );
});

test("whatever is edited, the text is what was meant", () => {
  const piece = fc.constantFrom("a", "b", "c\r\n", "d\n", "\r\n", "\n");
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.constantFrom("a", "x", "\n")), fc.nat(20), (pieces, inserted, at) => {
      const change = (text: string) => text.slice(0, at) + inserted.join("") + text.slice(at);
      const content = pieces.join("");
      expect(toLF(edit(content, change))).toBe(change(toLF(content)));
    }),
    { numRuns: 2000 },
  );
});
