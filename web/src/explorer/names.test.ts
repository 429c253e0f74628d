import { expect, test } from "vitest";
import { copyName, problemOf, readName } from "./names.ts";

test("a name that is not changed stays as it is, also with spaces around it", () => {
  expect(readName("notes.txt ", "notes.txt ")).toBe("notes.txt ");
  expect(readName(" other.txt ", "notes.txt ")).toBe(" other.txt ");
  expect(readName(" other.txt ", "notes.txt")).toBe("other.txt");
  expect(readName("  new.txt ")).toBe("new.txt");
});

test("a name takes the Unicode form that keyboards write", () => {
  expect(readName("cafe\u0301.txt")).toBe("caf\u00e9.txt");
});

test("says why a name cannot be taken", () => {
  const paths = new Set(["README.md", "src/cafe\u0301.txt"]);
  expect(problemOf("README.md", paths)).toBe("README.md already exists.");
  expect(problemOf("src/caf\u00e9.txt", paths)).toBe("caf\u00e9.txt already exists.");
  expect(problemOf("../evil", paths)).toContain('".."');
  expect(problemOf("a\\b", paths)).toContain("/");
  expect(problemOf("a//b", paths)).toBeDefined();
  expect(problemOf("/etc/passwd", paths)).toBeDefined();
  expect(problemOf("src/new.ts", paths)).toBeUndefined();
});

test("finds a free name for a copy", () => {
  expect(copyName("a.txt", new Set(["a.txt"]))).toBe("a copy.txt");
  expect(copyName("a.txt", new Set(["a.txt", "a copy.txt"]))).toBe("a copy 2.txt");
  expect(copyName(".env", new Set())).toBe(".env copy");
});
