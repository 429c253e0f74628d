import type { ModelMessage, SystemModelMessage } from "ai";

/** Where a provider may cache a request: what stands before the points is the same in the next one. */

/** In the words of both providers that have them. */
const point = {
  amazonBedrock: { cachePoint: { type: "default" as const } },
  anthropic: { cacheControl: { type: "ephemeral" as const } },
};

/** After the first system text, which all runs share. */
export function cachedInstructions(instructions: readonly SystemModelMessage[]): SystemModelMessage[] {
  return instructions.map((message, at) => (at === 0 ? { ...message, providerOptions: point } : message));
}

/** After the last message: the next step's request begins with all of them. */
export function cachedMessages(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message, at) =>
    at === messages.length - 1 && message.role !== "assistant" ? { ...message, providerOptions: point } : message,
  );
}
