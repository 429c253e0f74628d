import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import { modelMessageSchema, type ModelMessage } from "ai";
import { z } from "zod";
import type { OpenStep } from "./calls.ts";

/**
 * Adds the run's persisted steps to the conversation. `open` is the last one when its calls are not all answered.
 * `isRetry`: the model was cut off in the middle of a step, which is void and must be made again; `crashes`: how often
 * that happened to this step, other than by the model itself.
 */
export async function restoreSteps(
  lease: Lease,
  messages: ModelMessage[],
): Promise<{ open: OpenStep | undefined; isRetry: boolean; crashes: number }> {
  const { run } = lease;
  const [stored, steers] = await Promise.all([Run.steps(run.runID), Run.steers(run.runID)]);
  let open: OpenStep | undefined;
  for (const { step, said, results, progress } of stored) {
    for (const steer of steers) if (steer.step === step) messages.push({ role: "user", content: steer.text });
    const saidMessages = parseMessages(said);
    messages.push(...saidMessages);
    open = results === undefined ? { step, said: saidMessages, progress, isResumed: true } : undefined;
    if (results !== undefined) messages.push(...parseMessages(results));
  }
  const isRetry = run.step > (stored.at(-1)?.step ?? 0);
  const crashes = isRetry ? run.attempt - (run.modelFailures ?? 0) : 0;
  if (isRetry) {
    const attempt = run.attempt + 1;
    await lease.append([{ type: "step-reset", step: run.step, attempt, reason: "interrupted" }], { set: { attempt } });
  }
  return { open, isRetry, crashes };
}

function parseMessages(stored: readonly unknown[]): ModelMessage[] {
  return z.array(modelMessageSchema).parse(stored);
}
