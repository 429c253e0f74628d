import { expect, test } from "vitest";
import { mentionedIn } from "./mention.ts";

const file = (path: string) => ({ path, kind: "text" as const, size: 1, rev: 1 });
const files = ["src/app.ts", "cafe\u0301.txt", "src/main.ts", "a b.txt", "README.md", "odd.name."].map(file);
const paths = (text: string) => mentionedIn(text, files).map(({ path }) => path);

test("finds mentions anywhere in a sentence, if the file exists", () => {
  expect(paths("Look at @src/main.ts, and @README.md.")).toEqual(["src/main.ts", "README.md"]);
  expect(paths('@"a b.txt" (@README.md)')).toEqual(["a b.txt", "README.md"]);
  expect(paths("@odd.name. is one")).toEqual(["odd.name."]);
  expect(paths("mail me@README.md or @nowhere.ts @README.md @README.md")).toEqual(["README.md"]);
});

test("finds mentions without spaces around them, in any script", () => {
  expect(paths("请看@src/app.ts并修改")).toEqual(["src/app.ts"]);
  expect(paths("看@README.md。")).toEqual(["README.md"]);
  expect(paths("(@src/app.ts)")).toEqual(["src/app.ts"]);
  expect(paths("in@example.com und „@README.md“")).toEqual(["README.md"]);
  expect(paths("@src/app.tsx @src/app.ts.bak @src/app.ts/x @src/app.ts-old")).toEqual([]);
  expect(paths("@src/app.ts... @README.md?")).toEqual(["src/app.ts", "README.md"]);
});

test("finds a file whose name is written in the other Unicode form", () => {
  expect(paths("@caf\u00E9.txt")).toEqual(["cafe\u0301.txt"]);
});
