import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { wrapLanguageModel, type LanguageModelMiddleware } from "ai";
import { thinkingTags } from "./thinking-tags.ts";
import { wellFormed } from "./well-formed.ts";

export type ProvidedModel = ReturnType<typeof wrapLanguageModel>;

let provider: ReturnType<typeof createAmazonBedrock> | undefined;

/** The model of an id. The provider is always Bedrock, found by the SDK's own settings. */
export function resolve(id: string): ProvidedModel {
  provider ??= createAmazonBedrock();
  return wrapLanguageModel({ model: provider(id), middleware: seam });
}

/** What no model is sent, and what none sends on. */
export const seam: LanguageModelMiddleware[] = [wellFormed, thinkingTags];
