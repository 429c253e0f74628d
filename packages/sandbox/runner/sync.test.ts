import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { socketProtocol, tokenProtocolPrefix } from "@slipway/contract/sandbox";
import { WebSocket } from "ws";
import { StorePeer } from "../../../test/support/store-peer.ts";
import { collect, projectID, startRunner, type TestRunner } from "../../../test/support/runner.ts";

/** Sync as the control plane meets it: through the runner's requests. */

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function store(): Promise<StorePeer> {
  const peer = await new StorePeer().listen();
  closing.push(() => peer.close());
  return peer;
}

async function start(...how: Parameters<typeof startRunner>): Promise<TestRunner> {
  const runner = await startRunner(...how);
  closing.push(() => runner.stop());
  return runner;
}

test("a command sees what was typed before it, and what it writes is in the store", async () => {
  const peer = await store();
  peer.write("greeting.txt", "hello");
  const runner = await start();
  const session = runner.control.project(projectID);
  expect(await session.open({ api: { url: peer.url, token: peer.token } })).toMatchObject({ state: "synced", rev: 1 });
  peer.write("greeting.txt", "typed just now");
  const { text } = await collect(
    session.exec({ call: "a", command: "cat greeting.txt; echo made > made.txt", rev: peer.rev }),
  );
  expect(text).toBe("typed just now");
  await expect.poll(() => peer.text("made.txt")).toBe("made\n");
  await collect(session.exec({ call: "b", command: "rm made.txt" }));
  expect(await session.sync({})).toMatchObject({ state: "synced", pending: 0 });
  expect(peer.files.has("made.txt")).toBe(false);
});

test("a command that needs a revision which cannot be had fails, and does not run", async () => {
  const peer = await store();
  const runner = await start();
  const session = runner.control.project(projectID);
  await session.open({ api: { url: peer.url, token: peer.token } });
  const { last } = await collect(session.exec({ call: "a", command: "touch ran", rev: 99 }));
  expect(last).toMatchObject({ type: "error", error: { code: "sync_failed" } });
  expect(existsSync(join(runner.workspace, "ran"))).toBe(false);
});

test("a browser that has saved a file tells so, and the sandbox has it", async () => {
  const peer = await store();
  const runner = await start();
  await runner.control.project(projectID).open({ api: { url: peer.url, token: peer.token } });
  const protocols = [socketProtocol, `${tokenProtocolPrefix}${runner.token({ scope: "watch" })}`];
  const socket = new WebSocket(`${runner.url.replace("http", "ws")}/watch`, protocols);
  await new Promise((resolve) => socket.on("open", resolve));
  peer.write("src/page.ts", "saved");
  socket.send(JSON.stringify({ type: "changed", rev: peer.rev }));
  const path = join(runner.workspace, "src/page.ts");
  await expect.poll(() => (existsSync(path) ? readFileSync(path, "utf8") : "")).toBe("saved");
  socket.terminate();
});

test("a runner that is killed while it pushes loses nothing", async () => {
  const peer = await store();
  const first = await start();
  const session = first.control.project(projectID);
  const access = { api: { url: peer.url, token: peer.token } };
  await session.open(access);
  const write = "mkdir -p src; for n in $(seq 1500); do echo content $n > src/$n.txt; done";
  await collect(session.exec({ call: "a", command: write }));
  await expect.poll(() => peer.files.size).toBeGreaterThan(100);
  first.process.kill("SIGKILL");
  await first.exited;
  peer.write("src/1.txt", "edited meanwhile");

  const places = { SLIPWAY_WORKSPACES: join(first.folder, "workspaces"), SLIPWAY_STATE: join(first.folder, "state") };
  const second = await start(places);
  await second.control.project(projectID).open(access);
  const names = readdirSync(join(first.workspace, "src")).filter((name) => !name.includes(".conflict-"));
  expect(names).toHaveLength(1500);
  for (const name of names)
    expect(peer.text(`src/${name}`)).toBe(readFileSync(join(first.workspace, "src", name), "utf8"));
  expect(peer.text("src/1.txt")).toBe("edited meanwhile");
});

test("a project that is removed leaves nothing in the sandbox, and what ran in it has ended", async () => {
  const peer = await store();
  peer.write("a.txt", "a");
  const runner = await start();
  const session = runner.control.project(projectID);
  await session.open({ api: { url: peer.url, token: peer.token } });
  await collect(session.exec({ call: "server", command: "sleep 1000 & echo started", background: true }));
  await session.remove();
  expect(existsSync(runner.workspace)).toBe(false);
  expect(existsSync(join(runner.folder, "state", projectID))).toBe(false);
  await expect(session.commands()).rejects.toMatchObject({ code: "not_open" });
  expect(peer.text("a.txt")).toBe("a");
});

test("what an earlier runner has left of a project is removed with it, though it was not opened since", async () => {
  const runner = await start();
  mkdirSync(join(runner.workspace, "src"), { recursive: true });
  mkdirSync(join(runner.folder, "state", projectID), { recursive: true });
  await runner.control.project(projectID).remove();
  expect(existsSync(runner.workspace)).toBe(false);
  expect(existsSync(join(runner.folder, "state", projectID))).toBe(false);
});

const mayMount = spawnSync("unshare", ["-m", "true"]).status === 0;

// A small disk of its own needs a mount, which needs root.
if (mayMount)
  test("a full disk is named, and what was held up resumes once there is room", async () => {
    const peer = await store();
    const script = 'mount -t tmpfs -o size=24m tmpfs "$0" && exec "$@"';
    const runner = await start({}, { wrap: (argv, folder) => ["unshare", "-m", "sh", "-c", script, folder, ...argv] });
    const session = runner.control.project(projectID);
    await session.open({ api: { url: peer.url, token: peer.token } });
    const fill = await collect(
      session.exec({ call: "fill", command: "mkdir node_modules; cat /dev/zero > node_modules/fill; echo ended" }),
    );
    expect(fill.text).toContain("No space left on device");
    expect(fill.last).toMatchObject({ info: { code: 0 } });
    const flood = await collect(
      session.exec({ call: "flood", command: "head -c 3M /dev/zero | tr '\\0' x; echo the end" }),
    );
    expect(flood.text).toContain("the end");
    expect(flood.last).toMatchObject({ info: { code: 0, total: 3 * 1024 * 1024 + 8 } });

    peer.write("typed.txt", "x".repeat(100_000));
    await expect(session.sync({ rev: peer.rev })).rejects.toMatchObject({ code: "disk_full" });
    const { last } = await collect(session.exec({ call: "held", command: "true", rev: peer.rev }));
    expect(last).toMatchObject({ type: "error", error: { code: "disk_full" } });

    await collect(session.exec({ call: "room", command: "rm node_modules/fill" }));
    await session.sync({ rev: peer.rev });
    expect((await collect(session.exec({ call: "read", command: "wc -c < typed.txt" }))).text).toBe("100000\n");
  });
