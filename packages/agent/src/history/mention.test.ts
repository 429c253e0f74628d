import { expect, test } from "vitest";
import { mentionedIn } from "./mention.ts";

const file = (path: string) => ({ path, kind: "text" as const, size: 1, rev: 1 });
const files = ["src/main.ts", "a b.txt", "README.md", "odd.name."].map(file);
const paths = (text: string) => mentionedIn(text, files).map(({ path }) => path);

test("finds mentions anywhere in a sentence, if the file exists", () => {
  expect(paths("Look at @src/main.ts, and @README.md.")).toEqual(["src/main.ts", "README.md"]);
  expect(paths('@"a b.txt" (@README.md)')).toEqual(["a b.txt"]);
  expect(paths("@odd.name. is one")).toEqual(["odd.name."]);
  expect(paths("mail me@README.md or @nowhere.ts @README.md @README.md")).toEqual(["README.md"]);
});
