import fc from "fast-check";
import { expect, test } from "vitest";
import { ancestors, movedPath, normalisePath } from "./path.ts";

test.each([
  ["", "empty"],
  ["/etc/passwd", "must start in the project"],
  ["C:\\x", "must start in the project"],
  ["a/../b", `can't contain ".."`],
  ["..", `can't contain ".."`],
  ["a/./b", "can't be a name"],
  ["a//b", "folder is empty"],
  [".git/config", ".git"],
  ["x/.GiT", ".git"],
  [".g\u200cit/config", ".git"],
  ["\ufeff.git\u206f", ".git"],
  [".\u202egit", ".git"],
  ["GIT~1", ".git"],
  ["x/git~1/hooks/pre-commit", ".git"],
  [".git.", ".git"],
  [".GIT . .", ".git"],
  [".git::$INDEX_ALLOCATION", ".git"],
  ["git~1:stream", ".git"],
  ["a/.. /b", `can't contain ".."`],
  [". .", "can't be a name"],
  ["...", `can't contain ".."`],
  ["a\u0000b", "control"],
  ["a\nb", "control"],
  ["a\\b", "can't contain \\"],
  ["\ud800", "Unicode"],
  ["é".repeat(128), "255 bytes"],
  [`${"d/".repeat(460)}x`, "900 bytes"],
])("%j is refused and the message says why", (path, why) => {
  expect(() => normalisePath(path)).toThrowError(expect.objectContaining({ code: "invalid_path" }));
  expect(() => normalisePath(path)).toThrowError(new RegExp(why.replace(/[\\.]/g, "\\$&")));
});

test.each([
  ".gitx",
  "x.git",
  ".git~1",
  "git~10",
  "git~2",
  ".github",
  ".git-blame-ignore-revs",
  "g\u200cit",
  "README.md",
  "readme.md",
  ".gitignore",
  ".github/workflows/ci.yml",
  "a b/ç ü.txt",
  "日本.ts",
  "a.",
  "...x",
])("%j is kept as it is", (path) => expect(normalisePath(path)).toBe(path));

test("any accepted path is stable, relative and inside the project", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      let path: string;
      try {
        path = normalisePath(text);
      } catch {
        return;
      }
      expect(normalisePath(path)).toBe(path);
      expect(
        path.split("/").every((name) => name !== "" && name !== "." && name !== ".." && name.toLowerCase() !== ".git"),
      ).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("ancestors are the folders above a path", () => {
  expect(ancestors("a/b/c")).toEqual(["a", "a/b"]);
  expect(ancestors("a")).toEqual([]);
  expect(movedPath("a/b/c", "a/b", "x")).toBe("x/c");
  expect(movedPath("a", "a", "b/c")).toBe("b/c");
});
