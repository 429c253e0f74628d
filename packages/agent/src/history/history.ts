import type { Message } from "@slipway/contract/conversation";
import type { Block } from "@slipway/contract/run";
import type { AssistantContent, ModelMessage, ToolContent } from "ai";

/**
 * Earlier messages of a conversation as the model's own: each answer is taken apart into steps again, calls before
 * their results. Thinking stays behind, since it is bound to the model that thought it.
 */
export function toModelMessages(messages: readonly Message[]): ModelMessage[] {
  const converted: ModelMessage[] = [];
  const say = (text: string) => {
    const last = converted.at(-1);
    // A conversation alternates; what was said twice in a row is one message.
    if (last?.role === "user" && typeof last.content === "string") last.content += `\n\n${text}`;
    else converted.push({ role: "user", content: text });
  };
  for (const message of messages) {
    if (message.role === "user") say(message.text);
    else converted.push(...fromBlocks(message.blocks));
  }
  return converted;
}

function fromBlocks(blocks: readonly Block[]): ModelMessage[] {
  const messages: ModelMessage[] = [];
  let said: Exclude<AssistantContent, string> = [];
  let results: ToolContent = [];
  const flush = () => {
    if (said.length > 0) messages.push({ role: "assistant", content: said });
    if (results.length > 0) messages.push({ role: "tool", content: results });
    said = [];
    results = [];
  };
  for (const block of blocks) {
    if (block.type === "text" && block.text.trim() !== "") {
      if (results.length > 0) flush();
      said.push({ type: "text", text: block.text });
    }
    if (block.type === "steer") {
      flush();
      messages.push({ role: "user", content: block.text });
    }
    // A call without a result never took effect, and a conversation that holds one is refused.
    if (block.type === "tool" && block.result) {
      said.push({ type: "tool-call", toolCallId: block.id, toolName: block.tool, input: block.input });
      const failed = block.result.state !== "completed";
      results.push({
        type: "tool-result",
        toolCallId: block.id,
        toolName: block.tool,
        output: { type: failed ? "error-text" : "text", value: block.result.output },
      });
    }
  }
  flush();
  return messages;
}
