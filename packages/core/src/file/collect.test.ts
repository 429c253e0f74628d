import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

let storage: Awaited<ReturnType<typeof storageForCore>>;
let File: typeof import("./file.ts");
let FileStore: typeof import("./system.ts");
let Operation: typeof import("../operation/operation.ts");
let Member: typeof import("../member/member.ts");
let Table: typeof import("../table/table.ts");
let Id: typeof import("../id/id.ts");
let Clock: typeof import("../clock/clock.ts");
let Rows: typeof import("./file.entity.ts");
const ada = { userID: "usr_ada" };
const day = 86_400_000;
let project: string;
let days = 0;

beforeAll(async () => {
  storage = await storageForCore();
  File = await import("./file.ts");
  FileStore = await import("./system.ts");
  Operation = await import("../operation/operation.ts");
  Member = await import("../member/member.ts");
  Table = await import("../table/table.ts");
  Id = await import("../id/id.ts");
  Clock = await import("../clock/clock.ts");
  Rows = await import("./file.entity.ts");
});
afterAll(() => storage.remove());
beforeEach(async () => {
  days = 0;
  Clock.hold(() => Date.now() + days * day);
  project = Id.create("project");
  await Table.transact([
    FileStore.headItem(project),
    Member.createItem({ projectID: project, userID: ada.userID, role: "owner", kind: "project" }),
  ]);
});

const put = async (path: string, content: string) => {
  const rev = (await File.list(ada, project)).files.find((file) => file.path === path)?.rev;
  return File.commit(ada, project, { changes: [{ op: "put", path, content, ...(rev ? { rev } : {}) }] });
};
const collect = (named: readonly string[] = []) =>
  FileStore.collect(project, { history: 90 * day, named: new Set(named) });
const noise = (length: number) =>
  Array.from({ length }, () => String.fromCharCode(33 + Math.floor(Math.random() * 90))).join("");
async function contents(hashes: readonly string[]): Promise<boolean[]> {
  return Promise.all(
    hashes.map(async (hash) => (await Rows.BlobEntity.get({ projectID: project, hash }).go()).data !== null),
  );
}
const hashOf = async (path: string) => (await File.versionsNow(ada, project, [path])).get(path)?.hash ?? "";

test("what files replaced is removed two passes after its history has expired, and nothing that is still named", async () => {
  await put("a.txt", "first");
  await put("kept.txt", "kept");
  const old = await hashOf("a.txt");
  await put("a.txt", "second");
  const [now, kept] = [await hashOf("a.txt"), await hashOf("kept.txt")];
  await FileStore.storeText(project, "accepted");
  days = 91;
  await put("b.txt", "new");
  expect(await collect()).toEqual({ expired: 3, removed: 0 });
  expect(await contents([old, now, kept])).toEqual([true, true, true]);
  days = 98;
  expect(await collect()).toEqual({ expired: 0, removed: 1 });
  expect(await contents([old, now, kept])).toEqual([false, true, true]);
  expect((await File.readText(ada, project, "a.txt")).content).toBe("second");
  expect(await collect()).toEqual({ expired: 0, removed: 0 });
});

test("contents of a checkpoint, of another noun, and contents that were stored again stay", async () => {
  await put("a.txt", "in the checkpoint");
  await File.checkpoint(ada, project, "keep");
  const first = await hashOf("a.txt");
  await put("a.txt", "named elsewhere");
  const second = await hashOf("a.txt");
  await put("a.txt", "stored again");
  const third = await hashOf("a.txt");
  await put("a.txt", "last");
  days = 91;
  await collect([second]);
  days = 98;
  await put("again.txt", "stored again");
  await collect([second]);
  expect(await contents([first, second, third])).toEqual([true, true, true]);
  expect((await File.readText(ada, project, "again.txt")).content).toBe("stored again");
});

test("large contents go from S3, and one that is stored while it is collected is whole afterwards", async () => {
  const large = noise(200_000);
  await put("large.txt", large);
  await put("large.txt", noise(200_000));
  days = 91;
  await put("other.txt", "x");
  await collect();
  days = 98;
  const [, stored] = await Promise.all([
    collect(),
    File.commit(ada, project, { changes: [{ op: "put", path: "back.txt", content: large }] }),
  ]);
  expect(stored.rev).toBeGreaterThan(0);
  expect((await File.readText(ada, project, "back.txt")).content === large).toBe(true);
});

test("a cursor, a review and an undo that reach back before the kept history are told so", async () => {
  await put("a.txt", "1");
  await put("a.txt", "2");
  days = 91;
  const { rev } = await put("a.txt", "3");
  await collect();
  expect(await File.changesSince(ada, project, 0)).toMatchObject({ reload: true, commits: [] });
  expect(await File.changesSince(ada, project, rev - 1)).toMatchObject({ reload: false });
  expect(await File.changesSince(ada, project, rev)).toMatchObject({ reload: false, commits: [] });
  await expect(Operation.undo(ada, project, { from: 0, to: rev })).rejects.toMatchObject({ code: "conflict" });
  const undone = await Operation.undo(ada, project, { from: rev - 1, to: rev });
  expect(Operation.isStarted(undone)).toBe(false);
  expect((await File.readText(ada, project, "a.txt")).content).toBe("2");
});
