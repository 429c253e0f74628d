import { expect, test } from "vitest";
import { tabLabels } from "./tab-labels.ts";

const labels = (...paths: string[]) =>
  paths.map((path) => {
    const { name, folder } = tabLabels(paths).get(path) ?? { name: "", folder: "" };
    return folder === "" ? name : `${name} ${folder}`;
  });

test("files with one name are told apart by their folders", () => {
  expect(labels("a.ts", "src/b.ts")).toEqual(["a.ts", "b.ts"]);
  expect(labels("src/a/index.ts", "src/b/index.ts")).toEqual(["index.ts a", "index.ts b"]);
  expect(labels("a/lib/index.ts", "b/lib/index.ts", "index.ts")).toEqual([
    "index.ts a/lib",
    "index.ts b/lib",
    "index.ts ./",
  ]);
  expect(labels("caf\u00e9.txt", "x/cafe\u0301.txt")).toEqual(["caf\u00e9.txt ./", "cafe\u0301.txt x"]);
});
