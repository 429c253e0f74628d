import type { ModelMessage } from "ai";
import { lengthOf } from "./budget.ts";

/** The part of a conversation that is kept as it is, and what the part before it can do without. */

/**
 * Where the newest messages begin that fit into so many tokens. Calls stay with their results, so it is an answer of the
 * model, or what a person said after one.
 */
export function tailAt(messages: readonly ModelMessage[], tokens: number): number {
  let at = messages.length;
  let length = 0;
  for (let from = messages.length - 1; from >= 0; from--) {
    length += lengthOf(messages.slice(from, from + 1));
    if (length > tokens) break;
    if (messages[from]?.role !== "tool") at = from;
  }
  return at;
}

const clearedFrom = 400;

/** The messages with long tool results cleared: what a tool said can be asked for again. */
export function withoutOutputs(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message) => {
    if (message.role !== "tool") return message;
    const content = message.content.map((part) => {
      if (part.type !== "tool-result") return part;
      const { output } = part;
      const isText = output.type === "text" || output.type === "error-text";
      if (isText && output.value.length <= clearedFrom) return part;
      const type = output.type === "error-text" ? ("error-text" as const) : ("text" as const);
      return { ...part, output: { type, value: cleared } };
    });
    return { ...message, content };
  });
}

const cleared = "[This result was cleared to make room. Make the call again if you need it.]";
