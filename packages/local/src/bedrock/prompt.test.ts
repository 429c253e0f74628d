import { expect, test } from "vitest";
import { ConverseRequest } from "./converse.ts";
import { divergence, inputTokens } from "./prompt.ts";

const point = { cachePoint: { type: "default" } };
const tool = (name: string) => ({ toolSpec: { name, inputSchema: { json: { type: "object" } } } });
const user = (...content: object[]) => ({ role: "user", content });
const assistant = (...content: object[]) => ({ role: "assistant", content });
const base = {
  system: [{ text: "Be brief." }],
  toolConfig: { tools: [tool("a")] },
  messages: [user({ text: "go" }), assistant({ text: "Well." }), user({ text: "on" })],
};

function from(later: object): string | undefined {
  return divergence(ConverseRequest.parse(base), ConverseRequest.parse(later));
}

test("a request that adds blocks or messages continues the one before, wherever the cache points are", () => {
  expect(from(base)).toBeUndefined();
  const messages = [
    user({ text: "go" }, point),
    ...base.messages.slice(1, 2),
    user({ text: "on" }, { text: "now" }, point),
  ];
  expect(from({ ...base, system: [...base.system, point], messages: [...messages, assistant({ text: "Ok." })] })).toBe(
    undefined,
  );
});

test.each<[string, object]>([
  ["tools", { ...base, toolConfig: { tools: [tool("b")] } }],
  ["system", { ...base, system: [{ text: "Be verbose." }] }],
  ["messages.0", { ...base, messages: [user({ text: "stop" }), ...base.messages.slice(1)] }],
  ["messages.2", { ...base, messages: base.messages.slice(0, 2) }],
  ["settings", { ...base, additionalModelRequestFields: { thinking: { type: "adaptive" } } }],
])("one that changes before its end does not, from %s on", (at, later) => {
  expect(from(later)).toBe(at);
});

test("an image counts by what a model makes of it, not by its base64", () => {
  const image = { image: { format: "png", source: { bytes: "a".repeat(1_000_000) } } };
  expect(inputTokens(ConverseRequest.parse({ messages: [user(image)] }))).toBeLessThan(2000);
});
