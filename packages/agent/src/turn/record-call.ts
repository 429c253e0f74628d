import type { TokenCounts } from "@slipway/contract/run";
import * as Ledger from "@slipway/core/ledger/system";
import type { RunRecord } from "@slipway/core/run/system";
import type { Provided } from "../model/provider.ts";
import { price, type Tokens } from "../price/price.ts";

/** Puts a model call into the ledger, whatever becomes of its answer. Resolves to its dollars. */
export async function recordCall(
  { runID, userID, projectID }: RunRecord,
  call: string,
  tokens: Tokens & { estimated?: boolean },
  { info, paidBy }: Pick<Provided, "info" | "paidBy">,
): Promise<number> {
  const { dollars, priced } = price({ info, paidBy }, tokens);
  await Ledger.record({
    runID,
    call,
    userID,
    projectID,
    model: info.id,
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    cacheReadTokens: tokens.cacheRead,
    cacheWriteTokens: tokens.cacheWrite + (tokens.cacheWriteHour ?? 0),
    dollars,
    priced,
    ...(paidBy === "person" ? { isOwnKey: true } : {}),
    ...(tokens.estimated ? { estimated: true } : {}),
  });
  return dollars;
}

/** Puts a model call into the ledger. Resolves to what its run has taken with it. */
export async function charge(
  run: RunRecord,
  call: string,
  tokens: Tokens & { estimated?: boolean },
  payer: Pick<Provided, "info" | "paidBy">,
): Promise<{ cost: number; tokens: TokenCounts }> {
  const dollars = await recordCall(run, call, tokens, payer);
  const before = run.tokens ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  return {
    cost: run.cost + dollars,
    tokens: {
      input: before.input + tokens.input,
      output: before.output + tokens.output,
      cacheRead: before.cacheRead + tokens.cacheRead,
      cacheWrite: before.cacheWrite + tokens.cacheWrite + (tokens.cacheWriteHour ?? 0),
    },
  };
}
