import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDirectory } from "./lock.ts";

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-lock-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A process of its own that holds the lock. */
async function holder(): Promise<ChildProcess> {
  const source = `import(${JSON.stringify(join(import.meta.dirname, "lock.ts"))}).then(({ lockDirectory }) => {
    lockDirectory(${JSON.stringify(folder)});
    console.log("locked");
    setInterval(() => {}, 1000);
  })`;
  const child = spawn(process.execPath, ["-e", source], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

test("one server holds a folder at a time", () => {
  const unlock = lockDirectory(folder);
  expect(() => lockDirectory(folder)).toThrow(
    `Slipway is already running on ${folder}. Stop it, or set SLIPWAY_DATA to another folder.`,
  );
  unlock();
  lockDirectory(folder)();
});

test("another process is refused until the holder is killed, and not a moment longer", async () => {
  const child = await holder();
  expect(() => lockDirectory(folder)).toThrow("already running");
  child.kill("SIGKILL");
  await once(child, "exit");
  lockDirectory(folder)();
});

test.each([
  ["empty", () => ""],
  ["garbage", () => "\u0000garbage ".repeat(1000)],
  ["the pid of a running program that is not Slipway", () => String(process.ppid)],
])("a lock file that is %s does not block a start", async (_, content) => {
  writeFileSync(join(folder, "lock"), content());
  const child = await holder();
  expect(() => lockDirectory(folder)).toThrow("already running");
  child.kill("SIGKILL");
  await once(child, "exit");
  lockDirectory(folder)();
});
