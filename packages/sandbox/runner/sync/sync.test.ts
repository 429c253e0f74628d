import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { StorePeer } from "../../../../test/support/store-peer.ts";
import { Sync } from "./sync.ts";

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Pair {
  store: StorePeer;
  sync: Sync;
  folder: string;
  root: string;
  access: { url: string; token: string };
  /** In the workspace. */
  write(path: string, content: string | Buffer): void;
  read(path: string): string;
  has(path: string): boolean;
}

async function pair(prepare: (store: StorePeer, folder: string) => void = () => undefined): Promise<Pair> {
  const store = await new StorePeer().listen();
  const root = mkdtempSync(join(tmpdir(), "slipway-sync-"));
  const folder = join(root, "workspace");
  mkdirSync(folder);
  prepare(store, folder);
  const sync = newSync(root);
  closing.push(
    () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
    () => store.close(),
    () => sync.close(),
  );
  const access = { url: store.url, token: store.token };
  await sync.open(access);
  return {
    store,
    sync,
    folder,
    root,
    access,
    write(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    },
    read: (path) => readFileSync(join(folder, path), "utf8"),
    has: (path) => existsSync(join(folder, path)),
  };
}

function newSync(root: string): Sync {
  return new Sync({
    projectID: "prj_01KAYE0000000000000000000B",
    folder: join(root, "workspace"),
    state: join(root, "state"),
    incoming: join(root, "incoming"),
    owner: undefined,
    egressSocket: undefined,
    onChange: () => undefined,
  });
}

/** Both sides as path → content. */
function storeFiles(store: StorePeer): Record<string, string> {
  return byName([...store.files].map(([path, { bytes }]) => [path, bytes.toString("latin1")]));
}
function localFiles(folder: string): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = found.map((entry) => join(entry.parentPath, entry.name));
  return byName(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "latin1")]));
}
function byName(entries: [path: string, content: string][]): Record<string, string> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe("pull", () => {
  test("brings everything at first, in pages, and then what has changed", async () => {
    const { store, sync, read, has } = await pair((store) => {
      store.pageLines = 7;
      for (let n = 0; n < 30; n++) store.write(`folder/${n % 4}/file-${n}.txt`, `file ${n}`);
      store.write("run.sh", "#!/bin/sh\n", "100755");
      store.write("large.bin", Buffer.alloc(3_000_000, 7));
      store.write("image.png", Buffer.from([0, 1, 2, 255]));
      store.addFolder("empty");
    });
    expect(read("folder/3/file-7.txt")).toBe("file 7");
    expect(has("empty")).toBe(true);
    store.write("folder/3/file-7.txt", "changed");
    store.remove("run.sh");
    await sync.pullTo(store.rev);
    expect(read("folder/3/file-7.txt")).toBe("changed");
    expect(has("run.sh")).toBe(false);
    expect(sync.info()).toMatchObject({ state: "synced", rev: store.rev, pending: 0 });
  });

  test("a removal from the store takes a file whose mode alone was changed here, and no edited one", async () => {
    const { store, sync, folder, has, write } = await pair((store) => {
      store.write("mode.sh", "#!/bin/sh\n");
      store.write("edited.txt", "one\n");
    });
    // In one cycle with the pull: what is pushed before is no change any more.
    chmodSync(join(folder, "mode.sh"), 0o755);
    write("edited.txt", "two\n");
    store.remove("mode.sh");
    store.remove("edited.txt");
    await sync.settle(store.rev);
    expect(has("mode.sh")).toBe(false);
    expect(store.files.has("mode.sh")).toBe(false);
    expect(store.text("edited.txt")).toBe("two\n");
  });

  test("a large text that the store holds compressed arrives as it was, and so does what follows it", async () => {
    const large = "a line of a large text\n".repeat(30_000);
    const { sync, read } = await pair((store) => {
      store.write("a.txt", "aaa");
      store.write("big.txt", large);
      store.write("z.txt", "z");
    });
    expect([read("a.txt"), read("big.txt"), read("z.txt")]).toEqual(["aaa", large, "z"]);
    expect(sync.info()).toMatchObject({ state: "synced", missing: [] });
  });

  test("line and paragraph separators in a text end no line of the pull", async () => {
    const text = "one\u2028two\u2029three\u0085four\r\nfive\n";
    const { sync, read } = await pair((store) => {
      store.write("separators.txt", text);
      store.write("\u2028name.txt", "z");
    });
    expect([read("separators.txt"), read("\u2028name.txt")]).toEqual([text, "z"]);
    expect(sync.info().state).toBe("synced");
  });

  test("a file that cannot be read is named and retried, and holds up no other", async () => {
    const { store, sync, has, read, write, access } = await pair((store) => {
      store.write("a.txt", "aaa");
      store.write("bad.txt", "x".repeat(400_000));
      store.write("z.txt", "z");
      store.unreadable.add("bad.txt");
    });
    expect([read("a.txt"), has("bad.txt"), read("z.txt")]).toEqual(["aaa", false, "z"]);
    const missing = [{ path: "bad.txt", reason: expect.stringContaining("404") }];
    expect(sync.info()).toMatchObject({ state: "synced", rev: store.rev, missing });
    // Both ways go on, and the file is neither removed from the store nor forgotten.
    store.write("later.txt", "later");
    write("made.txt", "made");
    await sync.settle();
    expect([read("later.txt"), store.text("made.txt")]).toEqual(["later", "made"]);
    expect(sync.info()).toMatchObject({ state: "synced", missing });
    store.unreadable.clear();
    await sync.open(access);
    expect(read("bad.txt")).toBe("x".repeat(400_000));
    expect(sync.info().missing).toEqual([]);
  });

  test("a file made here in place of one that is missing is kept, and nothing is pushed over and over", async () => {
    const { store, sync, write, folder, access } = await pair((store) => {
      store.write("bad.txt", "x".repeat(400_000));
      store.unreadable.add("bad.txt");
    });
    write("bad.txt", "made here");
    await sync.settle();
    const pushes = store.requests.length;
    await sync.settle();
    expect(store.requests.slice(pushes).flatMap(({ changes }) => changes)).toEqual([]);
    store.unreadable.clear();
    await sync.open(access);
    expect(Object.values(localFiles(folder)).toSorted()).toEqual(["made here", "x".repeat(400_000)]);
    expect(storeFiles(store)).toEqual(localFiles(folder));
  });

  test("a file that is missing when the runner ends is brought in by the next one", async () => {
    const { store, sync, root, read, access } = await pair((store) => {
      store.write("bad.txt", "x".repeat(400_000));
      store.write("z.txt", "z");
      store.unreadable.add("bad.txt");
    });
    await sync.close();
    store.unreadable.clear();
    const next = newSync(root);
    closing.push(() => next.close());
    await next.open(access);
    expect(read("bad.txt")).toBe("x".repeat(400_000));
  });

  test("executable bits arrive and go back", async () => {
    const { store, sync, folder } = await pair((store) => store.write("run.sh", "#!/bin/sh\n", "100755"));
    expect(statSync(join(folder, "run.sh")).mode & 0o111).toBe(0o111);
    chmodSync(join(folder, "run.sh"), 0o644);
    await sync.settle();
    expect(store.files.get("run.sh")?.mode).toBe("100644");
  });

  test("a folder that has become a file, and a file that has become a folder", async () => {
    const { store, sync, read } = await pair((store) => {
      store.write("a/inner", "1");
      store.write("b", "2");
    });
    store.remove("a/inner");
    store.write("a", "a file");
    store.remove("b");
    store.write("b/inner", "a folder");
    await sync.settle();
    expect(read("a")).toBe("a file");
    expect(read("b/inner")).toBe("a folder");
    expect(Object.keys(storeFiles(store))).toEqual(["a", "b/inner"]);
  });

  test("never writes through a link of the workspace", async () => {
    const outside = mkdtempSync(join(tmpdir(), "slipway-outside-"));
    closing.push(() => rmSync(outside, { recursive: true, force: true }));
    const { store, sync, folder, read } = await pair();
    symlinkSync(outside, join(folder, "link"));
    symlinkSync(join(outside, "target"), join(folder, "file"));
    store.write("link/inner", "escaped");
    store.write("file", "escaped");
    await sync.settle();
    expect(readdirSync(outside)).toEqual([]);
    expect(read("link/inner")).toBe("escaped");
    expect(lstatSync(join(folder, "file")).isFile()).toBe(true);
  });

  test("a project that was replaced is taken over whole", async () => {
    const { store, sync, has, read } = await pair((store) => {
      store.write("old", "1");
      store.write("kept", "1");
    });
    store.gen = 2;
    for (const path of [...store.files.keys()]) store.remove(path);
    store.write("kept", "2");
    store.write("new", "3");
    store.rev = 1;
    await sync.settle();
    expect([has("old"), read("kept"), read("new")]).toEqual([false, "2", "3"]);
    expect(Object.keys(storeFiles(store))).toEqual(["kept", "new"]);
  });
});

describe("push", () => {
  test("what a program writes is in the store by itself", async () => {
    const { store, write } = await pair();
    write("src/deep/new.txt", "hello");
    await expect.poll(() => store.text("src/deep/new.txt")).toBe("hello");
    write("src/deep/second.txt", "later");
    await expect.poll(() => store.text("src/deep/second.txt")).toBe("later");
  });

  test("edits, removals, renames without their content, empty folders and binaries", async () => {
    const { store, sync, write, folder } = await pair((store) => {
      store.write("a.txt", "a");
      store.write("b.txt", "the content of b");
      store.write("c.txt", "c");
    });
    write("a.txt", "edited");
    renameSync(join(folder, "b.txt"), join(folder, "renamed.txt"));
    unlinkSync(join(folder, "c.txt"));
    mkdirSync(join(folder, "empty"));
    write("data.bin", Buffer.from([0, 255, 1]));
    write("large.bin", Buffer.alloc(2_000_000, 3));
    await sync.settle();
    expect(storeFiles(store)).toEqual(localFiles(folder));
    expect(store.folders.has("empty")).toBe(true);
    const sent = store.requests.flatMap(({ changes }) => changes);
    expect(sent.find(({ path }) => path === "renamed.txt")).not.toHaveProperty("text");
    rmSync(join(folder, "empty"), { recursive: true });
    await sync.settle();
    expect(store.folders.has("empty")).toBe(false);
  });

  test("what is ignored stays: .gitignore, node_modules, .git; but not what the store has", async () => {
    const { store, sync, write, folder } = await pair((store) => {
      store.write("dist/tracked.js", "in the store");
      store.write(".gitignore", "dist/\n*.log\n!keep.log\n");
    });
    write("dist/built.js", "built");
    write("dist/tracked.js", "edited");
    write("a.log", "x");
    write("keep.log", "x");
    write("sub/.gitignore", "*.tmp\n");
    write("sub/a.tmp", "x");
    write("a.tmp", "x");
    write("node_modules/p/index.js", "x");
    write(".git/HEAD", "x");
    await sync.settle();
    expect(Object.keys(storeFiles(store))).toEqual([
      ".gitignore",
      "a.tmp",
      "dist/tracked.js",
      "keep.log",
      "sub/.gitignore",
    ]);
    expect(store.text("dist/tracked.js")).toBe("edited");
    unlinkSync(join(folder, "dist/tracked.js"));
    await sync.settle();
    expect(store.files.has("dist/tracked.js")).toBe(false);
  });

  test("links, large files and names that the store refuses stay, and are listed with the reason", async () => {
    const { store, sync, write, folder } = await pair((store) => store.write("was-a-file", "1"));
    symlinkSync("elsewhere", join(folder, "link"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    write("large", Buffer.alloc(26 * 1024 * 1024));
    write("bad\\name", "x");
    write("-rf", "like an option");
    unlinkSync(join(folder, "was-a-file"));
    symlinkSync("elsewhere", join(folder, "was-a-file"));
    await sync.settle();
    expect(Object.keys(storeFiles(store))).toEqual(["-rf", "was-a-file"]);
    expect(
      sync
        .info()
        .localOnly.map(({ path }) => path)
        .sort(),
    ).toEqual(["bad\\name", "large", "link", "pipe", "was-a-file"]);
    const pushes = store.requests.length;
    await sync.settle();
    expect(store.requests.slice(pushes).flatMap(({ changes }) => changes)).toEqual([]);
  });

  test("a change that the store does not accept at all holds up no other, and neither does a path that is too long", async () => {
    const { store, sync, write } = await pair();
    for (let n = 0; n < 40; n++) write(`file-${n}`, `${n}`);
    write("poison", "x");
    const long = Array.from({ length: 20 }, () => "f".repeat(100)).join("/");
    write(`${long}/deep`, "x");
    await sync.settle();
    expect(store.files.size).toBe(40);
    const { state, localOnly } = sync.info();
    expect(state).toBe("synced");
    expect(localOnly.map(({ reason }) => reason).sort()).toEqual([
      "Its path is longer than 900 bytes.",
      "The store does not accept it (422).",
    ]);
  });

  // Root can read everything.
  if (process.getuid?.() !== 0)
    test("a folder that cannot be read removes nothing from the store", async () => {
      const { store, sync, folder } = await pair((store) => store.write("locked/a", "1"));
      chmodSync(join(folder, "locked"), 0);
      await sync.settle();
      chmodSync(join(folder, "locked"), 0o755);
      expect(store.text("locked/a")).toBe("1");
    });

  test("thousands of changes at once arrive, and ignored files do not", async () => {
    const { store, sync, write, folder } = await pair((store) => store.write("file-0.txt", "0"));
    for (let pack = 0; pack < 20; pack++) {
      mkdirSync(join(folder, `node_modules/p${pack}`), { recursive: true });
      for (let n = 0; n < 100; n++) writeFileSync(join(folder, `node_modules/p${pack}/${n}.js`), "");
    }
    for (let n = 0; n < 1500; n++) write(`src/${n % 50}/file-${n}.txt`, `version 1 of ${n}`);
    await sync.settle();
    expect(store.files.size).toBe(1501);
    // As a checkout of another branch: most change, some go, some come.
    for (let n = 0; n < 1500; n++) {
      if (n % 3 === 0) rmSync(join(folder, `src/${n % 50}/file-${n}.txt`));
      else write(`src/${n % 50}/file-${n}.txt`, `version 2 of ${n}`);
      if (n % 5 === 0) write(`other/${n % 20}/file-${n}.txt`, `new ${n}`);
    }
    await sync.settle();
    rmSync(join(folder, "node_modules"), { recursive: true });
    expect(storeFiles(store)).toEqual(localFiles(folder));
  });
});

describe("when both sides have changed a file", () => {
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`);
  const edited = (at: number, text: string) => lines.with(at, text).join("\n");

  test("texts are merged", async () => {
    const { store, sync, write, read } = await pair((store) => store.write("a.txt", lines.join("\n")));
    write("a.txt", edited(3, "from the sandbox"));
    store.write("a.txt", edited(15, "from a person"));
    await sync.settle();
    const merged = lines.with(3, "from the sandbox").with(15, "from a person").join("\n");
    expect(read("a.txt")).toBe(merged);
    expect(store.text("a.txt")).toBe(merged);
    expect(sync.info().conflicts).toEqual([]);
  });

  test("the store wins in the same lines, and the other version is a file beside it", async () => {
    const { store, sync, write, read, folder } = await pair((store) => store.write("a.txt", lines.join("\n")));
    write("a.txt", edited(3, "from the sandbox"));
    store.write("a.txt", edited(3, "from a person"));
    await sync.settle();
    expect(read("a.txt")).toBe(edited(3, "from a person"));
    const [conflict = ""] = sync.info().conflicts;
    expect(conflict).toMatch(/^a\.txt\.conflict-\d{8}-\d{6}$/);
    expect(store.text(conflict)).toBe(edited(3, "from the sandbox"));
    expect(storeFiles(store)).toEqual(localFiles(folder));
  });

  test("so it is with binaries, and with files that both have made", async () => {
    const { store, sync, write, folder } = await pair((store) => store.write("a.bin", Buffer.from([0, 1])));
    write("a.bin", Buffer.from([0, 2]));
    store.write("a.bin", Buffer.from([0, 3]));
    write("new", "here");
    store.write("new", "there");
    await sync.settle();
    const files = localFiles(folder);
    expect(storeFiles(store)).toEqual(files);
    expect(files["a.bin"]).toBe("\0\u0003");
    expect(files["new"]).toBe("there");
    expect(Object.values(files).sort()).toEqual(["\0\u0002", "\0\u0003", "here", "there"]);
  });

  test("an edit wins over a removal, on either side", async () => {
    const { store, sync, write, read, folder } = await pair((store) => {
      store.write("here", "1");
      store.write("there", "1");
    });
    write("here", "edited");
    store.remove("here");
    store.write("there", "edited");
    rmSync(join(folder, "there"));
    await sync.settle();
    expect([read("here"), read("there")]).toEqual(["edited", "edited"]);
    expect(storeFiles(store)).toEqual(localFiles(folder));
  });

  test("a folder here and a file there: both are kept", async () => {
    const { store, sync, write, read, folder } = await pair();
    write("thing/inner", "here");
    store.write("thing", "there");
    write("other", "here");
    store.write("other/inner", "there");
    await sync.settle();
    expect([read("thing"), read("other/inner")]).toEqual(["there", "there"]);
    expect(storeFiles(store)).toEqual(localFiles(folder));
    expect(Object.values(localFiles(folder)).sort()).toEqual(["here", "here", "there", "there"]);
  });
});

describe("a broken connection", () => {
  test("says so, tries again, and nothing is lost", async () => {
    const { store, sync, write } = await pair();
    store.failures = 1;
    write("a", "1");
    await expect(sync.settle()).rejects.toMatchObject({ code: "sync_failed" });
    await expect.poll(() => sync.info()).toMatchObject({ state: "offline", error: expect.any(String) });
    store.failures = 0;
    await expect.poll(() => store.text("a")).toBe("1");
    await expect.poll(() => sync.info().state).toBe("synced");
  });

  test("access that has ended is renewed by the next open", async () => {
    const { store, sync, write, access } = await pair();
    write("a", "1");
    sync.renew({ ...access, token: "expired" });
    await expect(sync.settle()).rejects.toMatchObject({ message: expect.stringContaining("access") });
    await sync.open(access);
    expect(store.text("a")).toBe("1");
  });

  test("a runner that was killed continues with what it wrote down, or with nothing", async () => {
    for (const hasState of [true, false]) {
      const { store, sync, write, root, folder, access } = await pair((store) => {
        for (let n = 0; n < 50; n++) store.write(`file-${n}`, `${n}`);
      });
      await sync.close();
      write("file-1", "edited while it was down");
      store.write("file-2", "edited by a person");
      if (!hasState) rmSync(join(root, "state"), { recursive: true });
      const next = newSync(root);
      closing.push(() => next.close());
      await next.open(access);
      const files = localFiles(folder);
      expect(storeFiles(store)).toEqual(files);
      expect(Object.values(files)).toContain("edited while it was down");
      expect(files["file-2"]).toBe("edited by a person");
    }
  });
});

/** Deterministic, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test.each([1, 2])("1,000 random edits on both sides at once converge, and none is lost (seed %i)", async (seed) => {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
  const names = Array.from({ length: 40 }, (_, at) => `${["", "src/", "src/deep/", "docs/"][at % 4]}file-${at}.txt`);
  const { store, sync, folder } = await pair((store) => {
    for (const name of names) store.write(name, Array.from({ length: 30 }, (_, at) => `${name} line ${at}\n`).join(""));
  });
  store.failures = 0.05;
  /** Every edit adds a line of its own: it must be somewhere in the end, unless its file was removed after. */
  const added = new Map<string, string>();
  const removed = new Set<string>();
  const edit = (text: string, mark: string) => {
    const lines = text.split("\n");
    lines.splice(Math.floor(next() * lines.length), 0, mark);
    return lines.join("\n");
  };
  const latest: Promise<void>[] = [];
  for (let n = 0; n < 1000; n++) {
    const name = pick(names) ?? "";
    const mark = `edit ${n}`;
    const isRemoval = next() < 0.02;
    if (next() < 0.5) {
      if (isRemoval) {
        for (const [each, path] of added) if (path === name) removed.add(each);
        store.remove(name);
      } else {
        store.write(name, edit(store.text(name) ?? "", mark));
        added.set(mark, name);
      }
    } else {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      if (isRemoval) {
        for (const [each, at] of added) if (at === name) removed.add(each);
        rmSync(path, { force: true });
      } else {
        const text = existsSync(path) ? readFileSync(path, "utf8") : "";
        const content = edit(text, mark);
        // As editors do, and as shells do.
        if (next() < 0.5) writeFileSync(path, content);
        else {
          writeFileSync(`${path}~`, content);
          renameSync(`${path}~`, path);
        }
        added.set(mark, name);
      }
    }
    if (n % 25 === 0) latest.push(sync.settle().catch(() => undefined));
    if (n % 3 === 0) await sleep(1 + next() * 4);
  }
  await Promise.all(latest);
  store.failures = 0;
  await sync.settle();
  await sync.settle();
  const files = localFiles(folder);
  expect(storeFiles(store)).toEqual(files);
  const all = Object.values(files).join("\n").split("\n");
  const found = new Set(all);
  const lost = [...added.keys()].filter((mark) => !found.has(mark) && !removed.has(mark));
  expect(lost).toEqual([]);
});

test.each([1, 2, 3])(
  "files and folders that take each other's names on both sides converge (seed %i)",
  async (seed) => {
    const next = random(seed);
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
    const names = ["a", "b", "c"];
    const paths = names.flatMap((one) => [
      one,
      ...names.flatMap((two) => [`${one}/${two}`, ...names.map((three) => `${one}/${two}/${three}`)]),
    ]);
    const { store, sync, folder } = await pair();
    store.failures = 0.03;
    const isFree = (path: string) =>
      ![...store.files.keys(), ...store.folders.keys()].some((each) => each.startsWith(`${path}/`)) &&
      !path.split("/").some((_, at, all) => at > 0 && store.files.has(all.slice(0, at).join("/")));
    const below = (path: string) =>
      [...store.files.keys()].filter((each) => each === path || each.startsWith(`${path}/`));
    let written = 0;
    for (let round = 0; round < 40; round++) {
      for (let n = 0; n < 6; n++) {
        const path = pick(paths) ?? "";
        const place = join(folder, path);
        const isStore = next() < 0.5;
        const content = `content ${written++}`;
        switch (Math.floor(next() * 4)) {
          case 0:
            if (isStore) for (const each of below(path)) store.remove(each);
            else rmSync(place, { recursive: true, force: true });
            break;
          case 1: {
            const to = pick(paths) ?? "";
            if (isStore || !existsSync(place) || existsSync(join(folder, to)) || `${to}/`.startsWith(`${path}/`)) break;
            try {
              mkdirSync(dirname(join(folder, to)), { recursive: true });
              renameSync(place, join(folder, to));
            } catch {
              // A file is where a folder would have to be.
            }
            break;
          }
          default:
            if (isStore) {
              if (isFree(path) && !store.folders.has(path)) store.write(path, content);
            } else
              try {
                mkdirSync(dirname(place), { recursive: true });
                writeFileSync(place, content);
              } catch {
                // Likewise.
              }
        }
      }
      if (next() < 0.7) await sync.settle().catch(() => undefined);
    }
    store.failures = 0;
    await sync.settle();
    await sync.settle();
    expect(storeFiles(store)).toEqual(localFiles(folder));
    expect(sync.info()).toMatchObject({ state: "synced", pending: 0, localOnly: [] });
  },
);
