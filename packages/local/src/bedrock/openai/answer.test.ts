import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oddAnswer } from "../../../../../test/support/odd-answers.ts";
import { ConverseRequest, type ModelEvent } from "../converse.ts";
import { ModelRefusal } from "../refusal.ts";
import { toEvents } from "./answer.ts";

const tool = (name: string) => ({ toolSpec: { name, inputSchema: { json: { type: "object" } } } });
const request = ConverseRequest.parse({
  messages: [{ role: "user", content: [{ text: "Do it" }] }],
  toolConfig: { tools: [tool("list_files"), tool("read_file"), tool("create_file")] },
});

async function* pieces(text: string, size = 17): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(body: string, size?: number): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of toEvents(pieces(body, size), request)) events.push(event);
  return events;
}

const sse = (...chunks: unknown[]) =>
  chunks.map((chunk) => `data: ${typeof chunk === "string" ? chunk : JSON.stringify(chunk)}\n\n`).join("");
const delta = (fields: unknown, finish?: string | null) => ({
  choices: [{ index: 0, delta: fields, ...(finish === undefined ? {} : { finish_reason: finish }) }],
});
const calls = (...all: unknown[]) => delta({ tool_calls: all });
const end = (reason: string) => delta({}, reason);

const textOf = (events: readonly ModelEvent[], type: "text" | "reasoning" = "text") =>
  events.flatMap((event) => (event.type === type ? [event.text] : [])).join("");

function callsOf(events: readonly ModelEvent[]): [name: string, input: unknown][] {
  const found: [string, string][] = [];
  for (const event of events) {
    if (event.type === "tool") found.push([event.name, ""]);
    const last = found.at(-1);
    if (event.type === "tool-input" && last) last[1] += event.text;
  }
  return found.map(([name, json]) => [name, JSON.parse(json)]);
}
const outcomeOf = (events: readonly ModelEvent[]) => {
  const last = events.at(-1);
  return last?.type === "stop" ? last.reason : last?.type;
};

describe("an odd field costs nothing but itself", () => {
  const said = delta({ content: "Hello" });
  test.each([
    ["error: null", { ...said, error: null }],
    ["data: null first", said, "null"],
    ["null choices before", { choices: null }, said],
    ["no choices before", { choices: [] }, said],
    ["a null delta before", { choices: [{ delta: null }] }, said],
    ["a null choice", { choices: [null, ...said.choices] }],
    ["choices as an object", { choices: said.choices[0] }],
    ["null usage", { ...said, usage: null }],
    ["fractional usage", { ...said, usage: { prompt_tokens: 1.5, completion_tokens: 2.5 } }],
    ["usage as text", { ...said, usage: { prompt_tokens: "many", completion_tokens: {} } }],
    ["usage as a list", { ...said, usage: [] }],
    ["null tool calls", delta({ content: "Hello", tool_calls: null })],
    ["a null tool call", delta({ content: "Hello", tool_calls: [null] })],
    ["an empty tool call", delta({ content: "Hello", tool_calls: [{ index: 0, function: null }] })],
    [
      "content as parts",
      delta({
        content: [
          { type: "text", text: "Hel" },
          { type: "text", text: "lo" },
        ],
      }),
    ],
    ["content as one part", delta({ content: { type: "text", text: "Hello" } })],
    ["an empty finish reason", delta({ content: "Hello" }, "")],
    ["a finish reason that is no text", { choices: [{ delta: { content: "Hello" }, finish_reason: 3 }] }],
    ["a message instead of a delta", { choices: [{ message: { role: "assistant", content: "Hello" } }] }],
    ["refusal and audio null", delta({ content: "Hello", refusal: null, audio: null, role: null })],
  ] as const)("%s", async (_, ...chunks) => {
    const events = await read(sse(...chunks, end("stop"), "[DONE]"));
    expect([textOf(events), outcomeOf(events)]).toEqual(["Hello", "end_turn"]);
    const stop = events.at(-1);
    if (stop?.type !== "stop" || stop.usage === undefined) throw new Error("no stop with a usage");
    for (const count of Object.values(stop.usage)) expect(Number.isInteger(count)).toBe(true);
  });

  test.each([
    ["reasoning_content", { reasoning_content: "Hm." }],
    ["reasoning", { reasoning: "Hm.", reasoning_details: [{ type: "reasoning.text", text: "Hm." }] }],
    ["reasoning details alone", { reasoning_details: [{ type: "reasoning.text", text: "Hm." }] }],
    ["reasoning as an object", { reasoning: { content: "Hm." } }],
    ["thinking parts", { content: [{ type: "thinking", thinking: [{ type: "text", text: "Hm." }] }] }],
    ["reasoning null beside thinking", { reasoning_content: null, reasoning: "", thinking: "Hm." }],
  ])("thinking in %s", async (_, fields) => {
    const events = await read(sse(delta(fields), delta({ content: "Hi" }, "stop"), "[DONE]"));
    expect([textOf(events, "reasoning"), textOf(events)]).toEqual(["Hm.", "Hi"]);
  });
});

describe("the stream's form", () => {
  const hi = JSON.stringify(delta({ content: "Hi 🦄" }));
  const done = `data: ${JSON.stringify(end("stop"))}\n\ndata: [DONE]\n\n`;
  test.each([
    ["CRLF", `data: ${hi}\r\n\r\n${done}`.replaceAll(/\r?\n/g, "\r\n")],
    ["CR alone", `data: ${hi}\n\n${done}`.replaceAll("\n", "\r")],
    ["a byte order mark", `\uFEFFdata: ${hi}\n\n${done}`],
    ["comments that keep it open", `: OPENROUTER PROCESSING\n\n: ping\n\ndata: ${hi}\n\n:\n\n${done}`],
    ["no space after the colon", `data:${hi}\n\n${done}`],
    ["ids, names and retries", `id: 1\nevent: message\nretry: 5\ndata: ${hi}\n\n${done}`],
    ["data over several lines", `data: ${hi.slice(0, 12)}\ndata: ${hi.slice(12)}\n\n${done}`],
    ["no blank lines between events", `data: ${hi}\n${done}`],
    ["no blank line at the end", `data: ${hi}\n\n${done.trimEnd()}`],
    ["no [DONE]", `data: ${hi}\n\n${done.replace("data: [DONE]\n\n", "")}`],
    ["no finish reason but [DONE]", `data: ${hi}\n\ndata: [DONE]\n\n`],
    ["lines of JSON", `${hi}\n${JSON.stringify(end("stop"))}\n`],
    ["one JSON body", JSON.stringify({ choices: [{ message: { content: "Hi 🦄" }, finish_reason: "stop" }] })],
  ])("%s", async (_, body) => {
    for (const size of [1, 3, 1000]) {
      const events = await read(body, size);
      expect([textOf(events), outcomeOf(events)]).toEqual(["Hi 🦄", "end_turn"]);
    }
  });
});

describe("calls", () => {
  const one = ["read_file", { path: "a" }] as const;
  const two = ["read_file", { path: "b" }] as const;
  const call = (fields: Record<string, unknown>, name?: string, input?: unknown) => ({
    ...fields,
    function: { ...(name === undefined ? {} : { name }), ...(input === undefined ? {} : { arguments: input }) },
  });
  const a = '{"path":"a"}';
  const b = '{"path":"b"}';
  test.each<[string, unknown[]]>([
    [
      "all of index 0",
      [calls(call({ index: 0, id: "x" }, "read_file", a)), calls(call({ index: 0, id: "y" }, "read_file", b))],
    ],
    [
      "all of index 0, in pieces",
      [
        calls(call({ index: 0, id: "x" }, "read_file", "")),
        calls(call({ index: 0 }, undefined, a)),
        calls(call({ index: 0, id: "y" }, "read_file", "")),
        calls(call({ index: 0 }, undefined, b)),
      ],
    ],
    ["without an index", [calls(call({ id: "x" }, "read_file", a)), calls(call({ id: "y" }, "read_file", b))]],
    ["without an index, in one chunk", [calls(call({}, "read_file", a), call({}, "read_file", b))]],
    ["without index or id", [calls(call({}, "read_file", a)), calls(call({}, "read_file", b))]],
    [
      "with one id for both",
      [
        calls(call({ index: 0, id: "call_1" }, "read_file", a)),
        calls(call({ index: 1, id: "call_1" }, "read_file", b)),
      ],
    ],
    [
      "with one id for both and no index",
      [calls(call({ id: "call_1" }, "read_file", a)), calls(call({ id: "call_1" }, "read_file", b))],
    ],
    [
      "with empty ids",
      [calls(call({ index: 0, id: "" }, "read_file", a)), calls(call({ index: 1, id: "" }, "read_file", b))],
    ],
    [
      "with indexes from 1",
      [calls(call({ index: 1, id: "x" }, "read_file", a)), calls(call({ index: 7, id: "y" }, "read_file", b))],
    ],
    [
      "with indexes as text",
      [calls(call({ index: "0", id: "x" }, "read_file", a)), calls(call({ index: "1", id: "y" }, "read_file", b))],
    ],
    [
      "with null indexes",
      [calls(call({ index: null, id: "x" }, "read_file", a)), calls(call({ index: null, id: "y" }, "read_file", b))],
    ],
    [
      "interleaved",
      [
        calls(call({ index: 0, id: "x" }, "read_file", '{"pa')),
        calls(call({ index: 1, id: "y" }, "read_file", '{"path"')),
        calls(call({ index: 0 }, undefined, 'th":"a"}')),
        calls(call({ index: 1 }, undefined, ':"b"}')),
      ],
    ],
    [
      "whose name is repeated with each fragment",
      [
        calls(call({ index: 0, id: "x" }, "read_file", '{"pa')),
        calls(call({ index: 0, id: "x" }, "read_file", 'th":"a"}')),
        calls(call({ index: 1, id: "y" }, "read_file", b)),
        calls(call({ index: 1, id: "y" }, "read_file", "")),
      ],
    ],
    [
      "with a new id for each fragment",
      [
        calls(call({ index: 0, id: "r1" }, "read_file", '{"pa')),
        calls(call({ index: 0, id: "r2" }, undefined, 'th":"a"}')),
        calls(call({ index: 1, id: "r3" }, "read_file", b)),
      ],
    ],
    [
      "whose input is an object",
      [
        calls(call({ index: 0, id: "x" }, "read_file", { path: "a" })),
        calls(call({ index: 1, id: "y" }, "read_file", { path: "b" })),
      ],
    ],
    [
      "whose input is JSON in quotes",
      [calls(call({ index: 0 }, "read_file", JSON.stringify(a))), calls(call({ index: 1 }, "read_file", b))],
    ],
    [
      "whose input is sent as a whole each time",
      [
        calls(call({ index: 0 }, "read_file", '{"path"')),
        calls(call({ index: 0 }, undefined, a)),
        calls(call({ index: 1 }, "read_file", b)),
        calls(call({ index: 1 }, undefined, b)),
      ],
    ],
    [
      "whose name comes in pieces",
      [
        calls(call({ index: 0 }, "read_", "")),
        calls(call({ index: 0 }, "file", a)),
        calls(call({ index: 1 }, "read_file", b)),
      ],
    ],
    [
      "without a function around them",
      [calls({ index: 0, name: "read_file", arguments: a }, { index: 1, name: "read_file", arguments: b })],
    ],
  ])("%s", async (_, chunks) => {
    for (const finish of ["tool_calls", "stop", "function_call", "eos"]) {
      const events = await read(sse(...chunks, end(finish), "[DONE]"));
      expect(callsOf(events)).toEqual([one, two]);
      expect(outcomeOf(events)).toBe("tool_use");
      const ids = events.flatMap((event) => (event.type === "tool" ? [event.id] : []));
      expect(new Set(ids).size).toBe(2);
    }
  });

  test.each([
    ["absent", undefined],
    ["null", null],
    ["empty", ""],
    ["the text null", "null"],
    ["an empty object", {}],
  ])("an input that is %s is an empty object", async (_, input) => {
    const events = await read(sse(calls(call({ index: 0, id: "x" }, "list_files", input)), end("tool_calls")));
    expect(callsOf(events)).toEqual([["list_files", {}]]);
  });

  test("the old form of one function call", async () => {
    const events = await read(sse(delta({ function_call: { name: "read_file", arguments: a } }), end("function_call")));
    expect(callsOf(events)).toEqual([one]);
  });

  test("a long input is seen while it is written", async () => {
    const seen: string[] = [];
    async function* slowly(): AsyncGenerator<Uint8Array> {
      const encode = (chunk: unknown) => new TextEncoder().encode(sse(chunk));
      yield encode(calls(call({ index: 0, id: "x" }, "create_file", '{"path":"a","content":"')));
      for (let n = 0; n < 3; n++) {
        yield encode(calls(call({ index: 0 }, undefined, `line ${n} `)));
        seen.push(`sent ${n}`);
      }
      yield encode(calls(call({ index: 0 }, undefined, '"}')));
      yield encode(end("tool_calls"));
    }
    for await (const event of toEvents(slowly(), request)) if (event.type === "tool-input") seen.push(event.text);
    expect(seen.slice(0, 4)).toEqual(['{"path":"a","content":"', "line 0 ", "sent 0", "line 1 "]);
  });
});

describe("an answer that is not whole has no stop", () => {
  const whole = calls({ index: 0, id: "x", function: { name: "create_file", arguments: '{"path":"a"}' } });
  const half = calls({ index: 1, id: "y", function: { name: "create_file", arguments: '{"path":"b","cont' } });
  test.each([
    ["without finish reason or [DONE]", sse(whole, half)],
    ["without a finish reason, with half a call", sse(whole, half, "[DONE]")],
    ["without a finish reason, whole calls alone", sse(whole)],
    ["in the middle of a chunk", sse(whole) + 'data: {"choices":[{"del'],
    ["before anything", ""],
    ["before anything, in the middle of a chunk", 'data: {"choi'],
    ["with an error", sse(whole, { error: { message: "CUDA out of memory" } })],
    ["with an error event", `${sse(whole)}event: error\ndata: gone\n\n`],
    ["with a finish reason that says so", sse(whole, end("error"))],
    ["with a call that has no name", sse(calls({ index: 0, function: { arguments: "{}" } }), end("tool_calls"))],
  ])("%s", async (_, body) => {
    expect(outcomeOf(await read(body))).toMatch(/cut|exception/);
  });

  test("at the limit of its length, whatever calls it holds", async () => {
    for (const finish of ["length", "max_tokens", "MAX_TOKENS"])
      expect(outcomeOf(await read(sse(whole, half, end(finish), "[DONE]")))).toBe("max_tokens");
  });
});

describe("what is no answer is refused in the server's words", () => {
  test.each([
    [
      "an error body",
      JSON.stringify({ error: { message: "model not found", code: 404 } }),
      "ValidationException",
      /model not found/,
    ],
    ["an error as text", sse({ error: "overloaded" }), "ServiceUnavailableException", /overloaded/],
    ["a rate limit", sse({ error: { message: "slow down", code: 429 } }), "ThrottlingException", /slow down/],
    [
      "no credit",
      sse({ error: { message: "You exceeded your quota", code: "insufficient_quota" } }),
      "ServiceQuotaExceededException",
      /quota/,
    ],
    [
      "FastAPI's detail",
      JSON.stringify({ detail: [{ msg: "field required" }] }),
      "ValidationException",
      /field required/,
    ],
    [
      "vLLM's error",
      JSON.stringify({ object: "error", message: "bad request", code: 400 }),
      "ValidationException",
      /bad request/,
    ],
    ["a page", "<!doctype html><title>Sign in</title>", "ValidationException", /not in OpenAI's format.*doctype/],
  ])("%s", async (_, body, errorType, message) => {
    const error = await read(body).catch((thrown: unknown) => thrown);
    if (!(error instanceof ModelRefusal)) throw new Error("not refused");
    expect(error.errorType).toBe(errorType);
    expect(error.message).toMatch(message);
  });
});

test("whatever a server sends, the answer ends, and only a whole one has a stop with calls", async () => {
  const ends = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(oddAnswer, async ({ body, size }) => {
      const events = await read(body, size).catch((error: unknown) => {
        if (!(error instanceof ModelRefusal)) throw error;
        return undefined;
      });
      const end = events === undefined ? "refused" : outcomeOf(events);
      ends.set(String(end), (ends.get(String(end)) ?? 0) + 1);
      if (events === undefined) return;
      expect(events.filter(({ type }) => ["stop", "cut", "exception"].includes(type))).toEqual([events.at(-1)]);
      if (end !== "tool_use") return;
      for (const event of events) if (event.type === "tool") expect(event.name).not.toBe("");
      expect(/"finish_reason":"(?:stop|tool_calls)"|\[DONE\]/.test(body)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  // Every end occurs, so the property is about all of them.
  for (const end of ["refused", "tool_use", "end_turn", "max_tokens", "content_filtered", "exception", "cut"])
    expect(ends.get(end) ?? 0).toBeGreaterThan(5);
});
