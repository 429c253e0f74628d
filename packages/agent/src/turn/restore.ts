import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import type { ModelMessage } from "ai";
import { loadTold, parseMessages } from "../transcript/transcript.ts";
import type { OpenStep } from "./calls.ts";
import { signatureOf } from "./repetition.ts";

/**
 * Adds the run's persisted steps after its opening to the messages. `open` is the last one when its calls are not all answered.
 * `isRetry`: the model was cut off in the middle of a step, which is void and must be made again; `crashes`: how often
 * that happened to this step, other than by the model itself. `made`: what each step called and was answered.
 */
export async function restoreSteps(
  lease: Lease,
  messages: ModelMessage[],
): Promise<{ open: OpenStep | undefined; isRetry: boolean; crashes: number; made: string[] }> {
  const { run } = lease;
  const [stored, steers] = await Promise.all([Run.steps(run.runID, run.openingStep), Run.steers(run.runID)]);
  const made: string[] = [];
  let open: OpenStep | undefined;
  for (const { step, said, results, progress } of stored) {
    for (const steer of steers)
      if (steer.step === step && steer.hash !== undefined) messages.push(await loadTold(run, steer.hash));
    const saidMessages = parseMessages(said);
    messages.push(...saidMessages);
    open = results === undefined ? { step, said: saidMessages, progress, isResumed: true } : undefined;
    if (results === undefined) continue;
    const answered = parseMessages(results);
    if (answered.some(({ role }) => role === "tool")) made.push(signatureOf(saidMessages, answered));
    messages.push(...answered);
  }
  const isRetry = run.step > (stored.at(-1)?.step ?? run.openingStep ?? 0);
  const crashes = isRetry ? run.attempt - (run.modelFailures ?? 0) - (run.badAnswers ?? 0) : 0;
  if (isRetry) await voidAttempt(lease);
  return { open, isRetry, crashes, made };
}

/** Voids the step's current attempt, so that clients drop what it showed. @throws LeaseLost */
export async function voidAttempt(lease: Lease): Promise<void> {
  const { step } = lease.run;
  const attempt = lease.run.attempt + 1;
  await lease.append([{ type: "step-reset", step, attempt, reason: "interrupted" }], { set: { attempt } });
}
