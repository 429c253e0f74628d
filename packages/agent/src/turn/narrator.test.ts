import type { Block, Delta, NewRunEvent } from "@slipway/contract/run";
import type { Lease } from "@slipway/core/run/system";
import type { TextStreamPart, ToolSet } from "ai";
import { expect, test } from "vitest";
import { maxBlock, refusalIn } from "./limits.ts";
import { createNarrator } from "./narrator.ts";

type Part = TextStreamPart<ToolSet>;

/** A lease that notes what is written and told, in order. */
function narrate(failure?: Error) {
  const events: NewRunEvent[] = [];
  const deltas: Delta[] = [];
  const snapshots: string[] = [];
  const lease = {
    run: { runID: "run", projectID: "prj" },
    append(added: readonly NewRunEvent[]) {
      if (failure) return Promise.reject(failure);
      events.push(...added);
      return Promise.resolve();
    },
    tell: (message: { deltas: Delta[] }) => deltas.push(...message.deltas),
    saveSnapshot({ text: stored }: Delta) {
      snapshots.push(stored);
      return Promise.resolve();
    },
  } as unknown as Lease;
  const narrator = createNarrator(lease, { step: 1, attempt: 1, titleOf: (tool) => `Title of ${tool}` });
  const say = async (...parts: unknown[]) => {
    for (const part of parts) await narrator.onPart(part as Part);
  };
  const blocks = (): Block[] => events.flatMap((event) => (event.type === "block-finished" ? [event.block] : []));
  return { narrator, say, blocks, deltas, snapshots };
}

const text = (...pieces: string[]) => [
  { type: "text-start", id: "t" },
  ...pieces.map((piece) => ({ type: "text-delta", id: "t", text: piece })),
  { type: "text-end", id: "t" },
];

test("each block is one event, in order, and its deltas give its text", async () => {
  const { narrator, say, blocks, deltas } = narrate();
  await say(
    { type: "reasoning-start", id: "r" },
    { type: "reasoning-delta", id: "r", text: "Hm." },
    { type: "reasoning-end", id: "r" },
    ...text("One ", "two."),
    { type: "tool-input-start", id: "c", toolName: "read_file" },
    { type: "tool-input-delta", id: "c", delta: '{"path":"a"}' },
    { type: "tool-call", toolCallId: "c", toolName: "read_file", input: { path: "a" } },
  );
  await narrator.finish();
  expect(blocks()).toMatchObject([
    { type: "thinking", text: "Hm." },
    { type: "text", text: "One two." },
    { type: "tool", id: "c", tool: "read_file", title: "Title of read_file", input: { path: "a" } },
  ]);
  const [, answer] = blocks();
  const told = deltas.filter(({ block }) => block === answer?.id).map((delta) => delta.text);
  expect(told.join("")).toBe("One two.");
});

test("a block that holds nothing is none", async () => {
  const { narrator, say, blocks } = narrate();
  await say(...text());
  await narrator.finish();
  expect(blocks()).toEqual([]);
});

test("a text without end becomes several blocks, and no character is split", async () => {
  const { narrator, say, blocks } = narrate();
  const whole = `${"x".repeat(maxBlock - 1)}😀${"y".repeat(2 * maxBlock)}`;
  await say(...text(whole));
  await narrator.finish();
  const texts = blocks().map((block) => (block.type === "text" ? block.text : ""));
  expect(texts.join("") === whole).toBe(true);
  expect(texts.length).toBe(4);
  for (const each of texts) {
    expect(each.length).toBeLessThanOrEqual(maxBlock);
    expect(each.isWellFormed()).toBe(true);
  }
  expect(new Set(blocks().map(({ id }) => id)).size).toBe(4);
});

test("an input that cannot be kept is shown with the reason", async () => {
  const { narrator, say, blocks } = narrate();
  await say({ type: "tool-call", toolCallId: "c", toolName: "read_file", input: "no object" });
  await narrator.finish();
  const [block] = blocks();
  expect(block?.type === "tool" ? refusalIn(block.input)?.told : undefined).toMatch(/not a JSON object/);
});

test("a write that fails ends the narration with its error", async () => {
  const { narrator, say } = narrate(new Error("lease lost"));
  await say(...text("One."));
  await expect(narrator.finish()).rejects.toThrow("lease lost");
  await expect(say(...text("Two."))).rejects.toThrow("lease lost");
});

test("what a model says before it pauses is stored, the first words at once and the last soon", async () => {
  const { narrator, say, snapshots } = narrate();
  const [start, first, second] = text("One sentence.", " And another.");
  await say(start, first);
  await expect.poll(() => snapshots).toEqual(["One sentence."]);
  await say(second);
  await expect.poll(() => snapshots).toEqual(["One sentence.", "One sentence. And another."]);
  await narrator.finish();
});

test("text that turns out to be thinking ends as thinking", async () => {
  const { narrator, say, blocks } = narrate();
  const [start, words] = text("So they want …");
  await say(start, words, { type: "text-end", id: "t", providerMetadata: { slipway: { wasThinking: true } } });
  await narrator.finish();
  expect(blocks()).toMatchObject([{ type: "thinking", text: "So they want …" }]);
});
