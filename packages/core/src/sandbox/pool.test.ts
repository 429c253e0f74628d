import { afterAll, beforeAll, expect, test } from "vitest";
import { startPeers, type Peers } from "../../../../test/support/sandboxes.ts";
import { storageForCore } from "../../../../test/support/storage.ts";

/** Warm tasks, in a deployment that asks for five. */

let storage: Awaited<ReturnType<typeof storageForCore>>;
let peers: Peers;
let Sandbox: typeof import("./sandbox.ts");
let Sandboxes: typeof import("./system.ts");
let Record: typeof import("./record.ts");
let Pool: typeof import("./pool.ts");
let Clock: typeof import("../clock/clock.ts");
let Id: typeof import("../id/id.ts");
const minute = 60_000;

beforeAll(async () => {
  storage = await storageForCore();
  peers = await startPeers({ pool: 5 });
  Sandbox = await import("./sandbox.ts");
  Sandboxes = await import("./system.ts");
  Record = await import("./record.ts");
  Pool = await import("./pool.ts");
  Clock = await import("../clock/clock.ts");
  Id = await import("../id/id.ts");
});
afterAll(async () => {
  await peers.close();
  await storage.remove();
});

async function active(actor: { userID: string }) {
  let sandbox = await Sandbox.launch(actor);
  while (sandbox.state === "creating") sandbox = await Sandbox.current(actor);
  expect(sandbox).toMatchObject({ state: "active" });
  return sandbox;
}
const ofPool = () => peers.live().filter(({ startedBy }) => startedBy === Pool.poolOwner);

test("the sweep keeps five tasks waiting, and no more however often it runs", async () => {
  await Sandboxes.sweep();
  await expect.poll(() => ofPool().length).toBe(5);
  await Sandboxes.sweep();
  expect(peers.started()).toBe(5);
});

test("twenty launches with four tabs each claim five distinct warm tasks, and start fifteen", async () => {
  await expect.poll(() => ofPool().every(({ status }) => status === "RUNNING")).toBe(true);
  const people = Array.from({ length: 20 }, () => ({ userID: Id.create("user") }));
  const launched = await Promise.all(people.flatMap((actor) => Array.from({ length: 4 }, () => active(actor))));
  const paths = new Map(launched.filter(({ path }) => path !== "instant").map(({ id, path }) => [id, path]));
  expect([...paths.values()].filter((path) => path === "claim")).toHaveLength(5);
  const tasks = await Promise.all(people.map(async ({ userID }) => (await Record.find(Record.idOf(userID)))?.task));
  expect(new Set(tasks).size).toBe(20);
  expect(peers.started()).toBe(20);
  expect(peers.claims).toHaveLength(20);
});

test("a claimed task stays with its sandbox, and the pool is filled again", async () => {
  await Sandboxes.sweep();
  await expect.poll(() => ofPool().length).toBe(10);
  const release = Clock.hold(() => Date.now() + 4 * minute);
  await Sandboxes.sweep();
  release();
  expect(ofPool()).toHaveLength(10);
  expect(peers.live()).toHaveLength(25);
});

test("a task that was claimed by a launch that then died is stopped, never handed on", async () => {
  const launch = { sandboxID: Id.create("sandbox"), epoch: 1 };
  const claimed = await Pool.claim(launch);
  expect(claimed).toBeDefined();
  // A pass that is repeated takes no second one.
  expect(await Pool.claim(launch)).toBe(claimed);
  const release = Clock.hold(() => Date.now() + 4 * minute);
  await Sandboxes.sweep();
  release();
  await expect.poll(() => peers.live().map(({ arn }) => arn)).not.toContain(claimed);
  expect(await Pool.claim({ ...launch, epoch: 2 })).not.toBe(claimed);
});
