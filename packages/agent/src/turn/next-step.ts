import type { Block } from "@slipway/contract/run";
import { now } from "@slipway/core/clock";
import * as Ledger from "@slipway/core/ledger";
import * as Log from "@slipway/core/log";
import * as Run from "@slipway/core/run";
import type { Lease } from "@slipway/core/run";
import type { ModelMessage } from "ai";
import { canReason } from "../model/model.ts";
import { modelStep } from "../model/model-step.ts";
import { resolve } from "../model/provider.ts";
import { secondsToWait } from "../model/retry.ts";
import { price } from "../price/price.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import type { OpenStep } from "./calls.ts";
import type { Conversation } from "./conversation.ts";
import { createNarrator } from "./narrator.ts";

export type NextStep =
  | { kind: "open"; step: OpenStep }
  | { kind: "ended" }
  /** The model is throttled or down. */
  | { kind: "wait"; seconds: number };

/** One model step, persisted. @throws LeaseLost */
export async function nextStep(
  lease: Lease,
  { system, messages }: Conversation,
  options: { tools: Toolbox; signal: AbortSignal; isRetry: boolean },
): Promise<NextStep> {
  const { run } = lease;
  const { tools, signal } = options;
  const step = options.isRetry ? run.step : run.step + 1;
  const attempt = options.isRetry ? run.attempt : 1;
  await joinSteers(lease, step, messages);
  await lease.append([{ type: "step-started", step, attempt }], { set: { step, attempt } });
  const narrator = createNarrator(lease, { step, attempt, titleOf: tools.titleOf });
  const outcome = await modelStep({
    model: resolve(run.model),
    tools: tools.definitions,
    instructions: system,
    messages: withCachePoint(messages),
    reasons: canReason(run.model),
    signal,
    onPart: (part) => narrator.onPart(part),
  });
  if (outcome.kind === "aborted") throw new Run.LeaseLost();
  await narrator.finish();
  if (outcome.kind === "unavailable") return waitForModel(lease, step, outcome);
  if (outcome.kind === "failed") return fail(lease, outcome, { refund: true });
  const { tokens } = outcome;
  const { dollars, priced } = price(run.model, tokens);
  await Ledger.record({
    runID: run.runID,
    call: `${step}.${attempt}`,
    userID: run.userID,
    projectID: run.projectID,
    model: run.model,
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    cacheReadTokens: tokens.cacheRead,
    cacheWriteTokens: tokens.cacheWrite,
    dollars,
    priced,
  });
  const cost = run.cost + dollars;
  await lease.append([{ type: "step-finished", step, cost }], {
    items: [await Run.stepItem(run.runID, step, outcome.messages)],
    set: { cost, modelFailures: 0 },
  });
  messages.push(...outcome.messages);
  if (outcome.cutShort) {
    const message = "The model's answer was cut off at its limit. Ask it to continue in smaller steps.";
    return fail(lease, { code: "answer_too_long", message }, { refund: false });
  }
  const said = outcome.messages;
  return { kind: "open", step: { step, said, progress: { told: {}, pending: {} }, isResumed: false } };
}

/** Leaves the wait to the workflow, and gives up with a refund when it would be too long. */
async function waitForModel(
  lease: Lease,
  step: number,
  { code, retryAfter }: { code: string; retryAfter?: number | undefined },
): Promise<NextStep> {
  const { run } = lease;
  const at = now();
  const count = (run.modelFailures ?? 0) + 1;
  const since = count === 1 ? at : (run.modelFailingSince ?? at);
  const seconds = secondsToWait({ count, since }, { now: at, retryAfter });
  Log.warn("model-unavailable", { code, count, seconds });
  if (seconds === undefined) {
    const message = "The model is overloaded or down, and did not answer in several minutes. Try again later.";
    return fail(lease, { code: "model_unavailable", message }, { refund: true });
  }
  await lease.append([{ type: "model-waiting", step, seconds }], {
    set: { modelFailures: count, modelFailingSince: since },
  });
  return { kind: "wait", seconds };
}

async function fail(
  lease: Lease,
  { code, message }: { code: string; message: string },
  { refund }: { refund: boolean },
): Promise<NextStep> {
  const how = { status: "failed" as const, refund, epoch: lease.epoch, error: { code, message } };
  if ((await Run.end(lease.run.runID, how)) === undefined) throw new Run.LeaseLost();
  return { kind: "ended" };
}

async function joinSteers(lease: Lease, step: number, messages: ModelMessage[]): Promise<void> {
  const { runID } = lease.run;
  for (const { messageID, text, step: at } of await Run.steers(runID)) {
    // A person's words after tool results belong into one user turn with them, which the provider sees to.
    if (at === step) messages.push({ role: "user", content: text });
    if (at !== undefined) continue;
    const block: Block = { type: "steer", id: messageID, text };
    await lease.append([{ type: "block-finished", step: Math.max(0, step - 1), block }], {
      items: [Run.joinItem(runID, messageID, step)],
    });
    messages.push({ role: "user", content: text });
  }
}

/** Everything up to the last message is the same in the next step, so the provider may cache it. */
function withCachePoint(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message, index) =>
    index === messages.length - 1 && message.role !== "assistant"
      ? { ...message, providerOptions: { amazonBedrock: { cachePoint: { type: "default" as const } } } }
      : message,
  );
}
