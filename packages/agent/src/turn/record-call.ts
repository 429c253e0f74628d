import * as Ledger from "@slipway/core/ledger/system";
import type { RunRecord } from "@slipway/core/run/system";
import { price, type Tokens } from "../price/price.ts";

/** Puts a model call into the ledger, whatever becomes of its answer. Resolves to its dollars. */
export async function recordCall(
  { runID, userID, projectID, model }: RunRecord,
  call: string,
  tokens: Tokens & { estimated?: boolean },
): Promise<number> {
  const { dollars, priced } = price(model, tokens);
  await Ledger.record({
    runID,
    call,
    userID,
    projectID,
    model,
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    cacheReadTokens: tokens.cacheRead,
    cacheWriteTokens: tokens.cacheWrite + (tokens.cacheWriteHour ?? 0),
    dollars,
    priced,
    ...(tokens.estimated ? { estimated: true } : {}),
  });
  return dollars;
}
