import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

let storage: Awaited<ReturnType<typeof storageForCore>>;
let File: typeof import("./file.ts");
let FileStore: typeof import("./system.ts");
let Member: typeof import("../member/member.ts");
let Table: typeof import("../table/table.ts");
let Clock: typeof import("../clock/clock.ts");
let Id: typeof import("../id/id.ts");
const ada = { userID: "usr_ada" };
let project: string;

beforeAll(async () => {
  storage = await storageForCore();
  File = await import("./file.ts");
  FileStore = await import("./system.ts");
  Member = await import("../member/member.ts");
  Table = await import("../table/table.ts");
  Clock = await import("../clock/clock.ts");
  Id = await import("../id/id.ts");
});
afterAll(() => storage.remove());
beforeEach(async () => {
  project = Id.create("project");
  await Table.transact([
    FileStore.headItem(project),
    Member.createItem({ projectID: project, userID: ada.userID, role: "owner", kind: "project" }),
  ]);
});

async function put(files: Record<string, string>): Promise<void> {
  const changes = Object.entries(files).map(([path, content]) => ({ op: "put" as const, path, content }));
  for (let at = 0; at < changes.length; at += 90)
    await File.commit(ada, project, { changes: changes.slice(at, at + 90) });
}
const query = (text: string, rest: object = {}) => ({
  query: text,
  isRegex: false,
  caseSensitive: false,
  wholeWord: false,
  ...rest,
});

/** A clock that moves with each look: a search meets its limit after so many steps, however fast the machine is. */
function stepClock(millisecondsAStep: number): () => void {
  let time = Date.now();
  return Clock.hold(() => (time += millisecondsAStep));
}

describe("the agent's search", () => {
  test("finds lines and names", async () => {
    await put({ "src/a.ts": "const Answer = 42;\nlet b;\n", "src/b.md": "the answer\n", "src.txt": "answer" });
    const { files, next, incomplete } = await File.search(ada, project, { pattern: "answer", path: "src" });
    expect(files.map(({ path, lines }) => [path, lines[0]?.line, lines[0]?.text])).toEqual([
      ["src/a.ts", 1, "const Answer = 42;"],
      ["src/b.md", 1, "the answer"],
    ]);
    expect([next, incomplete]).toEqual([undefined, []]);
    const exact = await File.search(ada, project, { pattern: "answer", caseSensitive: true, path: "src" });
    expect(exact.files.map(({ path }) => path)).toEqual(["src/b.md"]);
    const one = await File.search(ada, project, { pattern: "answer", path: "src.txt" });
    expect(one.files.map(({ path }) => path)).toEqual(["src.txt"]);
    const names = await File.search(ada, project, { pattern: "\\.md$", kind: "name" });
    expect(names.files.map(({ path }) => path)).toEqual(["src/b.md"]);
  });

  test("refuses an invalid pattern", () =>
    expect(File.search(ada, project, { pattern: "(" })).rejects.toMatchObject({ code: "invalid_input" }));

  test("ends at its time limit, says so and returns what it found", async () => {
    await put(
      Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`${String(at).padStart(3, "0")}.txt`, "hit"])),
    );
    const release = stepClock(20);
    try {
      const { files, searched, next } = await File.search(ada, project, { pattern: "hit" });
      expect(files.length).toBeGreaterThan(0);
      expect(searched).toBeLessThan(150);
      expect(next).toBe(files.at(-1)?.path);
    } finally {
      release();
    }
  });

  test("names partially searched files", async () => {
    const slow = "(?:.{1,20}x){40}y";
    await put({
      "hits.txt": "hit\n".repeat(101),
      "line.txt": `${"a".repeat(10_000)}hit`,
      "large.txt": "a".repeat(2 * 1024 * 1024 + 1),
    });
    expect((await File.search(ada, project, { pattern: "hit" })).incomplete).toEqual([
      { path: "hits.txt", reason: "too_many_matches" },
      { path: "large.txt", reason: "too_large" },
    ]);
    expect((await File.search(ada, project, { pattern: slow, path: "line.txt" })).incomplete).toEqual([
      { path: "line.txt", reason: "long_line" },
    ]);
  });

  test("skips a file that takes too long and continues", async () => {
    await put({ "a.txt": "hit\n".repeat(80), "b.txt": "hit" });
    const release = stepClock(10);
    try {
      const { files, incomplete } = await File.search(ada, project, { pattern: "hit" });
      expect(incomplete).toContainEqual({ path: "a.txt", reason: "out_of_time" });
      expect(files.at(-1)?.path).toBe("b.txt");
    } finally {
      release();
    }
  });

  test("stops when its run is cancelled, in the middle of a file", async () => {
    await put({ "a.txt": "b\n".repeat(200_000) });
    const release = stepClock(0.01);
    try {
      const running = new AbortController();
      const search = File.search(ada, project, { pattern: "(?:a|b)c", signal: running.signal });
      setTimeout(() => running.abort(new Error("cancelled")), 0);
      await expect(search).rejects.toThrowError("cancelled");
    } finally {
      release();
    }
  });
});

describe("the panel's search", () => {
  test("is resumed by its cursor until every file was searched once", async () => {
    const names = Array.from({ length: 260 }, (_, at) => `${String(at).padStart(3, "0")}.txt`);
    await put(Object.fromEntries(names.map((name) => [name, "hit"])));
    const release = stepClock(5);
    const found: string[] = [];
    let pages = 0;
    try {
      for (let cursor: string | undefined; ;) {
        const page = await File.find(ada, project, { ...query("hit"), ...(cursor ? { cursor } : {}) });
        found.push(...page.files.map(({ path }) => path));
        pages++;
        if (page.cursor === undefined) break;
        ({ cursor } = page);
      }
    } finally {
      release();
    }
    expect(found).toEqual(names);
    expect(pages).toBeGreaterThan(1);
  });

  test.each([
    "",
    "rubbish",
    Buffer.from('["x"]').toString("base64url"),
    Buffer.from('[1,"people","a"]').toString("base64url"),
  ])("refuses the cursor %j", (cursor) =>
    expect(File.find(ada, project, { ...query("x"), cursor })).rejects.toMatchObject({ code: "invalid_input" }),
  );

  test("shows what each match would become", async () => {
    await put({ "a.txt": "foo(1) and foo(2)" });
    const shown = async (replacement: string) =>
      (await File.find(ada, project, query("foo\\((?<n>\\d)\\)", { isRegex: true, replacement }))).files[0]?.lines.map(
        (line) => line.replacement,
      );
    expect(await shown("bar[$1]")).toEqual(["bar[1]", "bar[2]"]);
    expect(await shown("$<n>$$ $& $9 $12 $<m>")).toEqual(["1$ foo(1) $9 12 $<m>", "2$ foo(2) $9 22 $<m>"]);
    expect((await shown("x".repeat(10_000)))?.[0]).toHaveLength(240);
  });
});

describe("replace", () => {
  const revs = async () => (await File.list(ada, project)).files.map(({ path, rev }) => ({ path, rev }));

  test("replaces line by line, as the search showed it", async () => {
    await put({ "a.txt": "one  two\n\nthree" });
    const done = await File.replace(ada, project, {
      ...query("\\s+", { isRegex: true }),
      replacement: "_",
      files: await revs(),
    });
    expect(done).toMatchObject({ replaced: 1, files: ["a.txt"] });
    expect((await File.readText(ada, project, "a.txt")).content).toBe("one_two\n\nthree");
  });

  test.each([
    ["x", "y".repeat(10_000), "4 MB"],
    ["x+", "$&".repeat(5000), "4 MB"],
  ])("of %s that would grow a file without bound changes nothing", async (text, replacement, why) => {
    await put({ "a.txt": "x".repeat(100_000), "b.txt": "x" });
    const replacing = File.replace(ada, project, {
      ...query(text, { isRegex: true }),
      replacement,
      files: await revs(),
    });
    await expect(replacing).rejects.toMatchObject({ code: "too_many_changes", message: expect.stringContaining(why) });
    expect((await File.readText(ada, project, "b.txt")).content).toBe("x");
  });

  test("that takes too long changes nothing", async () => {
    await put({ "a.txt": "x\n".repeat(2000) });
    const files = await revs();
    const release = stepClock(10);
    try {
      const replacing = File.replace(ada, project, { ...query("x"), replacement: "y", files });
      await expect(replacing).rejects.toMatchObject({ code: "too_many_changes" });
    } finally {
      release();
    }
    expect((await File.readText(ada, project, "a.txt")).content).toContain("x");
  });
});
