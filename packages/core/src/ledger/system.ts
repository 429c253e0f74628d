import { month, now } from "../clock/clock.ts";
import * as Log from "../log/log.ts";
import { putItem, transact } from "../table/table.ts";
import * as Usages from "../usage/system.ts";
import { LedgerEntity } from "./ledger.entity.ts";

/** What each model call used and cost, by run, person, project and month. */

export interface ModelCall {
  runID: string;
  /** A step and its attempt, "title", or "assist". Recording one twice changes nothing. */
  call: string;
  userID: string;
  projectID: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  dollars: number;
  priced: string;
  /** A person's own key paid for it, so it cost the team nothing. */
  isOwnKey?: boolean;
  /** The call was cut off before the provider said what it took. */
  estimated?: boolean;
}

/** The call and the month's sum, in one transaction. Recording it again changes neither. */
export async function record(call: ModelCall, assists = 0): Promise<void> {
  const at = now();
  const written = await transact([
    putItem(LedgerEntity.create({ ...call, month: month(at), at })),
    Usages.spendItem(call.userID, month(at), call.dollars, assists),
  ]);
  if (!written.ok) return;
  const { runID, userID, projectID, model, inputTokens, outputTokens } = call;
  Log.measure(
    "model-called",
    { Dollars: call.dollars },
    { runID, userID, projectID, model, inputTokens, outputTokens },
  );
}
