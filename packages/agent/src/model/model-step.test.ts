import type { Effort } from "@slipway/contract/model";
import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import type { ConverseRequest, ModelEvent } from "@slipway/local/bedrock/converse";
import { toFrames } from "@slipway/local/bedrock/event-stream";
import { toEvents } from "@slipway/local/bedrock/openai/answer";
import { tool, wrapLanguageModel, type TextStreamPart, type ToolSet } from "ai";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { oddAnswer } from "../../../../test/support/odd-answers.ts";
import { acceptable, refusalIn } from "../turn/limits.ts";
import { modelStep, type StepOutcome } from "./model-step.ts";
import { seam } from "./seam.ts";

const input = z.looseObject({});
const tools: ToolSet = {
  create_file: tool({ description: "", inputSchema: input }),
  delete_files: tool({ description: "", inputSchema: input }),
  list_files: tool({ description: "", inputSchema: input }),
};
const request = {
  messages: [{ role: "user", content: [{ text: "go" }] }],
  system: [],
  toolConfig: { tools: Object.keys(tools).map((name) => ({ toolSpec: { name, inputSchema: { json: {} } } })) },
} satisfies ConverseRequest;

/** One step with the SDK and its provider, over a connection that carries these events. */
async function step(
  events: AsyncIterable<ModelEvent>,
  { model = "test", effort = undefined as Effort | undefined, caches = false, milliseconds = 780_000 } = {},
): Promise<{ outcome: StepOutcome; parts: TextStreamPart<ToolSet>[]; sent: string }> {
  const frames = toFrames(events)[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await frames.next();
        if (next.done === true) controller.close();
        else if (next.value === "cut") controller.error(new TypeError("terminated"));
        else controller.enqueue(next.value);
      } catch (error) {
        controller.error(error);
      }
    },
  });
  let sent = "";
  const provider = createAmazonBedrock({
    region: "us-east-1",
    accessKeyId: "x",
    secretAccessKey: "x",
    fetch(_, init) {
      sent = typeof init?.body === "string" ? init.body : "";
      return Promise.resolve(new Response(body, { headers: { "content-type": "application/vnd.amazon.eventstream" } }));
    },
  });
  const parts: TextStreamPart<ToolSet>[] = [];
  const outcome = await modelStep({
    model: wrapLanguageModel({ model: provider(model), middleware: seam }),
    tools,
    instructions: [
      { role: "system", content: "Always the same." },
      { role: "system", content: "For this run." },
    ],
    messages: [{ role: "user", content: "go" }],
    effort,
    caches,
    maxOutputTokens: 32_000,
    signal: new AbortController().signal,
    milliseconds,
    callID: (position) => `call-1-1-${position}`,
    onPart: (part) => void parts.push(part),
  });
  return { outcome, parts, sent };
}

const answer = () => say({ type: "text", text: "Hello." }, stop("end_turn"));

test("cache points follow the text that all runs share and the last message, for models that take them", async () => {
  const { sent } = await step(answer(), { caches: true });
  expect(JSON.parse(sent)).toMatchObject({
    system: [{ text: "Always the same." }, { cachePoint: { type: "default" } }, { text: "For this run." }],
    messages: [{ content: [{ text: "go" }, { cachePoint: { type: "default" } }] }],
  });
  expect((await step(answer())).sent).not.toContain("cachePoint");
});

test("a model that thinks is asked for a summary of it", async () => {
  const model = "global.anthropic.claude-sonnet-5-5";
  const { sent } = await step(answer(), { model, effort: "medium" });
  expect(JSON.parse(sent)).toMatchObject({
    additionalModelRequestFields: { thinking: { type: "adaptive", display: "summarized" } },
  });
});

test("an answer that the time of a turn cuts short is late, not a failure of the model", async () => {
  async function* endless(): AsyncGenerator<ModelEvent> {
    for (;;) {
      yield { type: "text", text: "and " };
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const { outcome } = await step(endless(), { milliseconds: 50 });
  expect(outcome.kind).toBe("late");
});

async function* say(...events: ModelEvent[]): AsyncGenerator<ModelEvent> {
  yield* events;
}
const usage = { inputTokens: 1, outputTokens: 1 };
const stop = (reason: "end_turn" | "tool_use" | "max_tokens"): ModelEvent => ({ type: "stop", reason, usage });
const call = (id: string, name: string, json: string): ModelEvent[] => [
  { type: "tool", id, name },
  { type: "tool-input", text: json },
];

function callsOf(outcome: StepOutcome) {
  if (outcome.kind !== "said") return [];
  return outcome.messages.flatMap(({ role, content }) =>
    role !== "assistant" || typeof content === "string" ? [] : content.filter((part) => part.type === "tool-call"),
  );
}

test.each([
  ["one id", "call_1", "call_1"],
  ["no ids", "", ""],
  ["ids that no provider takes back", "1:ü", "x".repeat(100)],
])("two calls with %s are two calls, each with its own input", async (_, one, other) => {
  const { outcome, parts } = await step(
    say(
      ...call(one, "create_file", '{"path":"one"}'),
      ...call(other, "create_file", '{"path":"two"}'),
      stop("tool_use"),
    ),
  );
  expect(callsOf(outcome)).toMatchObject([
    { toolCallId: "call-1-1-0", input: { path: "one" } },
    { toolCallId: "call-1-1-1", input: { path: "two" } },
  ]);
  const shown = parts.flatMap((part) => (part.type === "tool-call" ? [part.toolCallId] : []));
  expect(shown).toEqual(["call-1-1-0", "call-1-1-1"]);
});

test("a name that no provider takes back is made legal", async () => {
  const { outcome } = await step(say(...call("a", "create file!", "{}"), stop("tool_use")));
  expect(callsOf(outcome)).toMatchObject([{ toolName: "create_file_" }]);
});

test.each(["constructor", "__proto__", "toString", ""])(
  "a call of %j is a call of a tool that does not exist",
  async (name) => {
    const { outcome } = await step(say(...call("a", name, '{"x":1}'), stop("tool_use")));
    expect(callsOf(outcome)).toMatchObject([{ toolName: name || "unnamed", input: { x: 1 } }]);
  },
);

test("calls run whatever the finish reason, except at the limit of length", async () => {
  const calls = [...call("a", "delete_files", '{"paths":["a"]}'), ...call("b", "create_file", '{"path":"b","con')];
  expect(callsOf((await step(say(...calls.slice(0, 2), stop("end_turn")))).outcome)).toHaveLength(1);
  const { outcome } = await step(say(...calls, stop("max_tokens")));
  expect(outcome).toMatchObject({ kind: "said", messages: [], cutOff: [{ toolName: "delete_files" }, {}] });
});

test.each<[string, ModelEvent[], object]>([
  ["ends without a stop", [{ type: "cut", how: "no-stop" }], { kind: "unusable", code: "answer_incomplete" }],
  [
    "ends in an error",
    [{ type: "exception", name: "modelStreamErrorException", message: "gone" }],
    { kind: "unusable", code: "answer_incomplete", message: expect.stringContaining("gone") as unknown },
  ],
  ["ends in half a frame", [{ type: "cut", how: "half-frame" }], { kind: "unavailable" }],
  ["ends with the connection", [{ type: "cut", how: "socket" }], { kind: "unavailable" }],
])("nothing runs of an answer that %s", async (_, end, expected) => {
  const { outcome } = await step(say(...call("a", "delete_files", '{"paths":["a"]}'), ...end));
  expect(outcome).toMatchObject(expected);
});

test.each([
  ["a reason that nobody knows", "pause_turn", { kind: "unusable", code: "answer_incomplete" }],
  ["a refusal", "refusal", { kind: "failed", code: "content_filtered" }],
  ["a filter", "content_filtered", { kind: "failed", code: "content_filtered" }],
  ["a guardrail", "guardrail_intervened", { kind: "failed", code: "content_filtered" }],
  ["a tool call that it does not hold", "tool_use", { kind: "unusable", code: "answer_incomplete" }],
  ["a full context", "model_context_window_exceeded", { kind: "failed", code: "context_overflow" }],
])("a text that ends with %s is not taken for an answer", async (_, reason, expected) => {
  const { outcome } = await step(say({ type: "text", text: "Now I will" }, stop(reason as "end_turn")));
  expect(outcome).toMatchObject(expected);
});

test("a call whose input is no JSON is refused, not run with an empty input; the next call runs", async () => {
  const { outcome } = await step(
    say(...call("a", "list_files", '{"path":"a'), ...call("b", "list_files", "{}"), stop("tool_use")),
  );
  const inputs = callsOf(outcome).map(({ input: given }) => refusalIn(acceptable(given)));
  expect(inputs).toEqual([
    expect.objectContaining({ told: expect.stringContaining("not a JSON object") as unknown }),
    undefined,
  ]);
});

test("an answer that says and does nothing is of no use", async () => {
  for (const text of ["", " \n", "<think>Hm.", "<think>Hm.</think>\n"]) {
    const { outcome } = await step(say({ type: "text", text }, stop("end_turn")));
    expect(outcome).toMatchObject({ kind: "unusable", code: "empty_answer" });
  }
});

test("thinking between tags is thinking, in the stream and in what is kept", async () => {
  const said = ["<thi", "nk>Hm.", "</think>\n\n", "Hello."].map((text): ModelEvent => ({ type: "text", text }));
  const { outcome, parts } = await step(say(...said, stop("end_turn")));
  const text = (type: "text-delta" | "reasoning-delta") =>
    parts.flatMap((part) => (part.type === type ? [part.text] : [])).join("");
  expect([text("reasoning-delta"), text("text-delta")]).toEqual(["Hm.", "Hello."]);
  if (outcome.kind !== "said") throw new Error("not said");
  expect(outcome.messages.map(({ content }) => content)).toMatchObject([
    [{ type: "reasoning" }, { type: "text", text: "Hello." }],
  ]);
});

test("a blank text between thinking and a call is not kept: no provider accepts it in history", async () => {
  const { outcome } = await step(
    say(
      { type: "reasoning", text: "Hm." },
      { type: "text", text: "\n\n" },
      ...call("a", "list_files", "{}"),
      stop("tool_use"),
    ),
  );
  if (outcome.kind !== "said") throw new Error("not said");
  expect(outcome.messages.map(({ content }) => content)).toMatchObject([
    [{ type: "reasoning" }, { type: "tool-call" }],
  ]);
});

test("thinking whose first tag the template wrote is not kept as an answer", async () => {
  const { outcome } = await step(say({ type: "text", text: "They want …\n</think>\n\nHello." }, stop("end_turn")));
  if (outcome.kind !== "said") throw new Error("not said");
  expect(JSON.stringify(outcome.messages)).toContain("Hello.");
  expect(JSON.stringify(outcome.messages)).not.toContain("They want");
});

test("of 2,000 odd answers each ends with a name, and no half call runs", async () => {
  const ends = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(oddAnswer, async ({ body, size }) => {
      const bytes = new TextEncoder().encode(body);
      async function* arriving(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      }
      const { outcome } = await step(toEvents(arriving(), request));
      const end = "code" in outcome ? outcome.code : outcome.kind;
      ends.set(end, (ends.get(end) ?? 0) + 1);
      expect(["said", "unavailable", "unusable", "failed"]).toContain(outcome.kind);
      if (outcome.kind !== "said") return;
      const calls = callsOf(outcome);
      // At the limit of length none runs.
      if (outcome.cutOff) expect(calls).toEqual([]);
      const ids = calls.map(({ toolCallId }) => toolCallId);
      expect(new Set(ids).size).toBe(ids.length);
      // Every input that is an object was sent as one: none is pieced together from a half and a whole.
      for (const { input: given, toolName } of calls) {
        expect(toolName).toMatch(/^[\w-]{1,64}$/);
        if (typeof given === "object" && given !== null) expect(Object.keys(given).length).toBeLessThanOrEqual(2);
      }
    }),
    { numRuns: 2000 },
  );
  for (const end of ["said", "empty_answer", "answer_incomplete", "content_filtered"])
    expect(ends.get(end) ?? 0).toBeGreaterThan(5);
});
