import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";
import type { Tool, ToolContext } from "./tool.ts";

/** The tools on real storage; the run's own rows are stood in for by rows of no meaning. */

let storage: Awaited<ReturnType<typeof storageForCore>>;
let File: typeof import("@slipway/core/file");
let FileStore: typeof import("@slipway/core/file/system");
let tools: Readonly<Record<string, Tool>>;
let createProject: () => Promise<string>;
let context: ToolContext;
const ada = { userID: "usr_ada" };

beforeAll(async () => {
  storage = await storageForCore();
  File = await import("@slipway/core/file");
  FileStore = await import("@slipway/core/file/system");
  const Member = await import("../../../core/src/member/member.ts");
  const Table = await import("../../../core/src/table/table.ts");
  const Id = await import("@slipway/core/id");
  const modules = await Promise.all([
    import("./write-tools.ts"),
    import("./edit-tool.ts"),
    import("./patch-tool.ts"),
    import("./read-tools.ts"),
  ]);
  const all: Tool[] = modules.flatMap((module) => Object.values(module));
  tools = Object.fromEntries(all.map((tool) => [tool.name, tool]));
  createProject = async () => {
    const project = Id.create("project");
    await Table.transact([
      FileStore.headItem(project),
      Member.createItem({ projectID: project, userID: ada.userID, role: "owner", kind: "project" }),
    ]);
    return project;
  };
  const item = () => FileStore.headItem(Id.create("project"));
  context = {
    actor: ada,
    projectID: "",
    write: { earlier: () => Promise.resolve(undefined), recordItem: () => Promise.resolve(item()), item },
  } as unknown as ToolContext;
});
afterAll(() => storage.remove());
beforeEach(async () => {
  context = { ...context, projectID: await createProject() };
});

const put = (path: string, content: string) =>
  File.commit(ada, context.projectID, { changes: [{ op: "put", path, content }] });
const text = async (path: string) => (await File.readText(ada, context.projectID, path)).content;
const paths = async () => (await File.list(ada, context.projectID)).files.map(({ path }) => path);

async function call(name: string, input: unknown): Promise<string> {
  const result = await tools[name]?.bind(input).run(context);
  if (result === undefined || "pending" in result) throw new Error("no result");
  return result.output;
}
const deletes = (name: string, input: unknown) => tools[name]?.bind(input).deletes(context);

describe("a file with CRLF", () => {
  test("is read, edited and patched as models write, and keeps its line endings", async () => {
    await put("a.txt", "\uFEFFone\r\ntwo\r\nthree\r\n");
    expect(await call("read_file", { path: "a.txt" })).toBe("one\ntwo\nthree");
    await call("edit_file", { path: "a.txt", edits: [{ oldText: "one\ntwo", newText: "1\n2" }] });
    expect(await text("a.txt")).toBe("\uFEFF1\r\n2\r\nthree\r\n");
    await call("edit_file", { path: "a.txt", edits: [{ oldText: "2\r\nthree", newText: "2\r\n3" }] });
    expect(await text("a.txt")).toBe("\uFEFF1\r\n2\r\n3\r\n");
    await call("apply_patch", { patch: "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,3 @@\n-1\n+one\n+and\n 2\n" });
    expect(await text("a.txt")).toBe("\uFEFFone\r\nand\r\n2\r\n3\r\n");
  });
});

describe("a patch", () => {
  const patch = [
    "diff --git a/old.txt b/new.txt",
    "rename from old.txt",
    "rename to new.txt",
    "diff --git a/none.txt b/none.txt",
    "new file mode 100644",
    "diff --git a/e.txt b/e.txt",
    "--- a/e.txt",
    "+++ b/e.txt",
    "@@ -1 +1 @@",
    "-a",
    "+b",
    "",
  ].join("\n");

  test("does all that it says", async () => {
    await put("old.txt", "old\n");
    await put("e.txt", "a\n");
    expect(await call("apply_patch", { patch })).toBe("Applied: moved new.txt, created none.txt, edited e.txt.");
    expect(await paths()).toEqual(["e.txt", "new.txt", "none.txt"]);
    expect([await text("e.txt"), await text("new.txt"), await text("none.txt")]).toEqual(["b\n", "old\n", ""]);
  });

  test("does nothing when a part of it cannot be done", async () => {
    await put("e.txt", "a\n");
    await expect(call("apply_patch", { patch })).rejects.toThrow();
    expect([await paths(), await text("e.txt")]).toEqual([["e.txt"], "a\n"]);
  });

  test("deletes only what it holds, and says how many files it deletes", async () => {
    await put("gone.txt", "a\nb\n");
    const deletion = (path: string, lines: string) => `--- a/${path}\n+++ /dev/null\n@@ -1,9 +0,0 @@\n${lines}`;
    await expect(call("apply_patch", { patch: deletion("gone.txt", "-a\n") })).rejects.toMatchObject({
      code: "no_match",
    });
    const many = Array.from({ length: 11 }, (_, n) => deletion(`${n}.txt`, "-a\n")).join("");
    expect(await deletes("apply_patch", { patch: many })).toBe(11);
    const codex = Array.from({ length: 11 }, (_, n) => `*** Delete File: ${n}.txt\n`).join("");
    expect(await deletes("apply_patch", { patch: `*** Begin Patch\n${codex}*** End Patch` })).toBe(11);
    expect(await deletes("apply_patch", { patch: deletion("gone.txt", "-a\n-b\n") })).toBe(1);
    await call("apply_patch", { patch: deletion("gone.txt", "-a\n-b\n") });
    expect(await paths()).toEqual([]);
  });
});

describe("an edit that quotes the file almost as it is", () => {
  test("is made where only one place can be meant, keeps what the file has, and says how it matched", async () => {
    await put("a.ts", "f() {\r\n\tif (a) {\r\n\t\tsay(“x”);\r\n\t}\r\n}\r\n");
    const indented = [{ oldText: "if (a) {\n\tsay(“x”);", newText: "if (b) {\n\tsay(“x”);" }];
    expect(await call("edit_file", { path: "a.ts", edits: indented })).toMatch(/Edit 1, at line 2, .* indentation/);
    const quoted = { path: "a.ts", edits: [{ oldText: 'say("x")', newText: 'say("x", 1)' }] };
    expect(await call("edit_file", quoted)).toMatch(/at line 3, .* typographic quotes/);
    const patch = "*** Begin Patch\n*** Update File: a.ts\n@@\n-if (b) {\n+if (c) {\n*** End Patch";
    expect(await call("apply_patch", { patch })).toMatch(/^Applied: edited a.ts. a.ts matched .* indentation/);
    expect(await text("a.ts")).toBe("f() {\r\n\tif (c) {\r\n\t\tsay(“x”, 1);\r\n\t}\r\n}\r\n");
  });

  test("may have the line numbers of a reading", async () => {
    await put("a.ts", "one\ntwo\nthree\n");
    const edits = [{ oldText: "2: two\n3: three", newText: "2: two\n3: and\n4: three" }];
    expect(await call("edit_file", { path: "a.ts", edits })).toMatch(/Edit 1, at line 2, .* apart from line numbers/);
    expect(await text("a.ts")).toBe("one\ntwo\nand\nthree\n");
  });

  test("is refused where two places can be meant", async () => {
    await put("a.ts", "  a();\n    a();\n");
    const twice = call("edit_file", {
      path: "a.ts",
      edits: [{ oldText: "\ta();", newText: "b();", replaceAll: true }],
    });
    await expect(twice).rejects.toMatchObject({
      code: "no_match",
      told: expect.stringContaining("apart from indentation") as unknown,
    });
    expect(await text("a.ts")).toBe("  a();\n    a();\n");
  });
});

describe("a deletion", () => {
  test("counts files, not folders", async () => {
    await File.commit(ada, context.projectID, {
      changes: [
        { op: "folder", path: "many" },
        ...Array.from({ length: 11 }, (_, n) => ({ op: "put" as const, path: `many/${n}.txt`, content: "x" })),
      ],
    });
    expect(await deletes("delete_files", { paths: ["many"] })).toBe(11);
    expect(await call("delete_files", { paths: ["many"] })).toBe("Deleted 11 files.");
  });
});

describe("a name in another Unicode form than its file has", () => {
  const [stored, said] = ["U\u0308bung/cafe\u0301.txt", "\u00DCbung/caf\u00E9.txt"];

  test("is found by every tool", async () => {
    await put(stored, "coffee");
    expect(await call("read_file", { path: said })).toBe("coffee");
    await call("edit_file", { path: said, edits: [{ oldText: "coffee", newText: "tea" }] });
    expect(await call("list_files", { path: "\u00DCbung" })).toBe(stored);
    expect(await call("search_files", { pattern: "tea", path: "\u00DCbung" })).toBe(`${stored}:1: tea`);
    await call("rename_file", { path: said, newPath: "tea.txt" });
    expect(await text("tea.txt")).toBe("tea");
  });

  test("deletes that file, and makes no twin of it", async () => {
    await put(stored, "coffee");
    await expect(call("create_file", { path: said, content: "x" })).rejects.toThrow("already exists");
    await call("create_file", { path: "\u00DCbung/new.txt", content: "x" });
    expect(await paths()).toEqual([stored, "U\u0308bung/new.txt"]);
    expect(await call("delete_files", { paths: [said] })).toBe("Deleted 1 file.");
    expect(await paths()).toEqual(["U\u0308bung/new.txt"]);
  });
});

test("an empty file is read as one", async () => {
  await put("none.txt", "");
  expect(await call("read_file", { path: "none.txt" })).toBe("none.txt is empty.");
});

test("a long line is cut between characters, and says so", async () => {
  await put("long.txt", `a${"😀".repeat(2000)}\nshort\n`);
  const output = await call("read_file", { path: "long.txt" });
  expect(output.isWellFormed()).toBe(true);
  expect(output).toMatch(/… \[cut: 4001 characters; read line 1 alone to see more of it\]\nshort$/);
});

test("a path that is not there is answered with what may have been meant, by every tool", async () => {
  await put("src/app/main.ts", "x");
  const { execute } = await import("../turn/execute.ts");
  const { createToolbox } = await import("./toolbox.ts");
  const path = "app/main.ts";
  const inputs = {
    read_file: { path },
    edit_file: { path, edits: [{ oldText: "x", newText: "y" }] },
    apply_patch: { patch: `*** Begin Patch\n*** Update File: ${path}\n@@\n-x\n+y\n*** End Patch` },
    delete_files: { paths: [path] },
    rename_file: { path, newPath: "b.ts" },
  };
  for (const [tool, input] of Object.entries(inputs)) {
    const call = { callID: tool, modelCallID: tool, tool, input, refused: undefined };
    const gate = {
      policy: "ask" as const,
      isPlan: false,
      rules: [],
      approvals: [],
      deletes: new Map<string, number>(),
    };
    const done = await execute(call, { tools: createToolbox(Object.values(tools)), gate, context, pending: undefined });
    const told = done.kind === "done" ? done.told.output : "";
    expect(told, tool).toBe(`Error: There is no "${path}". Did you mean "src/app/main.ts"?`);
  }
});

test("a folder that is not there is not taken for one without matches", async () => {
  await put("src/user/index.ts", "x");
  const expected = 'There is nothing in "app/user". Did you mean "src/user"?';
  expect(await call("search_files", { pattern: "y", path: "app/user" })).toBe(expected);
  expect(await call("list_files", { path: "app/user" })).toBe(expected);
  expect(await call("search_files", { pattern: "y", path: "src" })).toBe("Nothing matches y.");
  expect(await call("search_files", { pattern: "y", path: "." })).toBe("Nothing matches y.");
});
