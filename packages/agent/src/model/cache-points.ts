import type { ModelMessage, SystemModelMessage } from "ai";

/** Where a provider may cache a request: what stands before the points is the same in the next one. At most four. */

/** In the words of both providers that have them. */
const point = {
  amazonBedrock: { cachePoint: { type: "default" as const } },
  anthropic: { cacheControl: { type: "ephemeral" as const } },
};
/** The end of this request and of those before it: a provider looks back over about 20 blocks only, and one step may add more. */
const ends = 3;

/** After the first system text, which all runs share. */
export function cachedInstructions(instructions: readonly SystemModelMessage[]): SystemModelMessage[] {
  return instructions.map((message, at) => (at === 0 ? { ...message, providerOptions: point } : message));
}

/** After the last message, with which the next step's request begins, and after the last ones of the requests before. */
export function cachedMessages(messages: readonly ModelMessage[]): ModelMessage[] {
  const last = messages.flatMap(({ role }, at) => (role !== "assistant" && isLastOfTurn(messages, at) ? [at] : []));
  const marked = new Set(last.slice(-ends));
  return messages.map((message, at) => (marked.has(at) ? { ...message, providerOptions: point } : message));
}

/** Messages of one side in a row are one message to the provider. */
function isLastOfTurn(messages: readonly ModelMessage[], at: number): boolean {
  const next = messages[at + 1];
  return next === undefined || next.role === "assistant";
}
