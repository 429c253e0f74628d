import { createHash } from "node:crypto";
import { PullLine, type PushedChange } from "@slipway/contract/routes/sandbox-sync";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startPeers, type Peers } from "../../../../test/support/sandboxes.ts";
import { storageForCore } from "../../../../test/support/storage.ts";

/** The store's side of sync, against real storage. */

let storage: Awaited<ReturnType<typeof storageForCore>>;
let peers: Peers;
let Sync: typeof import("./sandbox-sync.ts");
let Sandbox: typeof import("../sandbox/sandbox.ts");
let Record: typeof import("../sandbox/record.ts");
let Access: typeof import("../sandbox/access.ts");
let File: typeof import("../file/file.ts");
let FileStore: typeof import("../file/system.ts");
let Member: typeof import("../member/member.ts");
let Table: typeof import("../table/table.ts");
let Id: typeof import("../id/id.ts");
let ada: { userID: string };
let project: string;
let access: import("./sandbox-sync.ts").Access;

beforeAll(async () => {
  storage = await storageForCore();
  peers = await startPeers();
  Sync = await import("./sandbox-sync.ts");
  Sandbox = await import("../sandbox/sandbox.ts");
  Record = await import("../sandbox/record.ts");
  Access = await import("../sandbox/access.ts");
  File = await import("../file/file.ts");
  FileStore = await import("../file/system.ts");
  Member = await import("../member/member.ts");
  Table = await import("../table/table.ts");
  Id = await import("../id/id.ts");
  ada = { userID: Id.create("user") };
  let { state } = await Sandbox.launch(ada);
  while (state !== "active") ({ state } = await Sandbox.current(ada));
});
afterAll(async () => {
  await peers.close();
  await storage.remove();
});
beforeEach(async () => {
  project = Id.create("project");
  await Table.transact([
    FileStore.headItem(project),
    Member.createItem({ projectID: project, userID: ada.userID, role: "owner", kind: "project" }),
  ]);
  access = await Sync.open(await tokenFor(project), project);
});

async function tokenFor(projectID: string, epoch?: number): Promise<string> {
  const record = await Record.find(Record.idOf(ada.userID));
  if (!record) throw new Error("no sandbox");
  return Access.tokenFor({ ...record, epoch: epoch ?? record.epoch }, { scope: "sync", projectID }).token;
}

const sha = (content: string | Uint8Array) => createHash("sha256").update(content).digest("base64url").slice(0, 32);
const put = (path: string, text: string, base: string | null = null, mode: "100644" | "100755" = "100644") =>
  ({
    op: "put",
    path,
    base: base === null ? null : sha(base),
    hash: sha(text),
    size: Buffer.byteLength(text),
    mode,
    text,
  }) satisfies PushedChange;
const remove = (path: string, base: string) => ({ op: "delete", path, base: sha(base) }) satisfies PushedChange;
const push = async (...changes: PushedChange[]) => (await Sync.push(access, { gen: 1, changes })).results;
const write = (path: string, content: string, rev?: number) =>
  File.commit(ada, project, { changes: [{ op: "put", path, content, ...(rev === undefined ? {} : { rev }) }] });

/** All pages, as the runner reads them. */
async function pull(since = 0, gen = 1) {
  const files = new Map<string, string>();
  let cursor: string | undefined;
  let pages = 0;
  let head: Extract<PullLine, { type: "head" }> | undefined;
  do {
    pages++;
    const lines = (await Sync.pull(access, { since, gen, cursor })).map((line) => PullLine.parse(line));
    for (const line of lines) {
      if (line.type === "head") head ??= line;
      if (line.type === "gone" || line.type === "folder") files.set(line.path, line.type);
      if (line.type === "file") {
        const content =
          line.text ?? (line.data === undefined ? "" : Buffer.from(line.data, "base64").toString("latin1"));
        files.set(line.path, line.url === undefined ? content : line.url);
      }
    }
    const last = lines.at(-1);
    if (last?.type !== "end") throw new Error("an incomplete page");
    cursor = last.next;
  } while (cursor !== undefined);
  if (!head) throw new Error("no head");
  return { files, pages, ...head };
}

describe("access", () => {
  test("is for the token's project, launch and scope", async () => {
    const refused = { code: "not_signed_in" };
    await expect(Sync.open(undefined, project)).rejects.toMatchObject(refused);
    await expect(Sync.open(await tokenFor(Id.create("project")), project)).rejects.toMatchObject(refused);
    await expect(Sync.open(await tokenFor(project, 7), project)).rejects.toMatchObject(refused);
    const record = await Record.find(Record.idOf(ada.userID));
    const { token } = Access.tokenFor(record ?? { sandboxID: "", epoch: 1 }, { scope: "control", projectID: project });
    await expect(Sync.open(token, project)).rejects.toMatchObject(refused);
    const theirs = Id.create("project");
    await expect(Sync.open(await tokenFor(theirs), theirs)).rejects.toMatchObject({ code: "not_found" });
  });

  test("ends with the launch: a push that comes too late writes nothing", async () => {
    const stale = { ...access, guard: [Record.epochItem({ sandboxID: access.sandboxID, epoch: 99 })] };
    await expect(Sync.push(stale, { gen: 1, changes: [put("late.txt", "x")] })).rejects.toMatchObject({
      code: "not_signed_in",
    });
    expect((await pull()).files.size).toBe(0);
  });
});

describe("a pull", () => {
  test("lists everything first, and then what has changed", async () => {
    await write("a.txt", "one");
    await write("b/c.txt", "two");
    const first = await pull();
    expect(first).toMatchObject({ isWhole: true, gen: 1 });
    expect([...first.files]).toEqual([
      ["a.txt", "one"],
      ["b/c.txt", "two"],
    ]);
    await File.commit(ada, project, { changes: [{ op: "delete", path: "a.txt" }] });
    await write("d.txt", "three");
    const second = await pull(first.rev);
    expect(second.isWhole).toBe(false);
    expect([...second.files]).toEqual([
      ["a.txt", "gone"],
      ["d.txt", "three"],
    ]);
    expect((await pull(second.rev, 9)).isWhole).toBe(true);
  });

  test("comes in pages, and large binaries by address", async () => {
    const large = Buffer.alloc(300_000, 1);
    await FileStore.apply({ projectID: project, writer: access.writer }, [
      {
        op: "store",
        path: "large.bin",
        content: await FileStore.storeBytes(project, Buffer.concat([Buffer.from([0]), large])),
      },
      ...(await Promise.all(
        Array.from({ length: 60 }, async (_, at) => ({
          op: "store" as const,
          path: `many/${at}.txt`,
          content: await FileStore.storeText(project, `${at} `.repeat(40_000)),
        })),
      )),
    ]);
    const { files, pages } = await pull();
    expect(pages).toBeGreaterThan(1);
    expect(files.size).toBe(61);
    const reply = await fetch(files.get("large.bin") ?? "");
    expect((await reply.arrayBuffer()).byteLength).toBe(300_001);
  });
});

describe("a push", () => {
  test("writes, changes, renames and deletes, in the sandbox's name", async () => {
    expect(await push(put("a.sh", "#!/bin/sh\n", null, "100755"), put("b.txt", "b"))).toMatchObject([
      { status: "applied" },
      { status: "applied" },
    ]);
    const { op, path, base, hash, size, mode } = put("moved.txt", "b");
    expect(await push({ op, path, base, hash, size, mode }, remove("b.txt", "b"))).toMatchObject([
      { status: "applied" },
      { status: "applied" },
    ]);
    expect([...(await pull()).files]).toEqual([
      ["a.sh", "#!/bin/sh\n"],
      ["moved.txt", "b"],
    ]);
    const { commits } = await File.changesSince(ada, project, 0);
    expect(commits.map(({ writer }) => writer)).toEqual(commits.map(() => ({ kind: "sync", id: access.sandboxID })));
    // Repeating what was lost on the way changes nothing.
    expect(await push(remove("b.txt", "b"), put("moved.txt", "b"))).toMatchObject([
      { status: "applied" },
      { status: "applied" },
    ]);
  });

  test("never overwrites what the sandbox has not seen", async () => {
    await write("a.txt", "theirs");
    const [result] = await push(put("a.txt", "ours", "before"));
    expect(result).toMatchObject({ status: "stale", current: { type: "file", text: "theirs", hash: sha("theirs") } });
    expect(await push(put("gone.txt", "ours", "before"))).toMatchObject([
      { status: "stale", current: { type: "gone", path: "gone.txt" } },
    ]);
    expect(await push(remove("a.txt", "before"))).toMatchObject([{ status: "stale" }]);
    expect((await pull()).files.get("a.txt")).toBe("theirs");
  });

  test("refuses each bad path by itself, in any request", async () => {
    await write("file", "x");
    const results = await push(
      put("../out", "x"),
      put("/etc/passwd", "x"),
      put(".git/config", "x"),
      put("a\0b", "x"),
      put("file/below", "x"),
      put("fine.txt", "x"),
      { ...put("wrong.txt", "x"), hash: sha("y") },
    );
    expect(results.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 5 }, () => "refused"),
      "applied",
      "refused",
    ]);
    expect([...(await pull()).files.keys()]).toEqual(["file", "fine.txt"]);
  });

  test("asks for bytes that it does not have, by upload when they are large", async () => {
    const content = "x".repeat(3 * 1024 * 1024);
    const { text: _, ...change } = put("large.txt", content);
    const [first] = await push(change);
    if (first?.status !== "unknown" || first.upload === undefined) throw new Error(JSON.stringify(first));
    expect((await fetch(first.upload, { method: "PUT", body: content })).status).toBe(200);
    expect(await push(change)).toMatchObject([{ status: "applied" }]);
    const { text: __, ...small } = put("small.txt", "never seen");
    expect(await push(small)).toEqual([{ status: "unknown" }]);
  });

  test("replaces a folder by a file and a file by a folder", async () => {
    await push(put("one/inner.txt", "1"), put("two", "2"));
    expect(
      await push(remove("one/inner.txt", "1"), put("one", "file"), remove("two", "2"), put("two/inner.txt", "in")),
    ).toMatchObject(Array.from({ length: 4 }, () => ({ status: "applied" })));
    expect([...(await pull()).files]).toEqual([
      ["one", "file"],
      ["two/inner.txt", "in"],
    ]);
  });

  test("of thousands of files is cut into commits, while others write", async () => {
    const texts = Array.from({ length: 250 }, (_, at) => put(`dir/${at}.txt`, `text ${at}`));
    const [results] = await Promise.all([
      push(...texts),
      ...Array.from({ length: 10 }, (_, at) => write(`mine/${at}.txt`, "m")),
    ]);
    expect(results.filter(({ status }) => status === "applied")).toHaveLength(250);
    expect((await pull()).files.size).toBe(260);
  });

  test("of another generation asks for a pull first", async () => {
    await expect(Sync.push(access, { gen: 2, changes: [put("a", "b")] })).rejects.toMatchObject({
      code: "reload_required",
    });
  });
});
