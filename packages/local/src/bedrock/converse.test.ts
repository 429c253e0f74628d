import { expect, test } from "vitest";
import { ConverseRequest, validateConversation } from "./converse.ts";

const use = (toolUseId: string, name = "read_file", input: unknown = {}) => ({ toolUse: { toolUseId, name, input } });
const result = (toolUseId: string, text = "ok") => ({ toolResult: { toolUseId, content: [{ text }] } });
const toolConfig = { tools: [{ toolSpec: { name: "read_file", inputSchema: { json: {} } } }] };

function validate(...contents: unknown[][]): void {
  const messages = contents.map((content, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content }));
  validateConversation(ConverseRequest.parse({ messages, toolConfig }));
}
const go = [{ text: "go" }];

test("takes a conversation with calls and their results", () => {
  validate(go, [use("a-1_B"), use("b")], [result("b"), result("a-1_B"), { text: "and then?" }]);
});

test.each<[string, unknown[][]]>([
  ["an id with a colon", [go, [use("1:a")], [result("1:a")]]],
  ["an empty id", [go, [use("")], [result("")]]],
  ["an id of 65 characters", [go, [use("a".repeat(65))], [result("a".repeat(65))]]],
  ["one id for two calls", [go, [use("a"), use("a")], [result("a"), result("a")]]],
  ["one id for calls of two steps", [go, [use("a")], [result("a")], [use("a")], [result("a")]]],
  ["a name with spaces", [go, [use("a", "read file")], [result("a")]]],
  ["an input that is a list", [go, [use("a", "read_file", [])], [result("a")]]],
  ["a lone surrogate in an input", [go, [use("a", "read_file", { path: "\uD83D" })], [result("a")]]],
  ["a lone surrogate in a result", [go, [use("a")], [result("a", "x\uD83D")]]],
  ["a lone surrogate in a text", [[{ text: "\uDE00" }]]],
  ["a blank text", [[{ text: " \n" }]]],
  ["a blank result", [go, [use("a")], [result("a", "")]]],
  ["words before the results", [go, [use("a")], [{ text: "wait" }, result("a")]]],
  ["a result twice", [go, [use("a")], [result("a"), result("a")]]],
])("refuses %s", (_, contents) => {
  expect(() => validate(...contents)).toThrow();
});
