import type { Block } from "@slipway/contract/run";
import { now } from "@slipway/core/clock";
import * as Log from "@slipway/core/log";
import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import type { ModelMessage } from "ai";
import { canReason } from "../model/model.ts";
import { modelStep } from "../model/model-step.ts";
import { resolve } from "../model/provider.ts";
import { secondsToWait } from "../model/retry.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import type { OpenStep } from "./calls.ts";
import type { Conversation } from "./conversation.ts";
import { acceptable } from "./limits.ts";
import { createNarrator } from "./narrator.ts";
import { recordCall } from "./record-call.ts";

export type NextStep =
  | { kind: "open"; step: OpenStep }
  | { kind: "ended" }
  /** The model is throttled or down. */
  | { kind: "wait"; seconds: number };

/** One model step, persisted. @throws LeaseLost */
export async function nextStep(
  lease: Lease,
  conversation: Conversation,
  options: { tools: Toolbox; signal: AbortSignal; isRetry: boolean },
): Promise<NextStep> {
  const { run } = lease;
  const { tools, signal } = options;
  const step = options.isRetry ? run.step : run.step + 1;
  const attempt = options.isRetry ? run.attempt : 1;
  await joinSteers(lease, step, conversation.messages);
  await lease.append([{ type: "step-started", step, attempt }], { set: { step, attempt } });
  const narrator = createNarrator(lease, { step, attempt, titleOf: tools.titleOf });
  const outcome = await modelStep({
    model: resolve(run.model),
    tools: tools.definitions,
    instructions: conversation.system,
    messages: withCachePoint(conversation.messages),
    reasons: canReason(run.model),
    signal,
    onPart: (part) => narrator.onPart(part),
  });
  // Before anything else can fail: what was asked must be paid, whatever becomes of the answer.
  const call = `${step}.${attempt}`;
  const dollars = outcome.tokens === undefined ? 0 : await recordCall(run, call, outcome.tokens);
  if (outcome.kind === "aborted") throw new Run.LeaseLost();
  await narrator.finish();
  const cost = run.cost + dollars;
  if (outcome.kind !== "said" && dollars > 0) await lease.append([], { set: { cost } });
  if (outcome.kind === "unavailable") return waitForModel(lease, step, outcome);
  if (outcome.kind === "failed") {
    const { code, message } = outcome;
    await failRun(lease, { code, message }, { refund: true });
    return { kind: "ended" };
  }
  const messages = outcome.messages.map(withAcceptableInputs);
  await lease.append([{ type: "step-finished", step, cost }], {
    items: [await Run.stepItem(run.runID, step, messages)],
    set: { cost, modelFailures: 0 },
  });
  conversation.messages.push(...messages);
  if (outcome.cutShort) {
    const message = "The model's answer was cut off at its limit. Ask it to continue in smaller steps.";
    await failRun(lease, { code: "answer_too_long", message }, { refund: false });
    return { kind: "ended" };
  }
  return { kind: "open", step: { step, said: messages, progress: { told: {}, pending: {} }, isResumed: false } };
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
    await failRun(lease, { code: "model_unavailable", message }, { refund: true });
    return { kind: "ended" };
  }
  await lease.append([{ type: "model-waiting", step, seconds }], {
    set: { modelFailures: count, modelFailingSince: since },
  });
  return { kind: "wait", seconds };
}

/** @throws LeaseLost */
export async function failRun(
  { run, epoch, flush }: Lease,
  error: { code: string; message: string },
  { refund }: { refund: boolean },
): Promise<void> {
  await flush();
  const ended = await Run.end(run.runID, { status: "failed", refund, epoch, error });
  if (ended.kind !== "ended") throw new Run.LeaseLost();
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

function withAcceptableInputs(message: ModelMessage): ModelMessage {
  if (message.role !== "assistant" || typeof message.content === "string") return message;
  const content = message.content.map((part) =>
    part.type === "tool-call" ? { ...part, input: acceptable(part.input) } : part,
  );
  return { ...message, content };
}

/** Everything up to the last message is the same in the next step, so the provider may cache it. */
function withCachePoint(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message, index) =>
    index === messages.length - 1 && message.role !== "assistant"
      ? { ...message, providerOptions: { amazonBedrock: { cachePoint: { type: "default" as const } } } }
      : message,
  );
}
