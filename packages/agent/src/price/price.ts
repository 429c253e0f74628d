import { lookedUp, type ModelInfo, type Prices } from "@slipway/core/registry";
import type { LanguageModelUsage } from "ai";

/** Dollars of a model call, from the provider's own token counts and the registry's dated prices. */

export interface Tokens {
  /** Neither read from the cache nor written to it. */
  input: number;
  output: number;
  cacheRead: number;
  /** Written for five minutes, and for an hour. */
  cacheWrite: number;
  cacheWriteHour?: number;
}

/** Larger than any request; what a provider reports beyond it is a mistake. */
const maxTokens = 1e8;

/** A call's token counts. A provider may report none, or nonsense: each is then 0, and never fails an answer. */
export function tokensOf({ inputTokens, outputTokens, inputTokenDetails, raw }: LanguageModelUsage): Tokens {
  const written = count(inputTokenDetails.cacheWriteTokens);
  const cacheWriteHour = Math.min(written, hourly(raw));
  return {
    input: count(inputTokenDetails.noCacheTokens ?? inputTokens),
    output: count(outputTokens),
    cacheRead: count(inputTokenDetails.cacheReadTokens),
    cacheWrite: written - cacheWriteHour,
    ...(cacheWriteHour > 0 ? { cacheWriteHour } : {}),
  };
}

/** Tokens written for an hour: Bedrock's `cacheDetails`, or Anthropic's `cache_creation`. */
function hourly(raw: unknown): number {
  const { cacheDetails, cache_creation: creation } = isRecord(raw) ? raw : {};
  if (isRecord(creation)) return count(creation.ephemeral_1h_input_tokens);
  if (!Array.isArray(cacheDetails)) return 0;
  const details: unknown[] = cacheDetails;
  return details.reduce<number>(
    (sum, each) => sum + (isRecord(each) && each.ttl === "1h" ? count(each.inputTokens) : 0),
    0,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function count(value: unknown): number {
  return typeof value === "number" && value > 0 ? Math.min(maxTokens, Math.round(value)) : 0;
}

/** A model without a known price costs 0, and so does one that a person's own key pays for. The ledger shows its name. */
export function price(
  { info: { prices }, paidBy }: { info: Pick<ModelInfo, "prices">; paidBy: "team" | "person" },
  tokens: Tokens,
): { dollars: number; priced: string } {
  const isTeams = paidBy === "team" && prices !== undefined;
  return { dollars: isTeams ? dollarsOf(prices, tokens) : 0, priced: lookedUp };
}

function dollarsOf(prices: Prices, { input, output, cacheRead, cacheWrite, cacheWriteHour = 0 }: Tokens): number {
  const prompt = input + cacheRead + cacheWrite + cacheWriteHour;
  const rates = prices.above && prompt > prices.above.promptTokens ? prices.above : prices;
  const millionths =
    input * rates.input +
    output * rates.output +
    cacheRead * rates.cacheRead +
    cacheWrite * rates.cacheWrite +
    cacheWriteHour * rates.cacheWriteHour;
  return millionths / 1e6;
}
