import { headOf, tailOf } from "@slipway/contract/cut";
import type { ModelMessage } from "ai";

/** A conversation as one text, for a summary of it: its middle goes when it is longer than so many tokens. */
export function written(messages: readonly ModelMessage[], tokens: number): string {
  const text = messages
    .map(one)
    .filter((line) => line !== "")
    .join("\n\n");
  const characters = Math.max(1000, tokens * 3);
  if (text.length <= characters) return text;
  const half = Math.floor(characters / 2);
  return `${headOf(text, half)}\n\n[…]\n\n${tailOf(text, half)}`;
}

function one({ role, content }: ModelMessage): string {
  if (typeof content === "string") return `${names[role]}: ${content}`;
  const parts = content.map((part) => {
    switch (part.type) {
      case "text":
        return part.text;
      case "tool-call":
        return `[calls ${part.toolName} ${headOf(JSON.stringify(part.input), maxInput)}]`;
      case "tool-result":
        return `[${part.toolName} answered] ${outputOf(part.output)}`;
      case "file":
        return "[a file]";
      default:
        return "";
    }
  });
  const text = parts.filter((part) => part.trim() !== "").join("\n");
  return text === "" ? "" : `${names[role]}: ${text}`;
}

const names = { system: "System", user: "Person", assistant: "You", tool: "Tools" } as const;
/** Characters of a call's input and of a result. */
const maxInput = 600;
const maxOutput = 600;

function outputOf(output: { type: string; value?: unknown }): string {
  const value = typeof output.value === "string" ? output.value : JSON.stringify(output.value ?? "");
  return headOf(value, maxOutput);
}
