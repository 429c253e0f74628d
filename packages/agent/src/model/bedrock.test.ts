import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { startBedrock } from "@slipway/local/bedrock/bedrock";
import type { ModelEvent } from "@slipway/local/bedrock/converse";
import { servedModel } from "@slipway/local/bedrock/served-models";
import { generateText, tool, wrapLanguageModel, type ModelMessage, type ToolSet } from "ai";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { modelStep, type StepOutcome } from "./model-step.ts";
import { withinOutput } from "./output-limit.ts";
import { seam } from "./seam.ts";

/** The model step with a server that is as strict as Bedrock. */

const sonnet = "global.anthropic.claude-sonnet-5-5";
const keys = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
const tools: ToolSet = {
  read_file: tool({ description: "Reads.", inputSchema: z.object({ path: z.string() }) }),
};

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

async function start(script: () => AsyncIterable<ModelEvent>, id = sonnet) {
  const model = servedModel(id);
  if (model === undefined) throw new Error("not served");
  const server = await startBedrock({
    principals: [
      { name: "test", accessKeyID: keys.accessKeyId, secretAccessKey: keys.secretAccessKey, allows: "everything" },
    ],
    model: { kind: "demo" },
    models: { [id]: model },
    script,
    key: "key",
  });
  close = () => server.close();
  return { model, provider: createAmazonBedrock({ region: "us-east-1", baseURL: server.url, ...keys }) };
}

async function serve(
  script: () => AsyncIterable<ModelEvent>,
  { id = sonnet, asks }: { id?: string; asks?: string } = {},
) {
  const { model, provider } = await start(script, id);
  return (messages: ModelMessage[], system = "Be brief. ".repeat(1000)): Promise<StepOutcome> =>
    modelStep({
      model: wrapLanguageModel({ model: provider(asks ?? id), middleware: [...seam, withinOutput(model.output)] }),
      tools,
      instructions: [{ role: "system", content: system }],
      messages,
      effort: id === sonnet ? "medium" : undefined,
      maxOutputTokens: 32_000,
      caches: true,
      signal: new AbortController().signal,
      milliseconds: 60_000,
      callID: (position) => `call-${messages.length}-1-${position}`,
      onPart() {},
    });
}

/** Thinks, says something between, and calls. */
async function* thinkAndCall(): AsyncGenerator<ModelEvent> {
  yield { type: "reasoning", text: "The file " };
  yield { type: "reasoning", text: "tells." };
  yield { type: "text", text: "\n\n" };
  yield { type: "reasoning", text: "Which one?" };
  yield { type: "text", text: "Reading it." };
  yield { type: "tool", id: "an id that: nobody takes", name: "read_file" };
  yield { type: "tool-input", text: '{"path":"a.txt"}' };
  yield { type: "stop", reason: "tool_use" };
}

function saidIn(outcome: StepOutcome): ModelMessage[] {
  if (outcome.kind !== "said") throw new Error(JSON.stringify(outcome));
  return outcome.messages;
}

function answered(said: ModelMessage[]): ModelMessage {
  const calls = said.flatMap(({ role, content }) =>
    role === "assistant" && typeof content !== "string" ? content.filter((part) => part.type === "tool-call") : [],
  );
  return {
    role: "tool",
    content: calls.map(({ toolCallId, toolName }) => ({
      type: "tool-result",
      toolCallId,
      toolName,
      output: { type: "text", value: "contents" },
    })),
  };
}

test("signed thinking is replayed over several steps, and each step reads the cache of the one before", async () => {
  const step = await serve(thinkAndCall);
  const messages: ModelMessage[] = [{ role: "user", content: "go" }];
  const reads: number[] = [];
  for (let count = 0; count < 4; count++) {
    const outcome = await step(messages);
    const said = saidIn(outcome);
    reads.push(outcome.tokens?.cacheRead ?? 0);
    messages.push(...said, answered(said));
  }
  expect(reads[0]).toBe(0);
  expect(reads.slice(1).every((read, at) => read > (reads[at] ?? 0))).toBe(true);
});

test("a history survives being stored", async () => {
  const step = await serve(thinkAndCall);
  const messages: ModelMessage[] = [{ role: "user", content: "go" }];
  const said = saidIn(await step(messages));
  messages.push(...(JSON.parse(JSON.stringify([...said, answered(said)])) as ModelMessage[]));
  expect((await step(messages)).kind).toBe("said");
});

test("a prompt that is rendered anew is refused together with the thinking that followed it", async () => {
  const step = await serve(thinkAndCall);
  const messages: ModelMessage[] = [{ role: "user", content: "go" }];
  const said = saidIn(await step(messages));
  const outcome = await step([...messages, ...said, answered(said)], "Be brief, and polite.");
  expect(outcome).toMatchObject({
    kind: "failed",
    code: "ValidationException",
    message: expect.stringContaining("Invalid `signature` in `thinking` block"),
  });
});

test("an answer is not asked to be longer than its model writes", async () => {
  const step = await serve(
    async function* () {
      yield { type: "text", text: "Hello." };
      yield { type: "stop", reason: "end_turn" };
    },
    { id: "us.amazon.nova-pro-v1:0" },
  );
  expect((await step([{ role: "user", content: "go" }])).kind).toBe("said");
});

test("a summary of the thinking is asked for, without which none of it would be seen", async () => {
  const step = await serve(thinkAndCall);
  const [said] = saidIn(await step([{ role: "user", content: "go" }]));
  expect(JSON.stringify(said)).toContain("The file tells.");
});

test.each([
  ["global.anthropic.claude-opus-5-5", "model_access"],
  ["anthropic.claude-nobody-knows", "ValidationException"],
])("a model that the account does not have, %s, fails at once", async (asks, code) => {
  const step = await serve(thinkAndCall, { asks });
  expect(await step([{ role: "user", content: "go" }])).toMatchObject({ kind: "failed", code });
});

test("an answer that is not streamed has its signed thinking and its usage too", async () => {
  const { provider } = await start(async function* () {
    yield { type: "reasoning", text: "The file tells." };
    yield { type: "text", text: "Reading it." };
    yield { type: "tool", id: "tooluse_a", name: "read_file" };
    yield { type: "tool-input", text: '{"path":"a.txt"}' };
    yield { type: "stop", reason: "tool_use" };
  });
  const options = { model: provider(sonnet), tools, reasoning: "medium", maxRetries: 0 } as const;
  const display = { amazonBedrock: { reasoningConfig: { display: "summarized" as const } } };
  const messages: ModelMessage[] = [{ role: "user", content: "go" }];
  const first = await generateText({ ...options, messages, providerOptions: display });
  expect(first.reasoningText).toContain("The file tells.");
  expect(first.usage.outputTokens).toBeGreaterThan(0);
  const said = first.responseMessages.filter(({ role }) => role === "assistant");
  const next = [...messages, ...said, answered(said)];
  expect((await generateText({ ...options, messages: next, providerOptions: display })).toolCalls).toHaveLength(1);
});

test("a model that refuses the 21st image is not taken for one that sees none", async () => {
  const step = await serve(thinkAndCall);
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]);
  const images = (count: number): ModelMessage => ({
    role: "user",
    content: Array.from({ length: count }, () => ({ type: "file", data: png, mediaType: "image/png" })),
  });
  expect((await step([images(20)])).kind).toBe("said");
  expect(await step([images(21)])).toMatchObject({ kind: "failed", code: "too_many_images" });
});
