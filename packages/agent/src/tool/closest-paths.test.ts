import { expect, test } from "vitest";
import { closestPaths } from "./closest-paths.ts";

const paths = [
  "README.md",
  "src/app/main.ts",
  "src/index.tsx",
  "lib/index.ts",
  "src/user/index.ts",
  "test/user.test.ts",
];

test.each([
  ["a name in another folder", "app/main.ts", ["src/app/main.ts"]],
  [
    "a name in several folders, the nearest first",
    "user/index.ts",
    ["src/user/index.ts", "lib/index.ts", "src/index.tsx"],
  ],
  ["another case", "readme.md", ["README.md"]],
  ["another ending", "src/app/main.js", ["src/app/main.ts"]],
  ["a slip", "src/app/mian.ts", ["src/app/main.ts"]],
  ["a folder's slash at the end", "src/app/main.ts/", ["src/app/main.ts"]],
  ["nothing that is like it", "docs/licence.txt", []],
  ["no name", "", []],
])("finds what was meant by %s", (_, wrong, expected) => {
  expect(closestPaths(wrong, paths)).toEqual(expected);
});
