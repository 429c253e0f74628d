import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collect, projectID, startRunner, type TestRunner } from "../support/runner.ts";
import { StorePeer } from "../support/store-peer.ts";

/** Sync at the size of real work, by the programs that do it. */

let store: StorePeer;
let runner: TestRunner;
beforeAll(async () => {
  store = await new StorePeer().listen();
  runner = await startRunner({}, { entry: join(import.meta.dirname, "../../.build/sandbox/runner.mjs") });
});
afterAll(async () => {
  await runner.stop();
  store.close();
});

/** Writes or removes many files in one process: a shell takes minutes for that. */
const node = (script: string) =>
  `node -e '${`const { mkdirSync, writeFileSync, rmSync } = require("node:fs"); ${script}`.replaceAll("'", `'\\''`)}'`;
const git = "git -c user.name=a -c user.email=a@example.com";

test("a checkout of another branch, thousands of changes at once, beside 40,000 ignored files", async () => {
  const session = runner.control.project(projectID);
  await session.open({ api: { url: store.url, token: store.token } });
  const run = async (call: string, command: string) => {
    const { text, last } = await collect(session.exec({ call, command, timeoutMs: 0 }));
    expect(last, text).toMatchObject({ info: { code: 0 } });
    expect(await session.sync({})).toMatchObject({ state: "synced", pending: 0, conflicts: [] });
  };
  const isEqual = () => {
    const paths = execFileSync("git", ["ls-files", "-z"], { cwd: runner.workspace, encoding: "utf8" }).split("\0");
    const tracked = paths.filter((path) => path !== "").toSorted();
    expect([...store.files.keys()].toSorted()).toEqual(tracked);
    for (const path of tracked)
      expect(store.files.get(path)?.bytes.equals(readFileSync(join(runner.workspace, path))), path).toBe(true);
  };
  const some = (count: number, each: string) => `for (let n = 0; n < ${count}; n++) { ${each} }`;

  const install = `for (let n = 0; n < 400; n++) mkdirSync("node_modules/p" + n, { recursive: true });
    ${some(40_000, 'writeFileSync("node_modules/p" + (n % 400) + "/" + n + ".js", "");')}`;
  await run("install", node(install));
  expect(store.files.size).toBe(0);

  const fill = `for (let n = 0; n < 60; n++) mkdirSync("src/" + n, { recursive: true });
    writeFileSync(".gitignore", "node_modules/\\n");
    ${some(4000, 'writeFileSync("src/" + (n % 60) + "/" + n + ".txt", "main " + n + "\\n");')}`;
  await run("main", `git init -q -b main; ${node(fill)}; git add -A && ${git} commit -qm main`);
  isEqual();

  const change = `mkdirSync("other");
    ${some(3000, 'writeFileSync("src/" + (n % 60) + "/" + n + ".txt", "other " + n + "\\n");')}
    for (let n = 3000; n < 4000; n++) rmSync("src/" + (n % 60) + "/" + n + ".txt");
    ${some(1000, 'writeFileSync("other/" + n + ".txt", "new " + n + "\\n");')}`;
  await run("other", `git checkout -qb other; ${node(change)}; git add -A && ${git} commit -qm other`);
  isEqual();
  await run("back", "git checkout -q main");
  isEqual();
  expect(store.text("src/1/1.txt")).toBe("main 1\n");
  await run("again", "git checkout -q other");
  isEqual();
});
