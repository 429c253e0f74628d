import { expect, test } from "vitest";
import { ConverseRequest } from "./converse.ts";
import { createThinkingSeal } from "./thinking-seal.ts";

const model = "anthropic.claude-sonnet-5-5";
const bound = createThinkingSeal("key", { bindsPrefix: true });
const unbound = createThinkingSeal("key", { bindsPrefix: false });

const system = [{ text: "Be brief." }];
const tool = (name: string) => ({ toolSpec: { name, inputSchema: { json: { type: "object" } } } });
const asked = (text = "go") => ({ role: "user", content: [{ text }] });
const thought = (text: string, signature?: string) => ({ reasoningContent: { reasoningText: { text, signature } } });
const call = { toolUse: { toolUseId: "a", name: "read_file", input: {} } };
const result = { role: "user", content: [{ toolResult: { toolUseId: "a", content: [{ text: "ok" }] } }] };

const first = { system, toolConfig: { tools: [tool("read_file")] }, messages: [asked()] };
const signature = bound.sign(model, ConverseRequest.parse(first), { before: [], text: "Hm." });
const second = (content: object[] = [thought("Hm.", signature), call]) => ({
  ...first,
  messages: [...first.messages, { role: "assistant", content }, result],
});
const verify = (request: object, seal = bound, of = model) => seal.verify(of, ConverseRequest.parse(request));
const point = { cachePoint: { type: "default" } };

test("thinking comes back behind the conversation that it was sent in, wherever the cache points are", () => {
  verify(second());
  const moved = second();
  verify({ ...moved, system: [...system, point], messages: [asked(), ...moved.messages.slice(1)] });
});

test.each<[string, object]>([
  ["another system", { ...second(), system: [{ text: "Be verbose." }] }],
  ["other tools", { ...second(), toolConfig: { tools: [tool("read_file"), tool("other")] } }],
  ["another message before it", { ...second(), messages: [asked("stop"), ...second().messages.slice(1)] }],
])("behind %s it is refused where thinking is bound, and only there", (_, request) => {
  expect(() => verify(request)).toThrow("messages.1.content.0: Invalid `signature` in `thinking` block");
  verify(request, unbound);
});

test.each<[string, object]>([
  ["changed", second([thought("Hm!", signature), call])],
  ["with a signature of somebody else", second([thought("Hm.", "c2lnbmVk"), call])],
  ["with half a signature", second([thought("Hm.", signature.slice(0, 40)), call])],
  ["after other words", second([{ text: "So." }, thought("Hm.", signature), call])],
  ["twice", second([thought("Hm.", signature), thought("Hm.", signature), call])],
])("%s it is refused in any case", (_, request) => {
  for (const seal of [bound, unbound]) expect(() => verify(request, seal)).toThrow("Invalid `signature`");
});

test("without a signature, of another model, or signed with another key it is refused", () => {
  expect(() => verify(second([thought("Hm."), call]))).toThrow("signature: Field required");
  expect(() => verify(second(), bound, "anthropic.claude-opus-5-5")).toThrow("Invalid `signature`");
  expect(() => verify(second(), createThinkingSeal("other", { bindsPrefix: false }))).toThrow("Invalid `signature`");
});

test("thinking between words is bound to the words before it", () => {
  const request = ConverseRequest.parse(first);
  const later = bound.sign(model, request, {
    before: [
      ["thinking", "Hm."],
      ["text", "First,"],
    ],
    text: "Then?",
  });
  const content = [thought("Hm.", signature), { text: "First," }, thought("Then?", later), call];
  verify(second(content));
  expect(() => verify(second(content.with(1, { text: "Last," })))).toThrow("messages.1.content.2");
});
