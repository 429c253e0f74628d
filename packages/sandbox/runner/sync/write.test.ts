import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";
import { Writer } from "./write.ts";

/** What a program does in the moment before a file is replaced. */
const program = vi.hoisted(() => ({ beforeRename: undefined as (() => void) | undefined }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    renameSync(from: string, to: string) {
      const act = program.beforeRename;
      program.beforeRename = undefined;
      act?.();
      fs.renameSync(from, to);
    },
  };
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function workspace(content: string): { writer: Writer; path: string } {
  const folder = mkdtempSync(join(tmpdir(), "slipway-write-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const root = join(folder, "workspace");
  mkdirSync(root);
  const path = join(root, "style.css");
  writeFileSync(path, content);
  return { writer: new Writer({ root, incoming: join(folder, "incoming"), owner: undefined }), path };
}

/** As watchers of servers do: they look at the file at each event, and ignore the next ones for a while. */
const watching = `
const { statSync, watch } = require("node:fs");
const { parentPort, workerData: path } = require("node:worker_threads");
const versionOf = () => { const { ino, mtimeMs, size } = statSync(path); return [ino, mtimeMs, size].join(); };
let version = versionOf();
function follow() {
  const watched = watch(path, () => {
    const now = versionOf();
    parentPort.postMessage(now === version ? "nothing new" : "new");
    if (now === version) return;
    version = now;
    watched.close();
    follow();
    parentPort.postMessage("ready");
  });
}
follow();
parentPort.postMessage("ready");
`;

test("who watches a file is told of each save once, when its new content is there", async () => {
  const { writer, path } = workspace("save 0");
  const heard: unknown[] = [];
  const worker = new Worker(watching, { eval: true, workerData: path });
  closing.push(() => worker.terminate());
  worker.on("message", (message) => heard.push(message));
  const saves = 30;
  for (let n = 1; n <= saves; n++) {
    await expect.poll(() => heard.filter((each) => each === "ready").length, { interval: 2 }).toBe(n);
    expect(writer.put("style.css", Buffer.from(`save ${n}`), "100644", lstatSync(path))).toBe("done");
  }
  await expect.poll(() => heard.filter((each) => each === "new").length).toBe(saves);
  expect(heard).not.toContain("nothing new");
});

test("what a program writes between the comparison and the replacement comes back", () => {
  const { writer, path } = workspace("one\n");
  chmodSync(path, 0o755);
  const expected = lstatSync(path);
  program.beforeRename = () => appendFileSync(path, "by a program\n");
  expect(writer.put("style.css", Buffer.from("two\n"), "100644", expected)).toBe("changed");
  expect(readFileSync(path, "utf8")).toBe("one\nby a program\n");
  expect(lstatSync(path).mode & 0o777).toBe(0o755);
});

test("what a program writes before the comparison is left alone", async () => {
  const { writer, path } = workspace("one\n");
  const expected = lstatSync(path);
  await sleep(5);
  writeFileSync(path, "by a program\n");
  expect(writer.put("style.css", Buffer.from("two\n"), "100644", expected)).toBe("changed");
  expect(readFileSync(path, "utf8")).toBe("by a program\n");
});
