import { addressOf, fetchWith, type Connection } from "@slipway/core/provider/system";
import type { LanguageModelMiddleware } from "ai";
import { withOwnMetadata } from "./own-metadata.ts";

/**
 * Models that are reached with a key, each through its provider's own protocol. A provider is loaded when it is first
 * used, so that a turn on Bedrock does not wait for the others.
 */

interface Connected {
  model: Parameters<typeof import("ai").wrapLanguageModel>[0]["model"];
  /** What every call of it needs. */
  middleware: LanguageModelMiddleware[];
}

/** `id` is our id of the model, `name` the provider's. `thinks`: it takes an effort. */
export async function connect(
  { provider, baseURL, key }: Connection,
  { id, name, thinks }: { id: string; name: string; thinks: boolean },
): Promise<Connected> {
  const common = { baseURL: addressOf(provider, baseURL), fetch: fetchWith(key) };
  switch (provider) {
    case "anthropic": {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      return {
        model: createAnthropic({ ...common, apiKey: key })(name),
        middleware: [withOwnMetadata(["anthropic"], id)],
      };
    }
    case "openai": {
      const { createOpenAI } = await import("@ai-sdk/openai");
      // Nothing is kept there, so thinking travels encrypted, and another key can continue the conversation.
      const options = { openai: { store: false, ...(thinks ? { reasoningSummary: "auto" } : {}) } };
      return {
        model: createOpenAI({ ...common, apiKey: key }).responses(name),
        middleware: [withOwnMetadata(["openai"], id), withOptions(options)],
      };
    }
    case "google": {
      const { createGoogle } = await import("@ai-sdk/google");
      const options = { google: thinks ? { thinkingConfig: { includeThoughts: true } } : {} };
      return {
        model: createGoogle({ ...common, apiKey: key })(name),
        middleware: [withOwnMetadata(["google"], id), withOptions(options)],
      };
    }
    case "openrouter":
    case "compatible": {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      const model = createOpenAICompatible({
        ...common,
        name: provider,
        includeUsage: true,
        ...(key === "" ? {} : { apiKey: key }),
      })(name);
      return { model, middleware: [withOwnMetadata([provider], id)] };
    }
  }
}

/** Options of the provider for every call, besides the caller's. */
function withOptions(options: NonNullable<Params["providerOptions"]>): LanguageModelMiddleware {
  return {
    transformParams: ({ params }) =>
      Promise.resolve({ ...params, providerOptions: { ...params.providerOptions, ...options } }),
  };
}

type Params = Parameters<NonNullable<LanguageModelMiddleware["transformParams"]>>[0]["params"];
