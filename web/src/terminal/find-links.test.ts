import { describe, expect, test } from "vitest";
import { findLinks } from "./find-links.ts";

const files = new Set(["src/a.ts", "index.js", "routes/[id].tsx", "package.json"]);
const find = (line: string) =>
  findLinks(line, (path) => files.has(path)).map(({ start, end, ...link }) => ({
    ...link,
    text: line.slice(start, end),
  }));

describe("links in a terminal", () => {
  test.each([
    ["src/a.ts:12:3 - error TS2322", "src/a.ts:12:3", "src/a.ts", 12, 3],
    ["    at run (src/a.ts:12:3)", "src/a.ts:12:3", "src/a.ts", 12, 3],
    ["    at file (/srv/prj_1/index.js:4:5)", "/srv/prj_1/index.js:4:5", "index.js", 4, 5],
    ["./src/a.ts(7,2): error", "./src/a.ts(7,2)", "src/a.ts", 7, 2],
    ["modified: package.json", "package.json", "package.json", undefined, undefined],
    ["routes/[id].tsx:9", "routes/[id].tsx:9", "routes/[id].tsx", 9, undefined],
  ])("%s", (line, text, path, at, column) => {
    expect(find(line)).toEqual([{ kind: "file", text, path, line: at, column }]);
  });

  test("lead to a port's preview", () => {
    expect(find("  ➜  Local:   http://localhost:5173/app?x=1")).toEqual([
      { kind: "port", text: "http://localhost:5173/app?x=1", port: 5173, path: "/app?x=1" },
    ]);
    expect(find("Listening on http://0.0.0.0:8080.")).toMatchObject([{ kind: "port", port: 8080, path: "/" }]);
    expect(find("http://[::1]:3000")).toMatchObject([{ kind: "port", port: 3000 }]);
  });

  test("lead out only to what is shown", () => {
    expect(find("see https://example.com/a_(b).")).toMatchObject([
      { kind: "address", url: "https://example.com/a_(b)" },
    ]);
    expect(find("(https://example.com/x)")).toMatchObject([{ url: "https://example.com/x" }]);
    expect(find("http://localhost:80.example.com/")).toEqual([]);
    expect(find("javascript:alert(1) file:///etc/passwd data:text/html,x")).toEqual([]);
  });

  test("are not made of names that the project does not have", () => {
    expect(find("src/b.ts:1:1 and a.ts and /etc/package.json")).toEqual([]);
  });

  test("are found in linear time, even on a line of a megabyte", () => {
    for (const line of ["a/".repeat(500_000), "(".repeat(1_000_000), ":1".repeat(500_000)])
      expect(find(line)).toEqual([]);
  });
});
