import type { Message } from "@slipway/contract/conversation";
import { expect, test } from "vitest";
import { cancelledRuns, withoutJoined } from "./steered.ts";

const message = (id: string, rest: Partial<Message>): Message => ({
  id,
  conversationId: "c",
  role: "user",
  status: "completed",
  text: id,
  blocks: [],
  createdAt: 0,
  ...rest,
});
const answer = message("answer", {
  role: "assistant",
  runId: "run",
  blocks: [{ type: "steer", id: "joined", text: "joined" }],
});
const joined = message("joined", { isSteer: true, runId: "run" });
const waiting = message("waiting", { isSteer: true, runId: "run" });
const asked = message("asked", { runId: "next" });
const told = (history: Message[]) => withoutJoined(history).map(({ id }) => id);

test("a steering message is told in the answer that it joined, not again", () => {
  expect(told([answer, joined, asked])).toEqual(["answer", "asked"]);
});

test("it is not told again when the answer that it joined is too old to be told", () => {
  expect(told([joined, asked])).toEqual(["asked"]);
});

test("one that joined nothing stays, also as what is asked now", () => {
  expect(told([answer, waiting, asked])).toEqual(["answer", "waiting", "asked"]);
  expect(told([answer, waiting])).toEqual(["answer", "waiting"]);
  expect(told([waiting])).toEqual(["waiting"]);
});

test("copies in a fork are told like the originals", () => {
  const copied = ({ runId, ...rest }: Message): Message => ({ ...rest, ...(runId ? { sourceRunId: runId } : {}) });
  expect(told([copied(joined), asked])).toEqual(["asked"]);
  const stopped = message("stopped", { role: "assistant", status: "cancelled", runId: "run" });
  expect([...cancelledRuns([copied(stopped)])]).toEqual(["run"]);
});
