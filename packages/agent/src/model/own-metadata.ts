import type { LanguageModelMiddleware } from "ai";

type Params = Parameters<NonNullable<LanguageModelMiddleware["transformParams"]>>[0]["params"];
type Message = Params["prompt"][number];

/**
 * Sends a provider nothing that another one attached to the conversation: signatures, ids of stored items, cache points.
 * Thinking goes only to who thought it. `namespaces` are the provider's own keys of options, `model` our id of the model.
 */
export function withOwnMetadata(namespaces: readonly string[], model: string): LanguageModelMiddleware {
  return {
    transformParams: ({ params }) =>
      Promise.resolve({ ...params, prompt: params.prompt.flatMap((message) => owned(message)) }),
  };

  function owned(message: Message): Message[] {
    const { providerOptions } = message;
    if (message.role === "system") return [{ ...message, ...only(providerOptions) }];
    if (message.role === "user")
      return [{ ...message, ...only(providerOptions), content: message.content.map(cleaned) }];
    if (message.role === "tool")
      return [{ ...message, ...only(providerOptions), content: message.content.map(cleaned) }];
    const content = message.content.filter((part) => part.type !== "reasoning" || isOwn(part)).map(cleaned);
    // A message of thinking alone would be an empty one.
    return content.length === 0 ? [] : [{ ...message, ...only(providerOptions), content }];
  }

  function isOwn({ providerOptions }: { providerOptions?: Options | undefined }): boolean {
    if (providerOptions?.slipway?.model !== undefined) return providerOptions.slipway.model === model;
    return namespaces.some((name) => providerOptions?.[name] !== undefined);
  }

  function cleaned<Part extends { providerOptions?: Options | undefined }>(part: Part): Part {
    return { ...part, ...only(part.providerOptions) };
  }

  function only(options: Options | undefined): { providerOptions?: Options } {
    if (options === undefined) return {};
    return {
      providerOptions: Object.fromEntries(Object.entries(options).filter(([name]) => namespaces.includes(name))),
    };
  }
}

type Options = NonNullable<Message["providerOptions"]>;
