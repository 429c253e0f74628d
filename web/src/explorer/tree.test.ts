import type { FileEntry } from "@slipway/contract/file";
import { expect, test } from "vitest";
import { rowsOf, treeOf } from "./tree.ts";

const file = (path: string, kind: FileEntry["kind"] = "text"): FileEntry => ({ path, kind, size: 0, rev: 1 });

test("sorts folders first, then by name with numbers by value, and hides the contents of closed folders", () => {
  const files = ["b.txt", "a10.txt", "a2.txt", "src/x/deep.ts", "src/main.ts"].map((path) => file(path));
  expect(rowsOf(treeOf(files), new Set()).map(({ path }) => path)).toEqual(["src", "a2.txt", "a10.txt", "b.txt"]);
  expect(rowsOf(treeOf(files), new Set(["src"])).map(({ path, depth }) => `${depth} ${path}`)).toEqual([
    "0 src",
    "1 src/x",
    "1 src/main.ts",
    "0 a2.txt",
    "0 a10.txt",
    "0 b.txt",
  ]);
});

test("shows empty folders, and names that differ by case alone", () => {
  const rows = rowsOf(treeOf([file("empty", "folder"), file("README.md"), file("readme.md")]), new Set(["empty"]));
  expect(rows.map(({ path, isFolder }) => [path, isFolder])).toEqual([
    ["empty", true],
    ["README.md", false],
    ["readme.md", false],
  ]);
});
