import type { ModelMessage } from "ai";

/** Thinking is bound to the model that produced it: another one is sent the conversation without it. */

const mark = "slipway";

/** The messages with the model's name on what it thought. */
export function signed(messages: readonly ModelMessage[], model: string): ModelMessage[] {
  return messages.map((message) => {
    if (message.role !== "assistant" || typeof message.content === "string") return message;
    const content = message.content.map((part) =>
      part.type === "reasoning" ? { ...part, providerOptions: { ...part.providerOptions, [mark]: { model } } } : part,
    );
    return { ...message, content };
  });
}

/** The messages as a model is sent them: without what others thought. */
export function withOwnThinking(messages: readonly ModelMessage[], model: string): ModelMessage[] {
  return filtered(messages, (by) => by === undefined || by === model);
}

/** Once what stood before it has changed, no thinking counts. */
export function withoutThinking(messages: readonly ModelMessage[]): ModelMessage[] {
  return filtered(messages, () => false);
}

function filtered(messages: readonly ModelMessage[], keeps: (by: unknown) => boolean): ModelMessage[] {
  return messages.flatMap((message) => {
    if (message.role !== "assistant" || typeof message.content === "string") return [message];
    const content = message.content.filter(
      (part) => part.type !== "reasoning" || keeps(part.providerOptions?.[mark]?.model),
    );
    // An answer of thinking alone would be an empty one.
    return content.length === 0 ? [] : [{ ...message, content }];
  });
}
