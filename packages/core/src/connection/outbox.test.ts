import type { Delta } from "@slipway/contract/run";
import type { ServerMessage } from "@slipway/contract/socket";
import { expect, test } from "vitest";

process.env.SST_RESOURCE_App = JSON.stringify({ name: "slipway", stage: "test" });
process.env.SST_RESOURCE_Table = JSON.stringify({ name: "none" });
process.env.AWS_REGION = "us-east-1";
const { createOutbox } = await import("./outbox.ts");

const projectId = "prj_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const delta = (offset: number): ServerMessage => {
  const one: Delta = {
    runId: "run_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    step: 1,
    attempt: 1,
    block: "b",
    kind: "text",
    offset,
    text: "x",
  };
  return { type: "delta", projectId, deltas: [one] };
};
const numbered = (rev: number): ServerMessage => ({ type: "files-changed", projectId, rev });

/** Sockets that take nothing until they are released. */
function slowSockets() {
  const sent: ServerMessage[] = [];
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const send = async (message: ServerMessage) => {
    await released;
    sent.push(message);
  };
  return { sent, send, release };
}

test("messages are sent in order, and waiting deltas as one message", async () => {
  const { sent, send, release } = slowSockets();
  const outbox = createOutbox(projectId, send);
  for (const message of [numbered(1), delta(0), delta(1), delta(2), numbered(2), delta(3)]) outbox.push(message);
  release();
  await outbox.flush();
  expect(
    sent.map((message) => (message.type === "delta" ? message.deltas.map(({ offset }) => offset) : message.type)),
  ).toEqual(["files-changed", [0, 1, 2], "files-changed", [3]]);
});

test("sockets that take nothing hold up nobody: the queue is bounded, and keeps the newest", async () => {
  const { sent, send, release } = slowSockets();
  const outbox = createOutbox(projectId, send);
  for (let rev = 0; rev < 5000; rev++) outbox.push(numbered(rev));
  for (let offset = 0; offset < 5000; offset++) outbox.push(delta(offset));
  expect(sent).toEqual([]);
  release();
  await outbox.flush();
  expect(sent.length).toBeLessThanOrEqual(201);
  const last = sent.at(-1);
  expect(last?.type === "delta" ? last.deltas.at(-1)?.offset : undefined).toBe(4999);
});

test("a flush of nothing is over at once", async () => {
  await createOutbox(projectId, () => Promise.reject(new Error("never called"))).flush();
});
