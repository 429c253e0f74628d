import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SandboxSession } from "../src/session.ts";
import {
  collect,
  isAlive,
  otherProjectID,
  projectID,
  startRunner,
  type TestRunner,
} from "../../../test/support/runner.ts";

let runner: TestRunner;
let session: SandboxSession;
beforeAll(async () => {
  runner = await startRunner();
  session = runner.control.project(projectID);
  await session.open({});
});
afterAll(() => runner.stop());

let calls = 0;
const call = () => `call-${++calls}`;
const run = (command: string, more: object = {}) => collect(session.exec({ call: call(), command, ...more }));

test("runs a command in the workspace and says how it ended", async () => {
  const { text, last } = await run("pwd; echo out; echo err >&2; exit 3");
  expect(text).toBe(`${runner.workspace}\nout\nerr\n`);
  expect(last).toMatchObject({ type: "exit", info: { code: 3, signal: null, reason: "exited", alive: 0 } });
});

test("says which signal ended a command", async () => {
  const { last } = await run("kill -SEGV $$");
  expect(last).toMatchObject({ type: "exit", info: { code: null, signal: "SIGSEGV", reason: "exited" } });
});

test("a command has no input, and only its own environment", async () => {
  const { text } = await run("cat; env", { env: { SECRET: "only here" } });
  expect(text).toContain("SECRET=only here");
  expect(text).not.toMatch(/SLIPWAY_(?!CALL)/);
  expect((await run("env")).text).not.toContain("SECRET");
});

test("starting a call twice attaches to the first", async () => {
  const id = call();
  const command = "echo started >> count; sleep 0.2; echo done";
  const both = await Promise.all([1, 2].map(() => collect(session.exec({ call: id, command }))));
  expect(both.map(({ text }) => text)).toEqual(["done\n", "done\n"]);
  expect(readFileSync(join(runner.workspace, "count"), "utf8")).toBe("started\n");
  expect((await collect(session.exec({ call: id, command: "echo other" }))).text).toBe("done\n");
});

test("attaches at an offset, to a command that runs and to one that has ended", async () => {
  const id = call();
  const first = session.exec({
    call: id,
    command: "printf 0123456789; until [ -e go ]; do sleep 0.05; done; printf abc",
  });
  for await (const frame of first) if (frame.type === "output") break;
  const rest = collect(session.attach(id, 4));
  writeFileSync(join(runner.workspace, "go"), "");
  expect((await rest).text).toBe("456789abc");
  expect((await collect(session.attach(id, 11))).text).toBe("bc");
  expect(Buffer.from(await session.output(id, 2, 5)).toString()).toBe("234");
});

test("a reader that leaves does not end the command", async () => {
  const id = call();
  for await (const frame of session.exec({ call: id, command: "sleep 0.3; touch survived" }))
    if (frame.type === "started") break;
  await expect.poll(() => existsSync(join(runner.workspace, "survived"))).toBe(true);
  const ended = async () => (await session.commands()).find((each) => each.call === id);
  await expect.poll(ended).toMatchObject({ code: 0 });
});

test("ends a command at its time limit, with everything that it started", async () => {
  const { last } = await run("sleep 1000 & echo $! > sleeper; wait", { timeoutMs: 300 });
  expect(last).toMatchObject({ info: { reason: "timeout" } });
  expect(isAlive(Number(readFileSync(join(runner.workspace, "sleeper"), "utf8")))).toBe(false);
});

describe("killing a command ends", () => {
  test.each([
    ["children of its own session", "setsid sleep 1000 & echo $! > pid"],
    ["a double fork", "(setsid sh -c 'sleep 1000 & echo $! > pid' &)"],
    ["one with a cleared environment", "(env -i setsid sh -c 'sleep 1000 & echo $! > pid' &)"],
    ["one that ignores signals", "sh -c 'trap \"\" TERM INT HUP QUIT; echo $$ > pid; while :; do sleep 1; done'"],
    ["one that is stopped", "sh -c 'echo $$ > pid; kill -STOP $$'"],
  ])("%s", async (_what, command) => {
    const id = call();
    const folder = `kill-${id}`;
    const stream = collect(
      session.exec({ call: id, command: `mkdir ${folder}; cd ${folder}; ${command}; sleep 1000` }),
    );
    const file = join(runner.workspace, folder, "pid");
    await expect.poll(() => (existsSync(file) ? readFileSync(file, "utf8") : "")).toMatch(/^\d+\n$/);
    const pid = Number(readFileSync(file, "utf8"));
    expect(isAlive(pid)).toBe(true);
    expect(await session.kill(id)).toMatchObject({ reason: "killed", alive: 0 });
    expect(isAlive(pid)).toBe(false);
    expect((await stream).last).toMatchObject({ type: "exit", info: { reason: "killed" } });
  });

  test("one that has killed what adopts its orphans", async () => {
    const id = call();
    const { last } = await collect(
      session.exec({ call: id, command: "sleep 1000 & echo $! > adopted; kill -9 $PPID; sleep 1000" }),
    );
    expect(last).toMatchObject({ info: { code: null, signal: "SIGKILL" } });
    const pid = Number(readFileSync(join(runner.workspace, "adopted"), "utf8"));
    expect(isAlive(pid)).toBe(true);
    expect(await session.kill(id)).toMatchObject({ alive: 0 });
    expect(isAlive(pid)).toBe(false);
  });

  test("hundreds that start each other anew", async () => {
    const id = call();
    // Bounded: 400 in all, each of which starts two more as long as there are names left.
    writeFileSync(
      join(runner.workspace, "bomb.sh"),
      'trap "" TERM; for i in 1 2; do n=$(mktemp bomb/XXXXXX); [ $(ls bomb | wc -l) -lt 400 ] && setsid sh bomb.sh & done; sleep 1000',
    );
    const stream = collect(session.exec({ call: id, command: "mkdir bomb; sh bomb.sh" }));
    const bomb = join(runner.workspace, "bomb");
    await expect.poll(() => existsSync(bomb) && readdirSync(bomb).length > 100).toBe(true);
    expect(await session.kill(id)).toMatchObject({ alive: 0 });
    await stream;
    const left = readdirSync("/proc").filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8").includes("bomb.sh");
      } catch {
        return false;
      }
    });
    expect(left).toEqual([]);
  });
});

test("what a command leaves running is listed, its output kept, and it can be killed", async () => {
  const id = call();
  const { last } = await collect(
    session.exec({ call: id, command: "(while :; do echo tick; sleep 0.05; done) & echo $! > ticker; echo main" }),
  );
  expect(last).toMatchObject({ info: { code: 0, reason: "exited" } });
  const pid = Number(readFileSync(join(runner.workspace, "ticker"), "utf8"));
  const info = async () => (await session.commands()).find((each) => each.call === id);
  const before = (await info())?.total ?? 0;
  await expect.poll(async () => (await info())?.total).toBeGreaterThan(before);
  expect((await info())?.alive).toBeGreaterThan(0);
  await session.kill(id);
  expect(isAlive(pid)).toBe(false);
  expect(await info()).toMatchObject({ code: 0, reason: "exited", alive: 0 });
});

test("a flood is streamed within bounds, kept up to a limit, and its end is there", async () => {
  const id = call();
  const command = "head -c 1G /dev/zero | tr '\\0' x; echo; echo the end";
  const { text, last } = await collect(session.exec({ call: id, command }));
  expect(last).toMatchObject({ info: { code: 0, total: 1024 ** 3 + 9 } });
  expect(text.length).toBeLessThan(1.3 * 1024 * 1024);
  expect(text.endsWith("x\nthe end\n")).toBe(true);
  expect((await session.output(id, 60 * 1024 * 1024, 60 * 1024 * 1024 + 10)).byteLength).toBe(10);
  expect((await session.output(id, 500 * 1024 * 1024, 500 * 1024 * 1024 + 10)).byteLength).toBe(0);
  const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${runner.process.pid}/status`, "utf8"))?.[1];
  expect(Number(memory)).toBeLessThan(400 * 1024);
});

test("binary output arrives as it is", async () => {
  const { frames } = await run("head -c 100000 /dev/urandom | tee bytes");
  const parts = frames.flatMap((frame) => (frame.type === "output" ? [Buffer.from(frame.data, "base64")] : []));
  expect(Buffer.concat(parts).equals(readFileSync(join(runner.workspace, "bytes")))).toBe(true);
});

test("files that are named like options are files", async () => {
  const { text } = await run("echo found > ./-rf; cat ./-rf; ls");
  expect(text).toContain("found");
  expect(Buffer.from(await session.readFile("-rf")).toString()).toBe("found\n");
});

test("a folder outside the workspace, or behind a link, is no place to run or read", async () => {
  await run("ln -s /etc link; ln -s /etc/passwd secret; mkfifo pipe");
  for (const cwd of ["..", "/etc", "link", "a/../..", "missing"]) {
    const { last } = await run("pwd", { cwd });
    expect(last).toMatchObject({ type: "error" });
  }
  for (const path of ["../x", "/etc/passwd", "link/passwd", "secret", "pipe", "", "missing"])
    await expect(session.readFile(path)).rejects.toMatchObject({ name: "SandboxError" });
  expect((await session.listFolder("")).entries).toContainEqual({ path: "link", kind: "link", size: 0 });
  await expect(session.listFolder("link")).rejects.toMatchObject({ code: "not_found" });
});

// Only a runner that may change its user can give each workspace one.
if (process.getuid?.() === 0)
  test("each workspace has a user of its own, who cannot read the others'", async () => {
    const separate = await startRunner({ SLIPWAY_FIRST_UID: "61000" });
    try {
      const [mine, theirs] = [projectID, otherProjectID].map((id) => separate.control.project(id));
      if (!mine || !theirs) throw new Error("no projects");
      await mine.open({});
      await theirs.open({});
      const id = await collect(
        mine.exec({ call: "id", command: 'id -u; id -G; echo private > secret; mkdir "$HOME/x" && echo home' }),
      );
      expect(id.text).toBe("61000\n61000\nhome\n");
      const other = await collect(
        theirs.exec({
          call: "look",
          command: `id -u; cat ../${projectID}/secret; ls ${separate.folder}/state; kill -0 ${separate.process.pid}; echo done`,
        }),
      );
      expect(other.text).toMatch(/^61001\n(?:.*(?:Permission denied|not permitted).*\n){3}done\n$/);
      expect(Buffer.from(await mine.readFile("secret")).toString()).toBe("private\n");
      await mine.openTerminal({ id: "t" });
      await expect.poll(async () => (await mine.terminals()).map(({ title }) => title)).toEqual(["bash"]);
      const long = mine.exec({ call: "long", command: "setsid sleep 1000 & echo $!; sleep 1000" });
      for await (const frame of long) if (frame.type === "output") break;
      expect(await mine.kill("long")).toMatchObject({ alive: 0 });
    } finally {
      await separate.stop();
    }
  });
