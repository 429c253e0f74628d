import { expect, test } from "vitest";
import { rawNamesOf, rawPathHeader, textName } from "./raw-path.ts";

const of = (...bytes: (string | number)[]) =>
  Buffer.concat(bytes.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from([part]))));

test("a path keeps its bytes, and one that leads elsewhere is none", () => {
  const path = of("é", 0xff, "/file-", 0xfe);
  expect(rawNamesOf(rawPathHeader(path))).toEqual([of("é", 0xff), of("file-", 0xfe)]);
  expect(rawNamesOf({ "SLIPWAY.base": "x" })).toBeUndefined();
  for (const bad of ["../up", "a/../b", "a/./b", "/etc/passwd", "a//b", "a/", "", "nul\0", "x".repeat(256)])
    expect([bad, rawNamesOf(rawPathHeader(of(bad)))]).toEqual([bad, null]);
});

test("names that are text are told from those that are none", () => {
  expect(textName(Buffer.from("größe"))).toBe("größe");
  expect(textName(of("a", 0xff))).toBeUndefined();
  // The character that stands for a bad one is text too.
  expect(textName(Buffer.from("\uFFFD"))).toBe("\uFFFD");
});
