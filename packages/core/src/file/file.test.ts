import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

let storage: Awaited<ReturnType<typeof storageForCore>>;
let File: typeof import("./file.ts");
let Member: typeof import("../member/member.ts");
let Table: typeof import("../table/table.ts");
let FileStore: typeof import("./system.ts");
let Operation: typeof import("../operation/operation.ts");
let Operations: typeof import("../operation/system.ts");
let Id: typeof import("../id/id.ts");
const ada = { userID: "usr_ada" };
const eve = { userID: "usr_eve" };
let project: string;

beforeAll(async () => {
  storage = await storageForCore();
  File = await import("./file.ts");
  Member = await import("../member/member.ts");
  Table = await import("../table/table.ts");
  FileStore = await import("./system.ts");
  Operation = await import("../operation/operation.ts");
  Operations = await import("../operation/system.ts");
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

const put = (path: string, content: string, rev?: number) =>
  File.commit(ada, project, { changes: [{ op: "put", path, content, ...(rev === undefined ? {} : { rev }) }] });
/** Carries an operation to its end, as the workflow would. */
async function settled(outcome: Awaited<ReturnType<typeof Operation.move>>) {
  if (!Operation.isStarted(outcome)) return outcome;
  const { id } = outcome.operation;
  while ((await Operations.step(id, () => 900_000)) === "again");
  const { state, result, error } = await Operation.fromID(ada, id);
  if (state !== "completed" || !result) throw new Error(`${state}: ${error?.message}`);
  return result;
}
const move = async (path: string, to: string) => settled(await Operation.move(ada, project, { path, to }));
const remove = async (path: string) => settled(await Operation.remove(ada, project, { path }));
const revert = async (range: Parameters<typeof Operation.undo>[2]) =>
  settled(await Operation.undo(ada, project, range));
const restore = async (rev: number) => settled(await Operation.restore(ada, project, rev));
const paths = async () => (await File.list(ada, project)).files.map((file) => file.path);
const text = async (path: string) => (await File.readText(ada, project, path)).content;

describe("commits", () => {
  test("a put creates, a put with a revision edits, and the ETag is the project's revision", async () => {
    expect((await put("a.txt", "one")).rev).toBe(1);
    expect((await put("b.txt", "b")).rev).toBe(2);
    expect((await put("a.txt", "two", 1)).rev).toBe(3);
    expect(await File.read(ada, project, "a.txt")).toMatchObject({ rev: 3, content: "two", size: 3, kind: "text" });
  });

  test("refuses a stale write with the current state, and a put without a revision never overwrites", async () => {
    await put("a.txt", "one");
    await put("a.txt", "two", 1);
    const current = { path: "a.txt", current: { path: "a.txt", kind: "text", size: 3, rev: 2 } };
    await expect(put("a.txt", "three", 1)).rejects.toMatchObject({ code: "stale_revision", details: current });
    await expect(put("a.txt", "three")).rejects.toMatchObject({ code: "stale_revision" });
    expect(await text("a.txt")).toBe("two");
  });

  test("a deleted and recreated file is a new version", async () => {
    await put("a.txt", "one");
    await remove("a.txt");
    await put("a.txt", "one");
    await expect(put("a.txt", "two", 1)).rejects.toMatchObject({ code: "stale_revision" });
  });

  test("a commit is atomic", async () => {
    await put("taken", "x");
    const changes = [
      { op: "put" as const, path: "new", content: "" },
      { op: "put" as const, path: "taken", content: "y" },
    ];
    await expect(File.commit(ada, project, { changes })).rejects.toMatchObject({ code: "stale_revision" });
    expect(await paths()).toEqual(["taken"]);
  });

  test("names that differ only by case are two files", async () => {
    await put("README.md", "upper");
    await put("readme.md", "lower");
    expect([await text("README.md"), await text("readme.md")]).toEqual(["upper", "lower"]);
  });

  test("refuses a file in place of a folder among many new files of one folder, however much it holds", async () => {
    const into = (paths: string[]) =>
      File.commit(ada, project, { changes: paths.map((path) => ({ op: "put" as const, path, content: path })) });
    const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `d/${prefix}${n}`);
    await put("d/x/y", "y");
    await put("d/xy", "a longer name");
    await expect(into([...names("a", 20), "d/x"])).rejects.toMatchObject({ code: "name_taken" });
    await into(names("a", 20));
    for (let n = 0; n < 1000; n += 90) await into(names(`b${n}-`, 90));
    await expect(into([...names("c", 20), "d/x"])).rejects.toMatchObject({ code: "name_taken" });
    await into(names("c", 20));
  });

  test("refuses a file and a folder of one name in either order", async () => {
    await put("a", "file");
    await expect(put("a/b", "x")).rejects.toMatchObject({ code: "name_taken" });
    await put("dir/x", "x");
    await expect(put("dir", "x")).rejects.toMatchObject({ code: "name_taken" });
    const folder = [{ op: "folder" as const, path: "dir" }];
    await expect(File.commit(ada, project, { changes: folder })).rejects.toMatchObject({ code: "name_taken" });
    expect(await paths()).toEqual(["a", "dir/x"]);
  });

  test("a put of identical content costs no revision", async () => {
    const { rev } = await put("a.txt", "same");
    expect((await put("a.txt", "same", rev)).rev).toBe(rev);
  });

  test("texts on both sides of 32 KB compressed round-trip", async () => {
    const noise = (length: number) =>
      Array.from({ length }, () => String.fromCharCode(33 + Math.floor(Math.random() * 90))).join("");
    for (const [name, content] of [
      ["small", noise(30_000)],
      ["large", noise(200_000)],
      ["empty", ""],
    ] as const) {
      await put(name, content);
      expect((await text(name)) === content).toBe(true);
    }
  });

  test("refuses a lone surrogate", async () => {
    await expect(put("a", "\ud800")).rejects.toMatchObject({ code: "not_text" });
    expect(await paths()).toEqual([]);
  });

  test("an extra item commits with the changes and can refuse them", async () => {
    const other = Id.create("project");
    const item = Member.createItem({ projectID: other, userID: "usr_x", role: "owner", kind: "project" });
    const change = (path: string) => [{ op: "put" as const, path, content: "" }];
    await File.commit(ada, project, { changes: change("first"), alongside: [item] });
    await expect(File.commit(ada, project, { changes: change("second"), alongside: [item] })).rejects.toBeInstanceOf(
      File.CommitRefused,
    );
    expect(await paths()).toEqual(["first"]);
  });

  test("is not found for others", async () => {
    await put("a", "x");
    await expect(File.list(eve, project)).rejects.toMatchObject({ code: "not_found" });
    await expect(File.read(eve, project, "a")).rejects.toMatchObject({ code: "not_found" });
    await expect(Operation.remove(eve, project, { path: "a" })).rejects.toMatchObject({ code: "not_found" });
    await expect(File.changesSince(eve, project, 0)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("many writers", () => {
  test("40 concurrent commits all succeed and log each revision once", async () => {
    await storage.setFaults({ conflict: 0.1 });
    await Promise.all(Array.from({ length: 40 }, (_, n) => put(`f${n}`, String(n))));
    await storage.setFaults({});
    const { commits, rev } = await File.changesSince(ada, project, 0);
    expect(rev).toBe(40);
    expect(commits.map((commit) => commit.rev)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    expect((await paths()).length).toBe(40);
  });

  test("one of 20 concurrent writers of a file wins", async () => {
    const { rev } = await put("a", "0");
    const race = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => put("a", `writer ${n}`, rev)));
    expect(race.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect((await File.read(ada, project, "a")).rev).toBe(rev + 1);
  });
});

describe("folders", () => {
  async function fill(folder: string, count: number): Promise<void> {
    for (let at = 0; at < count; at += 90) {
      const names = Array.from({ length: Math.min(90, count - at) }, (_, n) => at + n);
      await File.commit(ada, project, {
        changes: names.map((n) => ({ op: "put", path: `${folder}/${n}`, content: String(n) })),
      });
    }
  }

  test("moves a folder with all its contents", async () => {
    await put("src/a/b.txt", "b");
    await put("src2/c.txt", "c");
    await File.commit(ada, project, { changes: [{ op: "folder", path: "src/empty" }] });
    await move("src", "lib/x");
    expect(await paths()).toEqual(["lib/x/a/b.txt", "lib/x/empty", "src2/c.txt"]);
    expect(await text("lib/x/a/b.txt")).toBe("b");
    await expect(move("lib", "lib/x/y")).rejects.toMatchObject({ code: "invalid_path" });
    await expect(move("src2", "lib")).rejects.toMatchObject({ code: "name_taken" });
  });

  test("renames and deletes a folder of 150 files as a series of commits", async () => {
    await fill("big", 150);
    await move("big", "small");
    expect((await paths()).filter((path) => path.startsWith("small/"))).toHaveLength(150);
    expect(await paths()).toHaveLength(150);
    await remove("small");
    expect(await paths()).toEqual([]);
  });
});

describe("checkpoints", () => {
  test("a restore brings all files back, is an ordinary commit and can be undone", async () => {
    await put("keep", "1");
    await put("edit", "1");
    await put("gone", "1");
    const { rev } = await File.checkpoint(ada, project, "start");
    await put("edit", "2", 2);
    await remove("gone");
    await put("added", "2");
    const restored = await restore(rev);
    expect(await paths()).toEqual(["edit", "gone", "keep"]);
    expect([await text("edit"), await text("gone")]).toEqual(["1", "1"]);
    expect(restored).toMatchObject({ rev: 7, kept: [] });
    await revert(restored.undo);
    expect(await paths()).toEqual(["added", "edit", "keep"]);
    expect(await text("edit")).toBe("2");
  });

  test("an import switches the generation at once, and older cursors must reload", async () => {
    const target = await FileStore.nextGeneration(project);
    const { rev } = target;
    await FileStore.fill(project, target, [
      { path: "a/b.txt", bytes: new TextEncoder().encode("text"), mode: "100644" },
      { path: "c.png", bytes: new Uint8Array([1, 0, 2]), mode: "100755" },
    ]);
    expect(await paths()).toEqual([]);
    await FileStore.flip(project, target, { kind: "transfer", id: "trf_1" });
    expect(await paths()).toEqual(["a/b.txt", "c.png"]);
    expect(await File.changesSince(ada, project, 0)).toMatchObject({ rev, reload: true, commits: [] });
    expect((await File.read(ada, project, "c.png")).url).toContain("/blobs/files/");
  });
});

test("an upload becomes a file once, only for its uploader", async () => {
  const bytes = new Uint8Array([137, 80, 78, 71, 0, 1, 2, 3]);
  const upload = await File.createUpload(ada, project, bytes.length);
  expect((await fetch(upload.url, { method: "PUT", body: bytes })).status).toBe(200);
  await expect(File.putUpload(eve, project, "x.png", upload.id, undefined)).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await File.putUpload(ada, project, "x.png", upload.id, undefined)).toMatchObject({ kind: "binary", size: 8 });
  const read = await File.read(ada, project, "x.png");
  const reply = await fetch(read.url ?? "");
  expect(reply.headers.get("content-type")).toBe("image/png");
  expect(new Uint8Array(await reply.arrayBuffer())).toEqual(bytes);
});

test("a purge leaves nothing", async () => {
  await put("a", "x");
  await File.checkpoint(ada, project, "c");
  await FileStore.purge(project);
  await expect(File.list(ada, project)).rejects.toMatchObject({ code: "not_found" });
  await FileStore.purge(project);
});

test("a copied file or folder is independent", async () => {
  await put("a/x.txt", "x");
  await put("a/deep/y.txt", "y");
  await File.commit(ada, project, { changes: [{ op: "copy", path: "a", to: "b" }] });
  await File.commit(ada, project, { changes: [{ op: "copy", path: "a/x.txt", to: "x copy.txt" }] });
  expect(await paths()).toEqual(["a/deep/y.txt", "a/x.txt", "b/deep/y.txt", "b/x.txt", "x copy.txt"]);
  await put("b/x.txt", "changed", 3);
  expect([await text("a/x.txt"), await text("b/x.txt")]).toEqual(["x", "changed"]);
  const again = File.commit(ada, project, { changes: [{ op: "copy", path: "a", to: "b" }] });
  await expect(again).rejects.toMatchObject({ code: "name_taken" });
});

describe("an undo", () => {
  test("reverts deletes, moves, edits and creates, and can itself be undone", async () => {
    await put("a/one.txt", "1");
    await put("a/two.txt", "2");
    await put("b.txt", "b");
    const from = (await put("b.txt", "changed", 3)).rev - 1;
    await move("a", "c");
    await remove("c/two.txt");
    const { rev: to } = await put("new.txt", "new");
    const { undo, kept } = await revert({ from, to });
    expect(kept).toEqual([]);
    expect(await paths()).toEqual(["a/one.txt", "a/two.txt", "b.txt"]);
    expect(await text("b.txt")).toBe("b");
    await revert(undo);
    expect(await paths()).toEqual(["b.txt", "c/one.txt", "new.txt"]);
    expect(await text("b.txt")).toBe("changed");
  });

  test("keeps later changes and reverts only one writer's", async () => {
    const run = { userID: ada.userID, runID: "run_1" };
    const edit = (path: string, content: string, rev?: number) =>
      File.commit(run, project, { changes: [{ op: "put", path, content, ...(rev ? { rev } : {}) }] });
    await put("mine.txt", "1");
    await edit("mine.txt", "2", 1);
    await edit("theirs.txt", "2");
    await edit("other.txt", "2");
    const { rev } = await put("other.txt", "3", 4);
    const undone = await revert({ from: 1, to: rev, writer: { kind: "run", id: "run_1" } });
    expect(undone.kept).toEqual(["other.txt"]);
    expect(await paths()).toEqual(["mine.txt", "other.txt"]);
    expect([await text("mine.txt"), await text("other.txt")]).toEqual(["1", "3"]);
  });

  test("of hundreds of files is a series, and a folder in use stays", async () => {
    for (let at = 0; at < 240; at += 80) {
      const changes = Array.from({ length: 80 }, (_, n) => ({
        op: "put" as const,
        path: `big/${at + n}.txt`,
        content: `${at + n}`,
      }));
      await File.commit(ada, project, { changes });
    }
    const removed = await remove("big");
    expect(await paths()).toEqual([]);
    await revert(removed.undo);
    expect(await paths()).toHaveLength(240);
    expect(await text("big/123.txt")).toBe("123");
    const { rev } = await File.commit(ada, project, { changes: [{ op: "folder", path: "empty" }] });
    await put("empty/later.txt", "x");
    await revert({ from: rev - 1, to: rev });
    expect(await text("empty/later.txt")).toBe("x");
  });

  test("works where a folder has become a file, and never across an import", async () => {
    await put("x/deep.txt", "deep");
    await File.commit(ada, project, { changes: [{ op: "delete", path: "x" }] });
    const { rev } = await put("x", "a file");
    await revert({ from: 1, to: rev });
    expect(await text("x/deep.txt")).toBe("deep");
    await revert({ from: 0, to: 1 });
    expect(await paths()).toEqual(["x/deep.txt"]);
    const imported = await FileStore.nextGeneration(project);
    await FileStore.fill(project, imported, [{ path: "a", bytes: new Uint8Array(), mode: "100644" }]);
    await FileStore.flip(project, imported, { kind: "transfer", id: "trf_1" });
    await expect(revert({ from: 0, to: imported.rev })).rejects.toMatchObject({ code: "conflict" });
  });
});

test("an undone move is reported as a move", async () => {
  await put("a/x.txt", "x");
  await put("a/y.txt", "y");
  const { undo } = await move("a", "b");
  const { rev } = await revert(undo);
  const { commits } = await File.changesSince(ada, project, rev - 1);
  expect(commits[0]?.changes.flatMap(({ path, from }) => (from ? [`${from} → ${path}`] : [])).toSorted()).toEqual([
    "b/x.txt → a/x.txt",
    "b/y.txt → a/y.txt",
  ]);
});

describe("names that look the same", () => {
  const composed = "caf\u00E9.txt";
  const decomposed = "cafe\u0301.txt";

  test("a file is found by either Unicode form of its name, in folders too", async () => {
    await put(decomposed, "coffee");
    await put("U\u0308bung/a.txt", "a");
    expect(await File.readText(ada, project, composed)).toMatchObject({ path: decomposed, content: "coffee" });
    expect(await text("\u00DCbung/a.txt")).toBe("a");
    expect(
      await File.actualPaths(ada, project, ["\u00DCbung", composed, "none.txt", "\u00DCbung/new/\u00E9.txt"]),
    ).toEqual(["U\u0308bung", decomposed, "none.txt", "U\u0308bung/new/\u00E9.txt"]);
  });

  test.each([
    ["in the other form", composed, decomposed],
    ["with a character without width", "notes.txt", "no\u200Btes.txt"],
    ["with a space of another width", "a b.txt", "a\u00A0b.txt"],
    ["in a folder that has a twin", "\u00DCbung/a.txt", "U\u0308bung/b.txt"],
    ["in Korean", "\uD55C\uAE00/\uD55C.txt", "\uD55C\uAE00/\u1112\u1161\u11AB.txt"],
  ])("a new twin %s is refused", async (_, one, other) => {
    await put(one, "one");
    const refused = { code: "lookalike_name" };
    await expect(put(other, "other")).rejects.toMatchObject(refused);
    await put("else.txt", "x");
    await expect(move("else.txt", other)).rejects.toMatchObject(refused);
    expect(await paths()).toEqual([...new Set([one, "else.txt"])].toSorted());
  });

  test("a name can be changed to its other form, and what an undo restores is no twin", async () => {
    await put(decomposed, "coffee");
    await move(decomposed, composed);
    expect(await paths()).toEqual([composed]);
    await revert({ from: 1, to: 2 });
    expect(await paths()).toEqual([decomposed]);
  });
});

describe("the history of a file", () => {
  test("lists its versions under the names that it had, and reads each", async () => {
    const { rev } = await put("a.txt", "one");
    await put("other.txt", "other");
    const second = await put("a.txt", "two", rev);
    await move("a.txt", "deep/b.txt");
    const { versions, next } = await File.versions(ada, project, "deep/b.txt");
    expect(versions.map(({ path, size, writer }) => [path, size, writer.kind])).toEqual([
      ["deep/b.txt", 3, "person"],
      ["a.txt", 3, "person"],
      ["a.txt", 3, "person"],
    ]);
    expect(next).toBeUndefined();
    expect(versions[1]?.rev).toBe(second.rev);
    expect(await File.versionText(ada, project, "a.txt", rev)).toBe("one");
    expect(await File.versionText(ada, project, "deep/b.txt", versions[0]?.rev ?? 0)).toBe("two");
  });

  test("is there for a deleted file, and for nobody who may not read the project", async () => {
    const { rev } = await put("a.txt", "one");
    await remove("a.txt");
    expect((await File.versions(ada, project, "a.txt")).versions).toHaveLength(1);
    await expect(File.versions(eve, project, "a.txt")).rejects.toMatchObject({ code: "not_found" });
    await expect(File.versionText(eve, project, "a.txt", rev)).rejects.toMatchObject({ code: "not_found" });
    await expect(File.versionText(ada, project, "b.txt", rev)).rejects.toMatchObject({ code: "not_found" });
  });
});
