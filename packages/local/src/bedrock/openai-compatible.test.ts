import { afterEach, expect, test } from "vitest";
import { startPeer, type Peer, type PeerAnswer } from "../../../../test/support/openai-peer.ts";
import { ConverseRequest, type ModelEvent } from "./converse.ts";
import { openAiCompatible } from "./openai-compatible.ts";
import { ModelRefusal } from "./refusal.ts";

let peer: Peer | undefined;
afterEach(() => peer?.close());

const request = ConverseRequest.parse({
  system: [{ text: "Be brief." }],
  messages: [
    { role: "user", content: [{ text: "Read a" }, { image: { format: "png", source: { bytes: "aGk=" } } }] },
    { role: "assistant", content: [{ toolUse: { toolUseId: "t1", name: "read_file", input: { path: "a" } } }] },
    { role: "user", content: [{ toolResult: { toolUseId: "t1", content: [{ text: "contents" }] } }] },
  ],
  toolConfig: { tools: [{ toolSpec: { name: "read_file", inputSchema: { json: { type: "object" } } } }] },
});

async function ask(answer: PeerAnswer, key?: string): Promise<ModelEvent[]> {
  peer = await startPeer(() => answer);
  const model = openAiCompatible({ url: `${peer.url}/`, model: "qwen", key });
  const events: ModelEvent[] = [];
  for await (const event of model(request, new AbortController().signal, "qwen")) events.push(event);
  return events;
}

test("translates a conversation with images and tool results to OpenAI's format", async () => {
  await ask({ text: "ok" }, "secret");
  expect(peer?.requests[0]).toMatchObject({
    model: "qwen",
    authorization: "Bearer secret",
    messages: [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "Read a" },
          { type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } },
        ],
      },
      { role: "assistant", tool_calls: [{ id: "t1", function: { name: "read_file", arguments: '{"path":"a"}' } }] },
      { role: "tool", tool_call_id: "t1", content: "contents" },
    ],
    tools: [{ function: { name: "read_file" } }],
  });
});

test("an image that a tool shows follows its result, as the person's", async () => {
  const image = { format: "png", source: { bytes: "aGk=" } };
  const [asked, called] = request.messages;
  const shown = { toolResult: { toolUseId: "t1", content: [{ text: "a.png" }, { image }] } };
  peer = await startPeer(() => ({ text: "ok" }));
  const model = openAiCompatible({ url: peer.url, model: "qwen", key: undefined });
  const seen = ConverseRequest.parse({ ...request, messages: [asked, called, { role: "user", content: [shown] }] });
  for await (const _ of model(seen, new AbortController().signal, "qwen"));
  expect(peer.requests[0]?.messages.slice(-2)).toEqual([
    { role: "tool", tool_call_id: "t1", content: "a.png\n[The image follows.]" },
    { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } }] },
  ]);
});

test.each([1, 2, 7, 10_000])("reassembles text, thinking and parallel calls from chunks of %i bytes", async (cut) => {
  const events = await ask({
    reasoning: "Hm.",
    text: "Ünïcode 🦄",
    tools: [
      { name: "a", input: { x: 1 } },
      { name: "b", input: {} },
    ],
    cut,
  });
  const text = (type: "text" | "reasoning") =>
    events.flatMap((event) => (event.type === type ? [event.text] : [])).join("");
  expect([text("reasoning"), text("text")]).toEqual(["Hm.", "Ünïcode 🦄"]);
  expect(
    events.flatMap((event) => (event.type === "tool" ? [event.name] : event.type === "tool-input" ? [event.text] : [])),
  ).toEqual(["a", '{"x":1}', "b", "{}"]);
  expect(events.at(-1)).toEqual({ type: "stop", reason: "tool_use", usage: { inputTokens: 120, outputTokens: 30 } });
});

test.each([
  [401, "AccessDeniedException"],
  [429, "ThrottlingException"],
  [500, "ServiceUnavailableException"],
  [400, "ValidationException"],
])("an answer of %i is Bedrock's %s", async (status, errorType) => {
  await expect(ask({ status })).rejects.toMatchObject({
    errorType,
    message: expect.stringContaining(`refused with ${status}`) as unknown,
  });
});

test("an unreachable server is unavailable and named in the error", async () => {
  const model = openAiCompatible({ url: "http://127.0.0.1:1/v1", model: "x", key: undefined });
  const first = model(request, new AbortController().signal, "x")[Symbol.asyncIterator]().next();
  await expect(first).rejects.toBeInstanceOf(ModelRefusal);
  await expect(first).rejects.toThrow("http://127.0.0.1:1/v1");
});

test.each([
  [{ "retry-after": "25" }, "25"],
  [{ "retry-after-ms": "1500", "retry-after": "2" }, "1.5"],
  [{ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }, "Wed, 21 Oct 2015 07:28:00 GMT"],
])("passes on when a throttled server wants to be asked again: %o", async (headers, retryAfter) => {
  const raw = { status: 429, headers, type: "application/json", body: '{"error":{"message":"slow down"}}' };
  await expect(ask({ raw })).rejects.toMatchObject({ errorType: "ThrottlingException", retryAfter });
});

test("two texts of one message stay apart", async () => {
  peer = await startPeer(() => ({ text: "ok" }));
  const model = openAiCompatible({ url: peer.url, model: "qwen", key: undefined });
  const said = ConverseRequest.parse({
    messages: [{ role: "user", content: [{ text: "Make it blue" }, { text: "Now stop" }] }],
  });
  for await (const event of model(said, new AbortController().signal, "qwen")) expect(event.type).not.toBe("cut");
  expect(peer.requests[0]?.messages).toEqual([{ role: "user", content: "Make it blue\n\nNow stop" }]);
});

test("a connection that breaks is an error, not the end of the answer", async () => {
  const chunk = { choices: [{ delta: { content: "Some" } }] };
  await expect(ask({ raw: { body: `data: ${JSON.stringify(chunk)}\n\n`, isCut: true } })).rejects.toThrow();
});

test.each([
  ["max_tokens", "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."],
  ["max_tokens", "max_tokens is too large: 32000. This model supports at most 16384 completion tokens."],
  [
    "max_tokens",
    "maximum context length is 8192 tokens, you requested 33000 (1000 in the messages, 32000 in the completion)",
  ],
  ["stream_options", "Unrecognized request argument supplied: stream_options"],
])("asks again without %s when a server refuses it, and does not send it any more", async (field, message) => {
  peer = await startPeer((sent) =>
    field in sent
      ? { raw: { status: 400, type: "application/json", body: JSON.stringify({ error: { message } }) } }
      : { text: "ok" },
  );
  const model = openAiCompatible({ url: peer.url, model: "qwen", key: undefined });
  const limited = { ...request, inferenceConfig: { maxTokens: 32_000 } };
  for (let turn = 0; turn < 2; turn++)
    for await (const event of model(limited, new AbortController().signal, "qwen")) expect(event.type).not.toBe("cut");
  expect(peer.requests.map((sent) => field in sent)).toEqual([true, false, false]);
});
