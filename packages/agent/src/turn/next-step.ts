import type { Block } from "@slipway/contract/run";
import * as Ledger from "@slipway/core/ledger";
import * as Run from "@slipway/core/run";
import type { Lease } from "@slipway/core/run";
import type { ModelMessage } from "ai";
import { canReason } from "../model/model.ts";
import { modelStep } from "../model/model-step.ts";
import { resolve } from "../model/provider.ts";
import { price } from "../price/price.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import type { OpenStep } from "./calls.ts";
import type { Conversation } from "./conversation.ts";
import { createNarrator } from "./narrator.ts";

/** Retried by the workflow, with growing pauses; its Retry and Catch see this name. */
export class ModelUnavailable extends Error {
  override readonly name = "ModelUnavailable";
}

/** One model step, persisted. Undefined when the run ended with it. @throws LeaseLost, ModelUnavailable */
export async function nextStep(
  lease: Lease,
  { system, messages }: Conversation,
  options: { tools: Toolbox; signal: AbortSignal; isRetry: boolean },
): Promise<OpenStep | undefined> {
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
  if (outcome.kind === "unavailable") throw new ModelUnavailable(outcome.code);
  if (outcome.kind === "failed") {
    const { code, message } = outcome;
    await Run.end(run.runID, { status: "failed", refund: true, epoch: lease.epoch, error: { code, message } });
    return undefined;
  }
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
    set: { cost },
  });
  messages.push(...outcome.messages);
  if (outcome.cutShort) {
    const message = "The model's answer was cut off at its limit. Ask it to continue in smaller steps.";
    await Run.end(run.runID, { status: "failed", epoch: lease.epoch, error: { code: "answer_too_long", message } });
    return undefined;
  }
  return { step, said: outcome.messages, progress: { told: {}, pending: {} }, isResumed: false };
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
