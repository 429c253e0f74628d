import type { Run } from "@slipway/contract/run";
import { find } from "./record.ts";

/** Runs, for the server itself: what turns, workflows and the sweep do. No verb takes an actor or authorises anybody. */

export {
  announceInbox,
  approvals,
  callHash,
  expireItems,
  keepToken,
  newApproval,
  rulesIn,
  type Rule,
} from "./approval.ts";
export { end } from "./ending.ts";
export { all as log } from "./events.ts";
export { fail } from "./queue.ts";
export { acquire, LeaseLost, type Lease } from "./lease.ts";
export { purge, purgeProject } from "./purge.ts";
export { find, type RunRecord } from "./record.ts";
export { isOwned, loadJSON, loadOutput, storeFile, storeJSON, storeOutput } from "./large.ts";
export { settle, sweep } from "./settle.ts";
export { joinItem, steers, type Steer } from "./steer.ts";
export { progressItem, resultsItem, stepItem, steps, type StepFile, type StepProgress } from "./step.ts";
export { commandName, stopCommands } from "./command.ts";
export { writeGuard, type ToolRecord, type WriteGuard } from "./tool-call.ts";

export async function status(runID: string): Promise<Run["status"] | undefined> {
  return (await find(runID))?.status;
}
