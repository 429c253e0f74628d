import type { Block, NewRunEvent } from "@slipway/contract/run";
import { now } from "@slipway/core/clock";
import * as Log from "@slipway/core/log";
import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import type { ModelMessage, ToolCallPart } from "ai";
import { hasImages, withoutImages } from "../model/images.ts";
import { effortOf } from "../model/effort.ts";
import { modelStep, type StepTokens, type UnusableCode } from "../model/model-step.ts";
import { secondsToWait } from "../model/retry.ts";
import { asNote } from "../prompt/note.ts";
import { withBytes } from "../transcript/attached.ts";
import { expectedTokens, inputBudget, lengthOfRequest, outputBudget, type Limits } from "../transcript/budget.ts";
import { withNewestImages } from "../transcript/newest-images.ts";
import { signed, withOwnThinking } from "../transcript/thinking.ts";
import type { Transcript } from "../transcript/transcript.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import type { OpenStep } from "./calls.ts";
import { acceptable } from "./limits.ts";
import { createNarrator } from "./narrator.ts";
import { explained, providedFor } from "./provided.ts";
import { charge } from "./record-call.ts";
import { shorten } from "./shorten.ts";
import { joinSteers } from "./steers.ts";

export type NextStep =
  | { kind: "open"; step: OpenStep }
  /** Persisted, and nothing of it is to run. */
  | { kind: "closed" }
  /** The attempt is void; the step is to be made again. */
  | { kind: "void"; isTooLong?: boolean }
  | { kind: "ended" }
  /** The turn's time ended first: another turn makes the step again. */
  | { kind: "late" }
  /** The model is throttled or down. */
  | { kind: "wait"; seconds: number };

/** How often in a row the model may give an answer of a kind before the run fails. */
const maxUnusable = { empty_answer: 2, answer_incomplete: 3, answer_too_long: 3 } as const;

/** One model step, persisted. @throws LeaseLost */
export async function nextStep(
  lease: Lease,
  transcript: Transcript,
  options: { tools: Toolbox; signal: AbortSignal; isRetry: boolean; isTooLong: boolean; milliseconds: number },
): Promise<NextStep> {
  const { run } = lease;
  const { tools, signal } = options;
  const step = options.isRetry ? run.step : run.step + 1;
  const attempt = options.isRetry ? run.attempt : 1;
  const provided = await providedFor(lease);
  const shortened = await shorten(lease, transcript, { ...options, step: step - 1, isAsked: options.isTooLong });
  if (shortened.kind === "unavailable") return waitForModel(lease, step, shortened);
  if (shortened.kind === "too-long") {
    await failRun(lease, tooLong, { refund: true });
    return { kind: "ended" };
  }
  const joined = await joinSteers(lease, step);
  await lease.append([{ type: "step-started", step, attempt }], { set: { step, attempt } });
  const narrator = createNarrator(lease, { step, attempt, titleOf: tools.titleOf });
  const sent = [...transcript.messages, ...joined];
  const messages = await asSeenBy(run, transcript, sent);
  const outcome = await modelStep({
    model: provided.model,
    tools: transcript.tools,
    instructions: transcript.system,
    messages,
    maxOutputTokens: outputBudget(provided.info),
    effort: effortOf(provided.info, run.effort),
    caches: provided.info.caching?.kind === "points",
    signal,
    milliseconds: options.milliseconds,
    callID: (position) => callName({ runID: run.runID, step, attempt, position }),
    onPart: (part) => narrator.onPart(part),
  });
  // Before anything else can fail: what was asked must be paid, whatever becomes of the answer.
  const call = `${step}.${attempt}`;
  const taken = outcome.tokens && (await charge(run, call, outcome.tokens, provided));
  if (outcome.kind === "aborted") throw new Run.LeaseLost();
  await narrator.finish();
  if (outcome.kind !== "said" && taken) await lease.append([], { set: taken });
  switch (outcome.kind) {
    case "unavailable":
      return waitForModel(lease, step, outcome);
    case "unusable":
      return again(lease, step, outcome);
    case "late":
      return { kind: "late" };
    case "sightless":
      return withoutSight(lease, step, hasImages(transcript.messages.slice(transcript.asked)));
    case "failed":
      if (outcome.code === tooLong.code && (run.overflows ?? 0) < maxOverflows) {
        await lease.append([], { set: { overflows: (run.overflows ?? 0) + 1 } });
        return { kind: "void", isTooLong: true };
      }
      await failRun(lease, explained(outcome, provided), { refund: true });
      return { kind: "ended" };
    case "said":
      break;
  }
  const said = signed(outcome.messages.map(withAcceptableInputs), run.model);
  transcript.messages.push(...joined);
  transcript.messages.push(...said);
  const counts = { ...taken, ...(await counted(run, transcript, { limits: provided.info, tokens: outcome.tokens })) };
  if (outcome.cutOff) return closeCutOff(lease, transcript, { step, counts, said, calls: outcome.cutOff, tools });
  const { context } = counts;
  await lease.append(
    [{ type: "step-finished", step, cost: taken?.cost ?? run.cost, ...(context ? { context } : {}) }],
    {
      items: [await Run.stepItem(run.runID, step, { said })],
      set: { ...counts, modelFailures: 0, badAnswers: 0, overflows: 0 },
    },
  );
  return { kind: "open", step: { step, said, progress: { told: {}, pending: {} }, isResumed: false } };
}

/** Requests of one step that a model may refuse as too long: each time the conversation is shortened. */
const maxOverflows = 2;
const tooLong = {
  code: "context_overflow",
  message:
    "This is too long for the model, however short the conversation before it is made. Send it in parts, or choose another model.",
};

/** The messages as the run's model takes them. */
async function asSeenBy(
  run: Run.RunRecord,
  transcript: Transcript,
  sent: readonly ModelMessage[],
): Promise<ModelMessage[]> {
  const messages = withOwnThinking(withNewestImages(sent, transcript.asked), run.model);
  const isKnownBlind = transcript.opening.sightless.includes(run.model) && !hasImages(sent.slice(transcript.asked));
  return run.sightless || isKnownBlind ? withoutImages(messages) : withBytes(messages, transcript.loaded);
}

type Counts = Partial<Pick<Run.RunRecord, "cost" | "tokens" | "contextTokens" | "contextLength" | "context">>;

/** The conversation's size: what the provider counted, beside our own estimate of the same. */
async function counted(
  run: Run.RunRecord,
  transcript: Transcript,
  { limits, tokens }: { limits: Limits; tokens: StepTokens | undefined },
): Promise<Counts> {
  const contextLength = await lengthOfRequest(transcript);
  const sizes = { limit: inputBudget(limits), window: limits.contextWindow };
  if (tokens === undefined || tokens.estimated)
    return { context: { tokens: expectedTokens(contextLength, run), ...sizes } };
  const { input, output, cacheRead, cacheWrite, cacheWriteHour = 0 } = tokens;
  const contextTokens = input + cacheRead + cacheWrite + cacheWriteHour + output;
  return { contextTokens, contextLength, context: { tokens: contextTokens, ...sizes } };
}

/** Unique in the conversation, which strict providers require, as far as 64 characters allow. */
function callName({
  runID,
  step,
  attempt,
  position,
}: {
  runID: string;
  step: number;
  attempt: number;
  position: number;
}): string {
  return `call-${step}-${attempt}-${position}-${runID.slice(-16)}`;
}

/** Retries the step; fails the run with a refund after too many unusable answers. */
async function again(
  lease: Lease,
  step: number,
  { code, message }: { code: UnusableCode; message: string },
): Promise<NextStep> {
  const badAnswers = (lease.run.badAnswers ?? 0) + 1;
  Log.warn("answer-unusable", { code, badAnswers });
  if (badAnswers >= maxUnusable[code]) {
    await failRun(lease, { code, message }, { refund: true });
    return { kind: "ended" };
  }
  if (code === "empty_answer") {
    await lease.append([], { set: { badAnswers } });
    return { kind: "void" };
  }
  // What breaks answers off may pass.
  const seconds = 2 ** badAnswers;
  await lease.append([{ type: "model-waiting", step, seconds }], { set: { badAnswers } });
  return { kind: "wait", seconds };
}

/**
 * Remembers that the model takes no images, and says so where this message brought them. A request without them that is
 * refused too fails the run.
 */
async function withoutSight(lease: Lease, step: number, isAsked: boolean): Promise<NextStep> {
  Log.warn("images-refused", { model: lease.run.model });
  const text = "This model does not read images, so it answers without them.";
  const block: Block = { type: "notice", id: "no-images", code: "images_left_out", text };
  // With the step before, so that it outlives this attempt.
  const event: NewRunEvent = { type: "block-finished", step: Math.max(0, step - 1), block };
  await lease.append(isAsked ? [event] : [], { set: { sightless: true } });
  return { kind: "void" };
}

/**
 * Keeps what an answer says that ended at its limit of length. None of its calls runs: the last one is half, and those
 * before it may depend on it. The model is told, a few times; then the run fails.
 */
async function closeCutOff(
  lease: Lease,
  transcript: Transcript,
  cut: { step: number; counts: Counts; said: readonly ModelMessage[]; calls: readonly ToolCallPart[]; tools: Toolbox },
): Promise<NextStep> {
  const { step, counts, said, calls, tools } = cut;
  const { runID } = lease.run;
  const badAnswers = (lease.run.badAnswers ?? 0) + 1;
  const note =
    calls.length > 0
      ? "Your answer reached its limit of length, so none of its tool calls ran. Continue in smaller steps: write large files in several parts."
      : "Your answer reached its limit of length. Continue exactly where it ends.";
  const results: ModelMessage[] = [{ role: "user", content: asNote(note) }];
  const shown = calls.map(({ toolCallId, toolName, input }): NewRunEvent => {
    const output = "Not run: the answer was cut off at its limit of length.";
    const result = { state: "failed" as const, output, changes: [], milliseconds: 0 };
    const title = tools.titleOf(toolName);
    return {
      type: "block-finished",
      step,
      block: { type: "tool", id: toolCallId, tool: toolName, title, input: acceptable(input), result },
    };
  });
  // One transaction holds 100 items.
  for (let at = 0; at < shown.length; at += 50) await lease.append(shown.slice(at, at + 50));
  await lease.append([{ type: "step-finished", step, cost: counts.cost ?? lease.run.cost }], {
    items: [await Run.stepItem(runID, step, { said, results })],
    set: { ...counts, modelFailures: 0, badAnswers },
  });
  transcript.messages.push(...results);
  if (badAnswers < maxUnusable.answer_too_long) return { kind: "closed" };
  const message = "The model's answers reach their limit of length. Ask for smaller steps, or choose another model.";
  await failRun(lease, { code: "answer_too_long", message }, { refund: said.length === 0 });
  return { kind: "ended" };
}

/** Leaves the wait to the workflow, and gives up with a refund when it would be too long. */
export async function waitForModel(
  lease: Lease,
  step: number,
  { code, reason, retryAfter }: { code: string; reason: string; retryAfter?: number | undefined },
): Promise<NextStep> {
  const { run } = lease;
  const at = now();
  const count = (run.modelFailures ?? 0) + 1;
  const since = count === 1 ? at : (run.modelFailingSince ?? at);
  const seconds = secondsToWait({ count, since }, { now: at, retryAfter });
  Log.warn("model-unavailable", { code, count, seconds });
  if (seconds === undefined) {
    const tries = count === 1 ? "once" : `${count} times`;
    const said = reason === "" ? "" : ` The last reply: ${reason}`;
    const message = `The model is overloaded or down: it was asked ${tries} without an answer. Try again later.${said}`;
    await failRun(lease, { code: "model_unavailable", message }, { refund: true });
    return { kind: "ended" };
  }
  await lease.append([{ type: "model-waiting", step, seconds }], {
    set: { modelFailures: count, modelFailingSince: since },
  });
  return { kind: "wait", seconds };
}

/** Messages that joined the run and are not answered yet get a run of their own. @throws LeaseLost */
export async function failRun(
  { run, epoch, flush }: Lease,
  { code, message }: { code: string; message: string },
  { refund }: { refund: boolean },
): Promise<void> {
  await flush();
  const ended = await Run.fail(run.runID, { refund, epoch, error: { code, message } });
  if (ended.kind !== "ended") throw new Run.LeaseLost();
}

function withAcceptableInputs(message: ModelMessage): ModelMessage {
  if (message.role !== "assistant" || typeof message.content === "string") return message;
  const content = message.content.map((part) =>
    part.type === "tool-call" ? { ...part, input: acceptable(part.input) } : part,
  );
  return { ...message, content };
}
