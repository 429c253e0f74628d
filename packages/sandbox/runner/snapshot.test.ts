import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { socketProtocol, tokenProtocolPrefix, WatchEvent } from "@slipway/contract/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pack } from "tar-stream";
import { fetcher } from "./fetch.ts";
import { restore } from "./restore.ts";
import { snapshot } from "./snapshot.ts";
import type { Compared } from "./sync/sync.ts";
import { StorePeer } from "../../../test/support/store-peer.ts";
import { collect, projectID, startRunner } from "../../../test/support/runner.ts";

/** Objects by path, as at a presigned address. */
const objects = new Map<string, Buffer>();
let server: Server;
let url: string;
let root: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const path = request.url ?? "";
      if (request.method === "PUT") objects.set(path, Buffer.concat(parts));
      const found = objects.get(path);
      response.writeHead(found ? 200 : 404).end(request.method === "GET" ? found : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
});
afterAll(() => server.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "slipway-snapshot-"));
  return () => rmSync(root, { recursive: true, force: true });
});

const fetch = fetcher(undefined);
function folder(name: string): string {
  mkdirSync(join(root, name));
  return join(root, name);
}
const take = (from: string, compare: (path: string) => Compared = () => "local") =>
  snapshot({ folder: from, scratch: join(root, "scratch"), compare, fetch, url: `${url}/one` });
const bring = (to: string, name = "one") => restore({ folder: to, owner: undefined, fetch, url: `${url}/${name}` });

test("what sync leaves comes back: contents, modes, links, empty folders, times", async () => {
  const from = folder("from");
  mkdirSync(join(from, "node_modules/.bin"), { recursive: true });
  mkdirSync(join(from, ".git/refs"), { recursive: true });
  writeFileSync(join(from, "node_modules/tool.js"), "#!/usr/bin/env node\n", { mode: 0o755 });
  writeFileSync(join(from, "node_modules/large"), Buffer.alloc(5_000_000, 9));
  symlinkSync("../tool.js", join(from, "node_modules/.bin/tool"));
  symlinkSync("/usr/bin/python3", join(from, "python"));
  writeFileSync(join(from, "synced.txt"), "in the store");
  writeFileSync(join(from, "-rf"), "like an option");
  execFileSync("mkfifo", [join(from, "pipe")]);
  expect(await take(from, (path) => (path === "synced.txt" ? "synced" : "local"))).toMatchObject({
    files: 5,
    skipped: 1,
  });
  expect(readdirSync(root)).not.toContain("scratch");

  const to = folder("to");
  expect(await bring(to)).toMatchObject({ files: 5, skipped: 0 });
  expect(existsSync(join(to, "synced.txt"))).toBe(false);
  expect(readFileSync(join(to, "node_modules/large")).equals(Buffer.alloc(5_000_000, 9))).toBe(true);
  expect(statSync(join(to, "node_modules/tool.js")).mode & 0o777).toBe(0o755);
  expect(readlinkSync(join(to, "node_modules/.bin/tool"))).toBe("../tool.js");
  expect(readlinkSync(join(to, "python"))).toBe("/usr/bin/python3");
  expect(statSync(join(to, ".git/refs")).isDirectory()).toBe(true);
  const time = (path: string) => Math.floor(statSync(path).mtimeMs / 1000);
  expect(time(join(to, "-rf"))).toBe(time(join(from, "-rf")));
  // Again: nothing is replaced.
  writeFileSync(join(to, "-rf"), "edited since");
  await bring(to);
  expect(readFileSync(join(to, "-rf"), "utf8")).toBe("edited since");
});

describe("a hostile archive", () => {
  interface Planted {
    name: string;
    type?: "file" | "symlink" | "link" | "character-device" | "directory" | "fifo";
    linkname?: string;
    content?: string;
  }
  async function plant(entries: Planted[]): Promise<void> {
    const archive = pack();
    for (const { name, type = "file", linkname, content = "hostile" } of entries)
      archive.entry({ name, type, ...(linkname === undefined ? {} : { linkname }) }, type === "file" ? content : "");
    archive.finalize();
    const parts: Buffer[] = [];
    for await (const part of archive as AsyncIterable<Buffer>) parts.push(part);
    objects.set("/hostile", zstdCompressSync(Buffer.concat(parts)));
  }

  test.each<[string, Planted[]]>([
    ["a path above", [{ name: "../escaped" }]],
    ["a path above, deep", [{ name: "a/../../escaped" }]],
    ["an absolute path", [{ name: "/tmp/slipway-escaped" }]],
    ["a link above, and a file through it", [{ name: "l", type: "symlink", linkname: ".." }, { name: "l/escaped" }]],
    ["an absolute link", [{ name: "l", type: "symlink", linkname: "/tmp" }, { name: "l/slipway-escaped" }]],
    [
      "a link that leaves by a system folder",
      [{ name: "l", type: "symlink", linkname: "/usr/../tmp" }, { name: "l/slipway-escaped" }],
    ],
    ["a deep link that leaves", [{ name: "a/b/l", type: "symlink", linkname: "../../../escaped" }]],
    ["a hard link", [{ name: "l", type: "link", linkname: "/etc/passwd" }]],
    ["a device", [{ name: "d", type: "character-device" }]],
    ["a pipe", [{ name: "p", type: "fifo" }]],
  ])("with %s leaves nothing outside", async (_what, entries) => {
    const to = folder("to");
    await plant([...entries, { name: "good", content: "good" }]);
    expect((await bring(to, "hostile")).skipped).toBeGreaterThan(0);
    expect(readFileSync(join(to, "good"), "utf8")).toBe("good");
    expect(readdirSync(root)).toEqual(["to"]);
    expect(existsSync("/tmp/slipway-escaped")).toBe(false);
  });

  test("does not write through a link that is inside", async () => {
    const to = folder("to");
    await plant([
      { name: "real", type: "directory" },
      { name: "l", type: "symlink", linkname: "real" },
      { name: "l/inner" },
    ]);
    expect(await bring(to, "hostile")).toMatchObject({ skipped: 1 });
    expect(readdirSync(join(to, "real"))).toEqual([]);
    expect(lstatSync(join(to, "l")).isSymbolicLink()).toBe(true);
  });

  test("that is cut, or none at all, is refused with the reason", async () => {
    const to = folder("to");
    await plant([{ name: "good", content: "x".repeat(200_000) }]);
    const whole = objects.get("/hostile") ?? Buffer.alloc(0);
    objects.set("/cut", zstdCompressSync(zstdDecompressSync(whole).subarray(0, 100_000)));
    objects.set("/broken", whole.subarray(0, whole.length - 10));
    objects.set("/noise", Buffer.from("this is no archive"));
    for (const name of ["cut", "broken", "noise", "absent"])
      await expect(bring(to, name)).rejects.toMatchObject({ name: "Failure", code: "sync_failed" });
  });
});

test("a sandbox that stops leaves a snapshot, and the next one has everything again", async () => {
  const store = await new StorePeer().listen();
  const api = { url: store.url, token: store.token };
  store.write(".gitignore", "build/\n");
  const first = await startRunner();
  const session = first.control.project(projectID);
  await session.open({ api, snapshotTo: `${url}/last` });
  const command =
    "mkdir -p node_modules/left build; echo module > node_modules/left/index.js; echo built > build/out; echo mine > mine.txt; git init -q";
  await collect(session.exec({ call: "a", command }));
  await first.control.stop();
  expect(await first.exited).toBe(0);
  expect(store.text("mine.txt")).toBe("mine\n");
  expect(objects.has("/last")).toBe(true);

  const second = await startRunner();
  const next = second.control.project(projectID);
  // A command waits for what it needs.
  await next.open({ api, snapshot: `${url}/last`, wait: false });
  const { text } = await collect(
    next.exec({ call: "a", command: "cat node_modules/left/index.js build/out mine.txt; git status --short" }),
  );
  expect(text).toBe("module\nbuilt\nmine\n?? .gitignore\n?? mine.txt\n?? node_modules/\n");
  await next.sync({});
  expect([...store.files.keys()].sort()).toEqual([".gitignore", "mine.txt"]);
  const third = await startRunner();
  const without = third.control.project(projectID);
  expect(await without.open({ api, snapshot: `${url}/absent` })).toMatchObject({
    state: "synced",
    error: expect.stringContaining("could not be restored"),
  });
  expect((await collect(without.exec({ call: "a", command: "cat mine.txt" }))).text).toBe("mine\n");
  for (const runner of [first, second, third]) await runner.stop();
  store.close();
});

test("what cannot be kept over a stop is said before it, and again at the next start", async () => {
  const store = await new StorePeer().listen();
  const api = { url: store.url, token: store.token };
  const first = await startRunner();
  const session = first.control.project(projectID);
  await session.open({ api, snapshotTo: `${url}/odd` });
  const command = [
    "mkdir -p node_modules/deep; mkfifo pipe node_modules/deep/pipe",
    "ln -s /etc/passwd outward; ln -s kept inward; ln -s /usr/bin/node node_modules/node; touch kept",
    "mkdir $'bad-\\xff'; echo odd > $'bad-\\xff/file-\\xfe'; ln -s kept $'link-\\xfd'",
  ].join("; ");
  await collect(session.exec({ call: "a", command }));
  const { localOnly } = await session.sync({});
  const reasonOf = (path: RegExp) => localOnly.find((each) => path.test(each.path))?.reason;
  for (const path of [/^pipe$/, /^outward$/]) expect(reasonOf(path)).toContain("not kept when the sandbox stops");
  expect(reasonOf(/^bad-/)).toContain("not valid text");
  expect(reasonOf(/^inward$/)).toBe("Links stay in the sandbox.");
  await first.control.stop();
  expect(await first.exited).toBe(0);

  const second = await startRunner();
  const next = second.control.project(projectID);
  await next.open({ api, snapshot: `${url}/odd` });
  const look = "ls -d [ikn]*; ls node_modules; readlink inward; cat $'bad-\\xff/file-\\xfe'; readlink $'link-\\xfd'";
  const { text } = await collect(next.exec({ call: "a", command: look }));
  expect(text).toBe("inward\nkept\nnode_modules\ndeep\nnode\nkept\nodd\nkept\n");
  const socket = new WebSocket(`${second.url.replace("http", "ws")}/watch`, [
    socketProtocol,
    `${tokenProtocolPrefix}${second.token({ scope: "watch" })}`,
  ]);
  const state = await new Promise<string>((resolve) =>
    socket.addEventListener("message", ({ data }) => resolve(String(data))),
  );
  socket.close();
  const [notice] = WatchEvent.parse(JSON.parse(state)).notices;
  expect(notice?.message).toMatch(
    /^Not kept when the sandbox last stopped: (?=.*"pipe")(?=.*"outward")(?=.*deep\/pipe).*\.$/,
  );
  for (const runner of [first, second]) await runner.stop();
  store.close();
});

test("nothing is kept once that was said, not even what was on its way", async () => {
  const store = await new StorePeer().listen();
  const begun = Promise.withResolvers<IncomingMessage>();
  const ended = Promise.withResolvers<boolean>();
  const slow = createServer((request) => {
    request.once("data", () => {
      request.pause();
      begun.resolve(request);
    });
    request.socket.once("close", () => ended.resolve(request.complete));
  });
  await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
  const address = slow.address();
  const to = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;
  const runner = await startRunner();
  const session = runner.control.project(projectID);
  await session.open({ api: { url: store.url, token: store.token }, snapshotTo: `${url}/forgotten` });
  const command = "mkdir node_modules; head -c 30M /dev/urandom > node_modules/large; echo pushed > pushed.txt";
  await collect(session.exec({ call: "a", command }));
  await session.beginSnapshot(to);
  const upload = await begun.promise;
  await session.open({ snapshotTo: null, wait: false });
  // One that does not read hears of no end.
  upload.resume();
  expect(await ended.promise).toBe(false);
  await expect(session.snapshot(`${url}/forgotten`)).rejects.toMatchObject({ code: "refused" });
  // A sweep that knows nothing of it renews the access.
  await session.open({ snapshotTo: `${url}/forgotten`, wait: false });
  await runner.control.stop();
  expect(await runner.exited).toBe(0);
  expect(objects.has("/forgotten")).toBe(false);
  expect(store.text("pushed.txt")).toBe("pushed\n");
  expect(readdirSync(join(runner.folder, "state"))).toEqual([]);
  await runner.stop();
  slow.close();
  store.close();
});

test("edits that could not be pushed come back with the snapshot, and reach the store", async () => {
  const store = await new StorePeer().listen();
  const api = { url: store.url, token: store.token };
  for (const name of ["edited.txt", "grown.txt", "both.txt", "same.txt"]) store.write(name, "from the store\n");
  const first = await startRunner();
  const session = first.control.project(projectID);
  await session.open({ api, snapshotTo: `${url}/edits` });
  // The store takes nothing more from this sandbox.
  await session.sync({ api: { ...api, token: "expired" } }).catch(() => undefined);
  const command = "for f in edited both same; do echo mine > $f.txt; done; head -c 26M /dev/zero > grown.txt";
  await collect(session.exec({ call: "a", command }));
  await first.control.stop();
  await first.exited;
  expect(store.text("edited.txt")).toBe("from the store\n");
  store.write("both.txt", "theirs\n");
  store.write("same.txt", "mine\n");

  const second = await startRunner();
  const next = second.control.project(projectID);
  await next.open({ api, snapshot: `${url}/edits` });
  await next.sync({});
  expect(store.text("edited.txt")).toBe("mine\n");
  expect(store.text("both.txt")).toBe("theirs\n");
  const conflicts = [...store.files.keys()].filter((path) => path.includes(".conflict-"));
  expect(conflicts).toEqual([expect.stringMatching(/^both\.txt\.conflict-/)]);
  expect(store.text(conflicts[0] ?? "")).toBe("mine\n");
  expect(statSync(join(second.workspace, "grown.txt")).size).toBe(26 * 1024 ** 2);
  expect(store.text("grown.txt")).toBe("from the store\n");
  for (const runner of [first, second]) await runner.stop();
  store.close();
});
