import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

/** Operations, without their workflow: each test carries them on as the workflow would. */

let storage: Awaited<ReturnType<typeof storageForCore>>;
let File: typeof import("../file/file.ts");
let FileStore: typeof import("../file/system.ts");
let Operation: typeof import("./operation.ts");
let Operations: typeof import("./system.ts");
let Member: typeof import("../member/member.ts");
let Table: typeof import("../table/table.ts");
let Id: typeof import("../id/id.ts");
const ada = { userID: "usr_ada" };
const eve = { userID: "usr_eve" };
let project: string;

beforeAll(async () => {
  storage = await storageForCore();
  File = await import("../file/file.ts");
  FileStore = await import("../file/system.ts");
  Operation = await import("./operation.ts");
  Operations = await import("./system.ts");
  Member = await import("../member/member.ts");
  Table = await import("../table/table.ts");
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

const put = (path: string, content = "x", rev?: number) =>
  File.commit(ada, project, { changes: [{ op: "put", path, content, ...(rev === undefined ? {} : { rev }) }] });
const paths = async () => (await File.list(ada, project)).files.map(({ path }) => path);
async function fill(folder: string, count: number): Promise<void> {
  const changes = Array.from({ length: count }, (_, n) => ({
    op: "put" as const,
    path: `${folder}/${n}`,
    content: "x",
  }));
  await FileStore.apply({ projectID: project, writer: { kind: "person", id: ada.userID } }, changes);
}
/** Begins what is too large for one commit. */
async function started(outcome: Promise<Awaited<ReturnType<typeof Operation.move>>>): Promise<string> {
  const begun = await outcome;
  if (!Operation.isStarted(begun)) throw new Error("done at once");
  return begun.operation.id;
}
/** A function with time for one commit. */
function oneCommit(): () => number {
  let asked = 0;
  return () => (asked++ === 0 ? 900_000 : 0);
}
const whole = () => 900_000;
const state = async (id: string) => (await Operation.fromID(ada, id)).state;

describe("an operation", () => {
  test("runs commit by commit, reports progress, and returns its undo", async () => {
    await fill("big", 200);
    const id = await started(Operation.move(ada, project, { path: "big", to: "new" }));
    expect(await Operation.fromID(ada, id)).toMatchObject({ kind: "move", state: "running", done: 0, total: 200 });
    expect(await Operations.step(id, oneCommit())).toBe("again");
    const { done } = await Operation.fromID(ada, id);
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(200);
    expect(await Operations.step(id, whole)).toBe("done");
    const ended = await Operation.fromID(ada, id);
    expect(ended).toMatchObject({ state: "completed", done: 200, total: 200 });
    expect((await paths()).every((path) => path.startsWith("new/"))).toBe(true);
    const back = await started(Operation.undo(ada, project, ended.result?.undo ?? { from: 0, to: 0 }));
    await Operations.step(back, whole);
    expect((await paths()).filter((path) => path.startsWith("big/"))).toHaveLength(200);
  });

  test("stops when cancelled and can then be undone", async () => {
    await fill("big", 200);
    const id = await started(Operation.remove(ada, project, { path: "big" }));
    await Operations.step(id, oneCommit());
    const cancelled = await Operation.cancel(ada, id);
    expect(cancelled.state).toBe("cancelled");
    const left = await paths();
    expect(await Operations.step(id, whole)).toBe("done");
    expect(await paths()).toEqual(left);
    const undone = await Operation.undo(ada, project, cancelled.result?.undo ?? { from: 0, to: 0 });
    if (Operation.isStarted(undone)) await Operations.step(undone.operation.id, whole);
    expect(await paths()).toHaveLength(200);
  });

  test("survives two concurrent executions without an error or a lost file", async () => {
    await fill("big", 300);
    const id = await started(Operation.move(ada, project, { path: "big", to: "new" }));
    await Promise.all([Operations.step(id, whole), Operations.step(id, whole)]);
    expect(await state(id)).toBe("completed");
    const found = await paths();
    expect(found).toHaveLength(300);
    expect(found.every((path) => path.startsWith("new/"))).toBe(true);
  });

  test("ends when its caller's guard no longer holds", async () => {
    await fill("big", 200);
    const other = Id.create("project");
    await Table.transact([FileStore.headItem(other)]);
    const { HeadEntity } = await import("../file/file.entity.ts");
    const guard = [Table.checkItem(HeadEntity.get({ projectID: other }), "gen", 1)];
    const operation = await Operation.start(ada, project, { kind: "delete", paths: ["big"] }, { guard });
    const id = operation?.id ?? "";
    await Operations.step(id, oneCommit());
    const left = await paths();
    await HeadEntity.patch({ projectID: other }).set({ gen: 2 }).go();
    expect(await Operations.step(id, whole)).toBe("done");
    expect(await state(id)).toBe("cancelled");
    expect(await paths()).toEqual(left);
  });

  test("records a lasting error, and the sweep still handles the others", async () => {
    await fill("big", 200);
    await fill("other", 200);
    const bad = await started(Operation.move(ada, project, { path: "big", to: "new" }));
    await put("new/150");
    const good = await started(Operation.remove(ada, project, { path: "other" }));
    expect(await Operations.step(bad, whole)).toBe("done");
    const failed = await Operation.fromID(ada, bad);
    expect(failed).toMatchObject({ state: "failed", error: { code: "name_taken" } });
    await Operations.step(good, whole);
    expect(await state(good)).toBe("completed");
    // What it did before it failed can be undone.
    const undone = await Operation.undo(ada, project, failed.result?.undo ?? { from: 0, to: 0 });
    if (Operation.isStarted(undone)) await Operations.step(undone.operation.id, whole);
    expect((await paths()).filter((path) => path.startsWith("big/"))).toHaveLength(200);
  });

  test("is visible to and cancelled by its project's members only", async () => {
    await fill("big", 200);
    const id = await started(Operation.remove(ada, project, { path: "big" }));
    await expect(Operation.fromID(eve, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(Operation.cancel(eve, id)).rejects.toMatchObject({ code: "not_found" });
    expect(await state(id)).toBe("running");
  });

  test("writes nothing to a project that has been removed", async () => {
    await fill("big", 200);
    const id = await started(Operation.remove(ada, project, { path: "big" }));
    await Table.transact([FileStore.removedHeadItem(project)]);
    await Operations.step(id, whole);
    expect(await state(id)).toBe("failed");
    const { metas } = { metas: await FileStore.listMetas(project, 1) };
    expect(metas).toHaveLength(200);
  });
});

describe("a move", () => {
  const deep = Array.from({ length: 4 }, () => "d".repeat(200)).join("/");

  test("that would exceed the path limit is refused before anything moves", async () => {
    await put(`small/${deep}`);
    const far = `${"n".repeat(100)}/small`;
    await expect(Operation.move(ada, project, { path: "small", to: far })).rejects.toMatchObject({
      code: "invalid_path",
    });
    await fill("large", 150);
    await put(`large/${deep}`);
    await expect(Operation.move(ada, project, { path: "large", to: `${"n".repeat(100)}/large` })).rejects.toMatchObject(
      { code: "invalid_path" },
    );
    const copy = File.commit(ada, project, { changes: [{ op: "copy", path: "small", to: far }] });
    await expect(copy).rejects.toMatchObject({ code: "invalid_path" });
    expect(await paths()).toHaveLength(152);
  });
});

describe("a restore", () => {
  test("puts a file where a folder is now, and a folder where a file is now", async () => {
    await put("a", "file");
    await put("b/c", "nested");
    const { rev } = await File.checkpoint(ada, project, "before");
    await Operation.remove(ada, project, { path: "a" });
    await Operation.remove(ada, project, { path: "b" });
    await put("a/b.txt", "now a folder");
    await put("b", "now a file");
    await Operation.restore(ada, project, rev);
    expect(await paths()).toEqual(["a", "b/c"]);
    expect((await File.readText(ada, project, "a")).content).toBe("file");
  });

  test("removes folders that were not there, and brings back those that were", async () => {
    await File.commit(ada, project, { changes: [{ op: "folder", path: "empty" }] });
    const { rev } = await File.checkpoint(ada, project, "before");
    await Operation.remove(ada, project, { path: "empty" });
    await File.commit(ada, project, { changes: [{ op: "folder", path: "empty/new/deep" }] });
    await put("empty/new/file", "x");
    await Operation.restore(ada, project, rev);
    expect(await paths()).toEqual(["empty"]);
  });

  test("keeps concurrent changes and names what it could not restore", async () => {
    await put("a", "file");
    await fill("many", 150);
    const { rev } = await File.checkpoint(ada, project, "before");
    await Operation.remove(ada, project, { path: "a" });
    const removing = await started(Operation.remove(ada, project, { path: "many" }));
    await Operations.step(removing, whole);
    const id = await started(Operation.restore(ada, project, rev));
    await Operations.step(id, oneCommit());
    await put("many/new", "meanwhile");
    await Operations.step(id, whole);
    expect(await state(id)).toBe("completed");
    expect(await paths()).toHaveLength(152);
  });

  test("of a file whose name became a folder keeps the folder and says so", async () => {
    await put("a", "file");
    const { rev } = await File.checkpoint(ada, project, "before");
    await Operation.remove(ada, project, { path: "a" });
    const operation = await Operation.start(ada, project, { kind: "restore", checkpoint: rev, base: 2 });
    await put("a/theirs", "meanwhile");
    await Operations.step(operation?.id ?? "", whole);
    const ended = await Operation.fromID(ada, operation?.id ?? "");
    expect(ended).toMatchObject({ state: "completed", result: { kept: ["a"] } });
    expect(await paths()).toEqual(["a/theirs"]);
  });
});

test("random restores and undos of random trees end in the expected state", async () => {
  const names = ["a", "b", "a/a", "a/b", "b/a", "a/a/a", "b/a/b"];
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 30; round++) {
    const step = async () => {
      const path = names[random(names.length)] ?? "a";
      const action = random(4);
      const change =
        action === 0
          ? Operation.remove(ada, project, { path })
          : action === 1
            ? File.commit(ada, project, { changes: [{ op: "folder", path }] })
            : put(path, String(random(3)));
      await change.catch(() => undefined);
    };
    for (let n = 0; n < 6; n++) await step();
    const before = await snapshot();
    const checkpoint = await File.checkpoint(ada, project, "c").catch(() => undefined);
    const { rev: from } = await FileStore.head(project);
    for (let n = 0; n < 6; n++) await step();
    const { rev: to } = await FileStore.head(project);
    if (to === from || !checkpoint) continue;
    const outcome =
      round % 2 === 0
        ? await Operation.restore(ada, project, checkpoint.rev)
        : await Operation.undo(ada, project, { from, to });
    if (Operation.isStarted(outcome)) await Operations.step(outcome.operation.id, whole);
    expect(await snapshot()).toEqual(before);
  }

  async function snapshot() {
    const { metas } = await FileStore.allMetas(project);
    return metas.map(({ path, kind, hash }) => `${path} ${kind} ${hash}`);
  }
});
