import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

const storage = await storageForCore();
/** API Gateway that takes every push and answers none. */
let pushes = 0;
const gateway = createServer(() => pushes++);
await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
const managementEndpoint = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
process.env.SST_RESOURCE_Socket = JSON.stringify({ url: "ws://127.0.0.1:1/socket", managementEndpoint });

const { create } = await import("../id/id.ts");
const Connection = await import("../connection/system.ts");
const { RunEntity } = await import("./run.entity.ts");
const { acquire, LeaseLost } = await import("./lease.ts");
const { all } = await import("./events.ts");

const projectID = create("project");
const sockets = 200;

beforeAll(async () => {
  for (let n = 0; n < sockets; n++) {
    await Connection.open(`socket-${n}`, { userID: `usr_${n}`, loginID: `login-${n}` });
    await Connection.follow(`socket-${n}`, projectID);
  }
});
afterAll(async () => {
  gateway.closeAllConnections();
  gateway.close();
  await storage.remove();
});

async function running(): Promise<string> {
  const runID = create("run");
  await RunEntity.create({
    runID,
    projectID,
    conversationID: create("conversation"),
    userMessageID: create("message"),
    messageID: create("message"),
    userID: "usr_ada",
    status: "running",
    model: "demo",
    epoch: 0,
    seq: 0,
    step: 0,
    attempt: 0,
    cost: 0,
    createdAt: Date.now(),
    touchedAt: Date.now(),
  }).go();
  return runID;
}

async function held(runID: string) {
  const lease = await acquire(runID);
  if (!lease) throw new Error("the run is not to be had");
  return lease;
}

const block = (id: string, text: string) => ({
  type: "block-finished" as const,
  step: 1,
  block: { type: "text" as const, id, text },
});

test("200 sockets that take nothing hold up no write", async () => {
  const lease = await held(await running());
  for (let n = 0; n < 20; n++) await lease.append([block(`${n}`, "words")]);
  expect(await all(lease.run.runID)).toHaveLength(20);
  // At most the first message is on its way: nothing waited for its answers, and nothing else was sent meanwhile.
  expect(pushes).toBeLessThanOrEqual(sockets);
});

test("an event of any size is kept, and read as it was written", async () => {
  const lease = await held(await running());
  const texts = ["short", "x".repeat(31_000), "é".repeat(200_000), "\u0000\u2028".repeat(50_000)];
  for (const [n, text] of texts.entries()) await lease.append([block(`${n}`, text)]);
  const found = (await all(lease.run.runID)).map((event) =>
    event.type === "block-finished" && event.block.type === "text" ? event.block.text : "",
  );
  expect(found.map(({ length }) => length)).toEqual(texts.map(({ length }) => length));
  expect(found.every((text, n) => text === texts[n])).toBe(true);
});

test("nothing can be written once another turn holds the run", async () => {
  const runID = await running();
  const first = await held(runID);
  await first.append([block("a", "first")]);
  const second = await held(runID);
  const delta = { runId: runID, step: 1, attempt: 1, block: "b", kind: "text" as const, offset: 0, text: "late" };
  await expect(first.append([block("b", "late")])).rejects.toThrow(LeaseLost);
  await expect(first.saveSnapshot(delta)).rejects.toThrow(LeaseLost);
  expect(await first.isHeld()).toBe(false);
  await second.append([block("c", "second")]);
  expect((await all(runID)).map(({ seq }) => seq)).toEqual([1, 2]);
});
