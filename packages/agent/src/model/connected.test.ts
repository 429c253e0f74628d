import type { Effort } from "@slipway/contract/model";
import type { KeyProvider } from "@slipway/contract/provider";
import { generateText, jsonSchema, tool, type ModelMessage, type TextStreamPart, type ToolSet } from "ai";
import { effortOf } from "./effort.ts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  startProviderPeer,
  type Asked,
  type ProtocolName,
  type ProviderPeer,
  type Raw,
} from "../../../../test/support/provider-peer/peer.ts";
import type { Said } from "../../../../test/support/provider-peer/protocol.ts";
import { storageForCore } from "../../../../test/support/storage.ts";
import type { StepOutcome } from "./model-step.ts";

const key = "sk-test-0123456789abcdefWXYZ";
const actor = { userID: "usr_1" };
const models: Record<KeyProvider, { name: string; protocol: ProtocolName }> = {
  anthropic: { name: "claude-sonnet-5-5", protocol: "anthropic" },
  openai: { name: "gpt-5.6-terra", protocol: "openai" },
  google: { name: "gemini-3.8-flash", protocol: "google" },
  openrouter: { name: "deepseek/deepseek-v4", protocol: "chat" },
  compatible: { name: "qwen3-coder", protocol: "chat" },
};
const providers = Object.keys(models) as KeyProvider[];

let storage: Awaited<ReturnType<typeof storageForCore>>;
let peer: ProviderPeer;
let provide: typeof import("./provider.ts").provide;
let modelStep: typeof import("./model-step.ts").modelStep;
let reply: (asked: Asked) => Said | Raw | "endless" = () => ({ text: "Hello." });

beforeAll(async () => {
  peer = await startProviderPeer({
    key,
    models: Object.values(models).map(({ name }) => name),
    answer: (asked) => reply(asked),
  });
  storage = await storageForCore();
  const settings = JSON.parse(process.env.SST_RESOURCE_Settings ?? "{}") as object;
  process.env.SST_RESOURCE_Settings = JSON.stringify({ ...settings, trustedModelOrigins: [peer.origin] });
  ({ provide } = await import("./provider.ts"));
  ({ modelStep } = await import("./model-step.ts"));
  const Provider = await import("@slipway/core/provider");
  for (const provider of providers)
    await Provider.set(actor, { provider, owner: "own" }, { key, baseUrl: peer.base(models[provider].protocol) });
});
afterEach(() => (peer.asked.length = 0));
afterAll(async () => {
  await peer.close();
  await storage.remove();
});

const tools: ToolSet = {
  read_file: tool({
    description: "Reads a file.",
    inputSchema: jsonSchema({ type: "object", properties: { path: { type: "string" } }, required: ["path"] }),
  }),
};

const asking: ModelMessage[] = [{ role: "user", content: "What is in it?" }];

async function step(
  provider: KeyProvider,
  messages: ModelMessage[],
  options: { count?: number; effort?: Effort; signal?: AbortSignal; milliseconds?: number } = {},
): Promise<{ outcome: StepOutcome; parts: TextStreamPart<ToolSet>[] }> {
  const provided = await provide(`${provider}@own/${models[provider].name}`, actor.userID);
  if (provided === undefined) throw new Error("not provided");
  const parts: TextStreamPart<ToolSet>[] = [];
  const outcome = await modelStep({
    model: provided.model,
    tools,
    instructions: [{ role: "system", content: "Be brief." }],
    messages,
    effort: effortOf(provided.info, options.effort),
    caches: provided.info.caching?.kind === "points",
    maxOutputTokens: 32_000,
    signal: options.signal ?? new AbortController().signal,
    milliseconds: options.milliseconds ?? 780_000,
    callID: (position) => `call-${options.count ?? 1}-1-${position}`,
    onPart: (part) => void parts.push(part),
  });
  return { outcome, parts };
}

/** A step with a call, and its result: what the conversation is then. */
async function withCall(provider: KeyProvider, messages: ModelMessage[], count: number): Promise<ModelMessage[]> {
  reply = () => ({
    thinking: "They want the file.",
    text: "Reading it.",
    tools: [{ name: "read_file", input: { path: "a file.txt" } }],
  });
  const { outcome } = await step(provider, messages, { count });
  if (outcome.kind !== "said") throw new Error(`${provider}: ${JSON.stringify(outcome)}`);
  const toolCallId = `call-${count}-1-0`;
  const output = { type: "text" as const, value: `It says ${count}.` };
  // As it is stored between two turns.
  const said = JSON.parse(JSON.stringify(outcome.messages)) as ModelMessage[];
  const result = { type: "tool-result" as const, toolCallId, toolName: "read_file", output };
  return [...messages, ...said, { role: "tool", content: [result] }];
}

describe.each(providers)("%s", (provider) => {
  test("streams thinking, text and a tool call, and answers after its result", async () => {
    const messages = await withCall(provider, asking, 1);
    const assistant = messages.find(({ role }) => role === "assistant");
    expect(assistant?.content).toMatchObject([
      { type: "reasoning", text: "They want the file." },
      { type: "text", text: "Reading it." },
      { type: "tool-call", toolCallId: "call-1-1-0", input: { path: "a file.txt" } },
    ]);
    reply = () => ({ text: "It says one." });
    const { outcome, parts } = await step(provider, messages);
    expect(outcome).toMatchObject({ kind: "said", tokens: { input: 120, output: 30, cacheRead: 40 } });
    expect(parts.filter(({ type }) => type === "text-delta").length).toBeGreaterThan(1);
    expect(peer.asked.at(-1)).toMatchObject({ model: models[provider].name, prompts: ["What is in it?"] });
    expect(peer.asked.at(-1)?.results[0]).toContain("It says 1.");
  });

  test("thinking of its own comes back to it", async () => {
    const messages = await withCall(provider, asking, 1);
    reply = () => ({ text: "Done." });
    await step(provider, messages);
    const marks = { anthropic: "signed-by-anthropic", openai: "encrypted-by-openai", google: "c2lnbmVkIGJ5IGdvb2dsZQ" };
    const mark = provider in marks ? marks[provider as keyof typeof marks] : undefined;
    if (mark !== undefined) expect(JSON.stringify(peer.asked.at(-1)?.body)).toContain(mark);
  });

  test.each(providers.filter((other) => other !== provider))("continues what %s began", async (other) => {
    let messages = await withCall(other, asking, 1);
    messages = await withCall(provider, messages, 2);
    messages = await withCall(other, messages, 3);
    reply = () => ({ text: "Done." });
    expect((await step(provider, messages)).outcome).toMatchObject({ kind: "said" });
    expect(peer.asked.at(-1)?.results).toHaveLength(3);
  });

  test("continues a conversation from Bedrock", async () => {
    const thought = { type: "reasoning" as const, text: "Hm.", providerOptions: { amazonBedrock: { signature: "s" } } };
    const toolCallId = "call-1-1-0";
    const messages: ModelMessage[] = [
      ...asking,
      {
        role: "assistant",
        content: [thought, { type: "tool-call", toolCallId, toolName: "read_file", input: { path: "a" } }],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", toolCallId, toolName: "read_file", output: { type: "text", value: "It says." } },
        ],
      },
    ];
    reply = () => ({ text: "Done." });
    expect((await step(provider, messages)).outcome).toMatchObject({ kind: "said" });
    expect(JSON.stringify(peer.asked.at(-1)?.body)).not.toContain("Hm.");
  });

  test("answers at once too, as titles are asked for", async () => {
    const provided = await provide(`${provider}@own/${models[provider].name}`, actor.userID);
    if (provided === undefined) throw new Error("not provided");
    reply = () => ({ text: "A title" });
    const asked = { model: provided.model, instructions: "Title it.", prompt: "Hello", maxRetries: 0 };
    const { text, usage } = await generateText({ ...asked, maxOutputTokens: 2000 });
    expect([text, usage.inputTokens, usage.outputTokens]).toEqual(["A title", 20, 5]);
  });

  test("a key that is rejected fails the step, and nothing repeats the key", async () => {
    reply = () => ({
      status: 401,
      body: `{"error":{"message":"no such key ${key}"}}`,
      headers: { "content-type": "application/json" },
    });
    const { outcome } = await step(provider, asking);
    expect(outcome).toMatchObject({ kind: "failed", code: "model_access" });
    reply = () => ({
      status: 400,
      body: `{"error":{"message":"bad ${key}","type":"invalid"}}`,
      headers: { "content-type": "application/json" },
    });
    const { outcome: other, parts } = await step(provider, asking);
    expect(other).toMatchObject({ kind: "failed" });
    expect(JSON.stringify([outcome, other])).not.toContain(key);
    expect(JSON.stringify(parts.filter(({ type }) => type !== "error"))).not.toContain(key);
  });

  test("a limit is waited out as long as the provider says", async () => {
    reply = () => ({ status: 429, body: "{}", headers: { "retry-after": "7", "content-type": "application/json" } });
    expect((await step(provider, asking)).outcome).toMatchObject({ kind: "unavailable", retryAfter: 7 });
  });

  test("an account without credit is not waited for", async () => {
    const error = {
      message: "You exceeded your current quota.",
      type: "insufficient_quota",
      code: "insufficient_quota",
    };
    reply = () => ({ status: 429, body: JSON.stringify({ error }), headers: { "content-type": "application/json" } });
    expect((await step(provider, asking)).outcome).toMatchObject({ kind: "failed", code: "model_quota" });
    reply = () => ({ status: 402, body: "{}", headers: { "content-type": "application/json" } });
    expect((await step(provider, asking)).outcome).toMatchObject({ kind: "failed", code: "model_quota" });
  });

  test.each([
    [502, "unavailable"],
    [404, "failed"],
  ])("a web page with status %i is no answer", async (status, kind) => {
    reply = () => ({
      status,
      body: `<html><h1>Oops</h1>${"x".repeat(200_000)}`,
      headers: { "content-type": "text/html" },
    });
    const { outcome } = await step(provider, asking);
    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome).length).toBeLessThan(1000);
  });

  test("a web page in place of a stream is no answer", async () => {
    reply = () => ({ status: 200, body: "<html><h1>Sign in</h1></html>", headers: { "content-type": "text/html" } });
    expect(["unusable", "unavailable"]).toContain((await step(provider, asking)).outcome.kind);
  });

  test("an endless stream ends with the step's time, and the connection with it", async () => {
    reply = () => "endless";
    const closed = peer.closed;
    const { outcome } = await step(provider, asking, { milliseconds: 300 });
    expect(outcome).toMatchObject({ kind: "late", tokens: { estimated: true } });
    await expect.poll(() => peer.closed).toBe(closed + 1);
  });

  test("a cancelled step closes its connection", async () => {
    reply = () => "endless";
    const closed = peer.closed;
    const aborted = new AbortController();
    const stepping = step(provider, asking, { signal: aborted.signal });
    await expect.poll(() => peer.asked.length).toBe(1);
    aborted.abort();
    expect((await stepping).outcome.kind).toBe("aborted");
    await expect.poll(() => peer.closed).toBe(closed + 1);
  });
});

test("Anthropic gets cache points, thinking in summary, and the effort", async () => {
  reply = () => ({ text: "Done." });
  await step("anthropic", asking);
  expect(peer.asked.at(-1)?.body).toMatchObject({
    thinking: { type: "adaptive", display: "summarized" },
    output_config: { effort: "medium" },
    system: [{ cache_control: { type: "ephemeral" } }],
    messages: [{ content: [{ cache_control: { type: "ephemeral" } }] }],
  });
});

test.each([
  ["anthropic", { output_config: { effort: "high" } }, { output_config: { effort: "xhigh" } }],
  ["openai", { reasoning: { effort: "high" } }, { reasoning: { effort: "xhigh" } }],
] as const)("%s is asked for the effort that was chosen", async (provider, high, max) => {
  reply = () => ({ text: "Done." });
  await step(provider, asking, { effort: "high" });
  expect(peer.asked.at(-1)?.body).toMatchObject(high);
  await step(provider, asking, { effort: "max" });
  expect(peer.asked.at(-1)?.body).toMatchObject(max);
});

test("OpenAI keeps nothing, and summarises its thinking", async () => {
  reply = () => ({ text: "Done." });
  await step("openai", asking);
  expect(peer.asked.at(-1)?.body).toMatchObject({
    store: false,
    include: ["reasoning.encrypted_content"],
    reasoning: { effort: "medium", summary: "auto" },
  });
});

test("Google is asked for its thoughts at the effort", async () => {
  reply = () => ({ text: "Done." });
  await step("google", asking);
  expect(peer.asked.at(-1)?.body).toMatchObject({
    generationConfig: { thinkingConfig: { includeThoughts: true, thinkingLevel: "medium" } },
  });
});

test("Google says in its error how long to wait", async () => {
  const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "17s" }];
  const error = { code: 429, message: "You exceeded your current quota.", status: "RESOURCE_EXHAUSTED", details };
  reply = () => ({ status: 429, body: JSON.stringify({ error }), headers: { "content-type": "application/json" } });
  expect((await step("google", asking)).outcome).toMatchObject({ kind: "unavailable", retryAfter: 17 });
});

test("a model whose key is gone is not provided", async () => {
  expect(await provide("openai@own/gpt-5.6-terra", "usr_2")).toBeUndefined();
  expect(await provide("openai@team/gpt-5.6-terra", actor.userID)).toBeUndefined();
  expect(await provide("openai@own/gpt-9", actor.userID)).toBeUndefined();
});

test("a person's own key pays; the team's is the team's", async () => {
  expect(await provide("openai@own/gpt-5.6-terra", actor.userID)).toMatchObject({ paidBy: "person" });
  expect(await provide("demo", actor.userID)).toMatchObject({ paidBy: "team" });
});
