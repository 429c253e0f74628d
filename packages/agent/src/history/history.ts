import type { Message } from "@slipway/contract/conversation";
import type { Block } from "@slipway/contract/run";
import type { AssistantContent, FilePart, ModelMessage, TextPart, ToolContent } from "ai";
import { asNote } from "../prompt/note.ts";

type UserPart = TextPart | FilePart;

/** What belongs to messages and is stored elsewhere. */
export interface MessageExtras {
  /** What the person reverted of a run's changes, by run. */
  rejections: ReadonlyMap<string, readonly string[]>;
  /** Attachments and notes, by message. They come before its text. */
  attachments: ReadonlyMap<string, readonly UserPart[]>;
}
const nothing: MessageExtras = { rejections: new Map(), attachments: new Map() };

/**
 * Earlier messages of a conversation as the model's own. Each answer is split into its steps again, calls before their
 * results. Thinking is left out: it is bound to the model that produced it.
 */
export function toModelMessages(messages: readonly Message[], extras: MessageExtras = nothing): ModelMessage[] {
  const converted: ModelMessage[] = [];
  const say = (parts: readonly UserPart[]) => {
    const last = converted.at(-1);
    // Roles must alternate, so two user messages in a row become one.
    if (last?.role === "user" && typeof last.content !== "string") last.content = [...last.content, ...parts];
    else converted.push({ role: "user", content: [...parts] });
  };
  for (const message of messages) {
    if (message.role === "user") {
      say([...(extras.attachments.get(message.id) ?? []), { type: "text", text: message.text }]);
      continue;
    }
    converted.push(...fromBlocks(message.blocks));
    const notes = extras.rejections.get(message.runId ?? "") ?? [];
    if (notes.length > 0) say([{ type: "text", text: asNote(notes.join("\n\n")) }]);
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
