import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import type { LanguageModel } from "ai";

let provider: ReturnType<typeof createAmazonBedrock> | undefined;

/** The model of an id. The provider is always Bedrock, found by the SDK's own settings. */
export function resolve(id: string): LanguageModel {
  provider ??= createAmazonBedrock();
  return provider(id);
}
