import type { Message } from "@slipway/contract/conversation";
import type { Block } from "@slipway/contract/run";
import type { AssistantContent, FilePart, ModelMessage, TextPart, ToolContent } from "ai";

type UserPart = TextPart | FilePart;

/** What belongs to messages and is kept elsewhere. */
export interface Beside {
  /** What the person took back of a run's changes, by run. */
  rejections: ReadonlyMap<string, readonly string[]>;
  /** What came with a message, by message. */
  attachments: ReadonlyMap<string, readonly UserPart[]>;
}
const nothing: Beside = { rejections: new Map(), attachments: new Map() };

/**
 * Earlier messages of a conversation as the model's own: each answer is taken apart into steps again, calls before
 * their results. Thinking stays behind, since it is bound to the model that thought it.
 */
export function toModelMessages(messages: readonly Message[], beside: Beside = nothing): ModelMessage[] {
  const converted: ModelMessage[] = [];
  const say = (parts: readonly UserPart[]) => {
    const last = converted.at(-1);
    // A conversation alternates; what was said twice in a row is one message.
    if (last?.role === "user" && typeof last.content !== "string") last.content = [...last.content, ...parts];
    else converted.push({ role: "user", content: [...parts] });
  };
  for (const message of messages) {
    if (message.role === "user") {
      say([{ type: "text", text: message.text }, ...(beside.attachments.get(message.id) ?? [])]);
      continue;
    }
    converted.push(...fromBlocks(message.blocks));
    const notes = beside.rejections.get(message.runId ?? "") ?? [];
    if (notes.length > 0) say([{ type: "text", text: asNote(notes.join("\n\n")) }]);
  }
  return converted;
}

/** What Slipway tells the model in the person's turn, told apart from the person's own words. */
export function asNote(text: string): string {
  return `<slipway-note>\n${text}\n</slipway-note>`;
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
