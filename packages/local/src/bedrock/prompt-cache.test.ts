import { expect, test } from "vitest";
import { ConverseRequest } from "./converse.ts";
import { createPromptCache, type InputUsage } from "./prompt-cache.ts";
import type { CacheRules } from "./served-models.ts";

const rules: CacheRules = { minimum: 1024, lifetimes: ["5m", "1h"], tools: true };
const minute = 60_000;
const point = (ttl?: string) => ({ cachePoint: { type: "default", ...(ttl === undefined ? {} : { ttl }) } });
/** About so many tokens. */
const text = (tokens: number, word = "some ") => ({ text: word.repeat(Math.ceil((tokens * 4) / word.length)) });

function cacheAt(start = 0): {
  time: { now: number };
  ask(request: object, options?: { model?: string; rules?: CacheRules }): InputUsage;
} {
  const time = { now: start };
  const cache = createPromptCache(() => time.now);
  return {
    time,
    ask: (request, options = {}) =>
      cache.use(options.model ?? "claude", ConverseRequest.parse(request), options.rules ?? rules),
  };
}

const user = (...content: object[]) => ({ role: "user", content });
const assistant = (...content: object[]) => ({ role: "assistant", content });
const total = ({ inputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 }: InputUsage) =>
  inputTokens + cacheReadInputTokens + cacheWriteInputTokens;

test("the first request writes up to its point, the next one reads it, and what follows a point is plain input", () => {
  const { ask } = cacheAt();
  const opening = [text(2000), point()];
  const first = ask({ messages: [user(...opening, text(100))] });
  expect(first.cacheReadInputTokens).toBe(0);
  expect(first.cacheWriteInputTokens).toBeGreaterThan(2000);
  expect(first.inputTokens).toBeGreaterThan(100);
  expect(first.inputTokens).toBeLessThan(120);
  const next = ask({ messages: [user(...opening, text(300))] });
  expect(next).toMatchObject({ cacheReadInputTokens: first.cacheWriteInputTokens, cacheWriteInputTokens: 0 });
});

test("a conversation that grows reads all that it wrote before, and writes only what is new", () => {
  const { ask } = cacheAt();
  const first = [user(text(2000))];
  const wrote = ask({ messages: [user(...(first[0]?.content ?? []), point())] });
  const grown = [...first, assistant(text(50)), user(text(70), point())];
  const usage = ask({ messages: grown });
  expect(usage.cacheReadInputTokens).toBe(wrote.cacheWriteInputTokens);
  expect(usage.cacheWriteInputTokens).toBeLessThan(160);
  expect(usage.inputTokens).toBe(0);
});

test("a prefix is found 20 blocks before a point and no further, but by a point of its own", () => {
  const opening = [text(2000)];
  const more = (blocks: number) => Array.from({ length: blocks }, (_, at) => ({ text: `Block ${at}.` }));
  const read = (blocks: number, ...own: object[]) => {
    const { ask } = cacheAt();
    ask({ messages: [user(...opening, point())] });
    return ask({ messages: [user(...opening, ...own, ...more(blocks), point())] }).cacheReadInputTokens;
  };
  expect(read(20)).toBeGreaterThan(2000);
  expect(read(21)).toBe(0);
  expect(read(21, point())).toBeGreaterThan(2000);
});

test("a change before a point misses, in the tools for all that follows", () => {
  const { ask } = cacheAt();
  const tool = (description: string) => ({
    toolConfig: { tools: [{ toolSpec: { name: "a", description, inputSchema: { json: { type: "object" } } } }] },
  });
  const rest = { system: [text(2000), point()], messages: [user({ text: "go" })] };
  ask({ ...tool("One."), ...rest });
  expect(ask({ ...tool("One."), ...rest }).cacheReadInputTokens).toBeGreaterThan(0);
  expect(ask({ ...tool("Two."), ...rest }).cacheReadInputTokens).toBe(0);
});

test("other settings of thinking miss in the messages, and not in the system", () => {
  const { ask } = cacheAt();
  const request = { system: [text(2000), point()], messages: [user(text(2000), point())] };
  const all = total(ask(request));
  const thinking = { additionalModelRequestFields: { thinking: { type: "adaptive" } } };
  const usage = ask({ ...request, ...thinking });
  expect(usage.cacheReadInputTokens).toBeGreaterThan(2000);
  expect(usage.cacheReadInputTokens).toBeLessThan(all - 1900);
});

test("a prefix below the model's minimum is not kept", () => {
  const { ask } = cacheAt();
  const request = { messages: [user(text(3000), point())] };
  for (const minimum of [1024, 4096]) {
    const usage = ask(request, { model: String(minimum), rules: { ...rules, minimum } });
    expect(usage.cacheWriteInputTokens).toBe(minimum === 1024 ? total(usage) : 0);
  }
});

test("a prefix lives five minutes or an hour from its last use", () => {
  const { ask, time } = cacheAt();
  const short = { messages: [user(text(2000, "short "), point())] };
  const long = { messages: [user(text(2000, "long "), point("1h"))] };
  expect(ask(short).cacheDetails).toMatchObject([{ ttl: "5m" }]);
  expect(ask(long).cacheDetails).toMatchObject([{ ttl: "1h" }]);
  for (let at = 1; at <= 3; at++) {
    time.now = at * 4 * minute;
    expect(ask(short).cacheReadInputTokens).toBeGreaterThan(0);
  }
  time.now += 5 * minute;
  expect(ask(short).cacheReadInputTokens).toBe(0);
  expect(ask(long).cacheReadInputTokens).toBeGreaterThan(0);
  time.now += 60 * minute;
  expect(ask(long).cacheReadInputTokens).toBe(0);
});

test("models do not share a cache, and one without reports none", () => {
  const { ask } = cacheAt();
  const request = { messages: [user(text(2000), point())] };
  ask(request, { model: "one" });
  expect(ask(request, { model: "two" }).cacheReadInputTokens).toBe(0);
  const cache = createPromptCache();
  expect(Object.keys(cache.use("three", ConverseRequest.parse(request), undefined))).toEqual(["inputTokens"]);
});
