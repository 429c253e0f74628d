import { month, now } from "../clock/clock.ts";
import { LedgerEntity } from "./ledger.entity.ts";

/** What each model call took and cost, by run, person, project and month. */

export interface ModelCall {
  runID: string;
  /** A step and its attempt, or "title": recording one twice changes nothing. */
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
}

/** (internal) */
export async function record(call: ModelCall): Promise<void> {
  await LedgerEntity.put({ ...call, month: month(), at: now() }).go();
}

/** (internal) Dollars of a run so far. */
export async function ofRun(runID: string): Promise<number> {
  const { data } = await LedgerEntity.query.byRun({ runID }).go({ pages: "all", consistent: true });
  return data.reduce((sum, call) => sum + call.dollars, 0);
}
