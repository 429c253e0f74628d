import { expect, test } from "vitest";
import { extended, only, targets, toggled, topmost } from "./selection.ts";

const rows = ["src", "src/a.ts", "src/b.ts", "README.md"];

test("extends from the anchor in both directions", () => {
  const down = extended(only("src/a.ts"), rows, "README.md");
  expect([...down.paths]).toEqual(["src/a.ts", "src/b.ts", "README.md"]);
  expect([...extended(down, rows, "src").paths]).toEqual(["src", "src/a.ts"]);
});

test("adds and removes single rows", () => {
  const two = toggled(only("src/a.ts"), "README.md");
  expect([...two.paths]).toEqual(["src/a.ts", "README.md"]);
  expect([...toggled(two, "src/a.ts").paths]).toEqual(["README.md"]);
});

test("an action applies to the selection, or to the row that is outside of it; a folder stands for what it holds", () => {
  const all = extended(only("src"), rows, "README.md");
  expect(targets(all, "src/a.ts")).toEqual(["README.md", "src"]);
  expect(targets(only("src/a.ts"), "README.md")).toEqual(["README.md"]);
  expect(topmost(["ab/c", "a", "a/b"])).toEqual(["a", "ab/c"]);
});
