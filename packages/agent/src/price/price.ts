import type { LanguageModelUsage } from "ai";
import { z } from "zod";
import table from "./prices.json" with { type: "json" };

/** Dollars of a model call, from the provider's own token counts and a dated table. */

const Rates = z.object({ input: z.number(), output: z.number(), cacheRead: z.number(), cacheWrite: z.number() });
const Table = z.object({
  date: z.string(),
  models: z.record(z.string(), Rates.extend({ above: Rates.extend({ promptTokens: z.int() }).optional() })),
});
const prices = Table.parse(table);

export interface Tokens {
  /** Neither read from the cache nor written to it. */
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

/** Larger than any request; what a provider reports beyond it is a mistake. */
const maxTokens = 1e8;

/** A call's token counts. A provider may report none, or nonsense: each is then 0, and never fails an answer. */
export function tokensOf({ inputTokens, outputTokens, inputTokenDetails }: LanguageModelUsage): Tokens {
  return {
    input: count(inputTokenDetails.noCacheTokens ?? inputTokens),
    output: count(outputTokens),
    cacheRead: count(inputTokenDetails.cacheReadTokens),
    cacheWrite: count(inputTokenDetails.cacheWriteTokens),
  };
}

function count(value: unknown): number {
  return typeof value === "number" && value > 0 ? Math.min(maxTokens, Math.round(value)) : 0;
}

/** A model that is not in the table costs 0; the ledger shows its name. */
export function price(model: string, tokens: Tokens): { dollars: number; priced: string } {
  const known = prices.models[model];
  if (known === undefined) return { dollars: 0, priced: prices.date };
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  const rates = known.above && prompt > known.above.promptTokens ? known.above : known;
  const millionths =
    tokens.input * rates.input +
    tokens.output * rates.output +
    tokens.cacheRead * rates.cacheRead +
    tokens.cacheWrite * rates.cacheWrite;
  return { dollars: millionths / 1e6, priced: prices.date };
}
