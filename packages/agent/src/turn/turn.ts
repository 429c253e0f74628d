import type { Block, NewRunEvent } from "@slipway/contract/run";
import * as File from "@slipway/core/file";
import * as Ledger from "@slipway/core/ledger";
import * as Log from "@slipway/core/log";
import * as Message from "@slipway/core/message";
import * as Project from "@slipway/core/project";
import * as Review from "@slipway/core/review";
import * as Run from "@slipway/core/run";
import type { Lease } from "@slipway/core/run";
import { modelMessageSchema, type ModelMessage, type SystemModelMessage, type ToolContent } from "ai";
import { z } from "zod";
import { createFetcher, type Fetcher } from "../fetch/fetch-text.ts";
import { attachmentParts, showMentioned } from "../history/attachment.ts";
import { toModelMessages } from "../history/history.ts";
import { mentionedIn } from "../history/mention.ts";
import { canReason } from "../model/model.ts";
import { resolve } from "../model/provider.ts";
import { modelStep } from "../model/model-step.ts";
import { price } from "../price/price.ts";
import { instructions } from "../prompt/prompt.ts";
import { toolSet } from "../tool/registry.ts";
import type { ToolContext } from "../tool/tool.ts";
import { askFirst, execute, type StepCall } from "./execute.ts";
import type { GateState } from "./gate.ts";
import { createNarrator } from "./narrator.ts";
import { suggestTitle } from "./title.ts";

export type Outcome = "again" | "approval" | "finished";

/** Retried by the workflow, with growing pauses; the name is what its Retry and Catch see. */
export class ModelUnavailable extends Error {
  override readonly name = "ModelUnavailable";
}

export interface TurnOptions {
  /** Milliseconds that this turn may still take. */
  remaining(): number;
  fetchText?: Fetcher;
}

/** What is kept free at the end of a turn, for persisting. */
const reserve = 60_000;
/** Steps after which a run that does not come to an end is ended. */
const maxSteps = 60;
/** Messages of the conversation that the model is reminded of. */
const maxHistory = 30;

/**
 * Carries a run on, from wherever it is: model step, persist, tools, persist, until it is done, has been cancelled, is
 * out of time, or must ask. May be begun again at any point, by anyone: what is safe is not done twice.
 * @throws ModelUnavailable
 */
export async function turn(runID: string, options: TurnOptions): Promise<Outcome> {
  const lease = await Run.acquire(runID);
  if (lease === undefined) return "finished";
  Log.note({ userID: lease.run.userID, projectID: lease.run.projectID });
  const aborted = new AbortController();
  const watch = setInterval(() => {
    lease
      .isHeld()
      .then((held) => held || aborted.abort(new Run.LeaseLost()))
      .catch(() => undefined);
  }, 1000);
  let title: Promise<void> | undefined;
  try {
    if (lease.run.seq === 0) {
      await lease.append([{ type: "run-started", model: lease.run.model }]);
      title = suggestTitle(lease.run, aborted.signal);
    }
    const outcome = await carryOn(lease, aborted.signal, options);
    await title;
    return outcome;
  } catch (error) {
    // Cancelled, or taken by another turn: nothing more to write here.
    if (error instanceof Run.LeaseLost || aborted.signal.aborted) return whereItStands(runID);
    throw error;
  } finally {
    clearInterval(watch);
    aborted.abort();
  }
}

/** What the workflow is to do with a run that another turn, or a cancel, has taken from this one. */
async function whereItStands(runID: string): Promise<Outcome> {
  const status = await Run.status(runID);
  if (status === "running") return "again";
  return status === "waiting" ? "approval" : "finished";
}

interface Conversation {
  system: SystemModelMessage[];
  messages: ModelMessage[];
}

async function carryOn(lease: Lease, signal: AbortSignal, options: TurnOptions): Promise<Outcome> {
  const { run } = lease;
  const actor = { userID: run.userID, runID: run.runID };
  const [conversation, stored] = await Promise.all([openConversation(lease), Run.steps(run.runID)]);
  const { messages } = conversation;
  const fetchText = options.fetchText ?? createFetcher();
  const contextOf = (call: StepCall): ToolContext => ({
    actor,
    projectID: run.projectID,
    lease,
    callID: call.callID,
    signal,
    fetchText,
  });

  let open: { step: number; said: ModelMessage[] } | undefined;
  const joined = await Run.steers(run.runID);
  for (const { step, said, results } of stored) {
    for (const steer of joined) if (steer.step === step) addUserText(messages, steer.text);
    const saidMessages = parseMessages(said);
    messages.push(...saidMessages);
    if (results === undefined) open = { step, said: saidMessages };
    else messages.push(...parseMessages(results));
  }
  // Begun and not persisted: whatever was said of it is void, and it is tried again.
  const isBroken = run.step > (stored.at(-1)?.step ?? 0);
  if (isBroken) {
    const attempt = run.attempt + 1;
    await lease.append([{ type: "step-reset", step: run.step, attempt, reason: "interrupted" }], { set: { attempt } });
  }

  let isRetry = isBroken;
  let isResumed = true;
  for (;;) {
    if (open === undefined) {
      if (options.remaining() < reserve) return "again";
      const said = await nextStep(lease, conversation, { signal, isRetry });
      isRetry = false;
      if (said === undefined) return "finished";
      open = said;
    }
    const calls = callsOf(open.step, open.said);
    if (calls.length === 0) {
      await finish(lease, { status: "completed" });
      return "finished";
    }
    const state = await gateState(lease);
    await expireUnanswered(lease, state);
    if ((await askFirst(calls, state, contextOf, { lease, step: open.step })) === "asked") return "approval";

    // After a crash some results have been shown already: those are told to the model, and not shown again.
    const shown = isResumed ? await shownResults(run.runID) : new Set<string>();
    isResumed = false;
    const told: ToolContent = [];
    const events: NewRunEvent[] = [];
    for (const call of calls) {
      if (signal.aborted) throw new Run.LeaseLost();
      const { block, told: result } = await execute(call, state, contextOf(call));
      told.push(result);
      if (shown.has(block.id)) continue;
      const event: NewRunEvent = { type: "block-finished", step: open.step, block };
      // Each result is shown when it is there; the last one together with the end of the step.
      if (call === calls.at(-1)) events.push(event);
      else await lease.append([event]);
    }
    const results: ModelMessage[] = [{ role: "tool", content: told }];
    await lease.append(events, { items: [await Run.resultsItem(run.runID, open.step, results)] });
    messages.push(...results);
    open = undefined;
    if (run.step >= maxSteps) {
      const error = {
        code: "too_many_steps",
        message: `The run was ended after ${maxSteps} steps. Send a message to go on.`,
      };
      await finish(lease, { status: "failed", error });
      return "finished";
    }
  }
}

/** One model step, persisted. Undefined when the run has ended with it. */
async function nextStep(
  lease: Lease,
  { system, messages }: Conversation,
  options: { signal: AbortSignal; isRetry: boolean },
): Promise<{ step: number; said: ModelMessage[] } | undefined> {
  const { run } = lease;
  const step = options.isRetry ? run.step : run.step + 1;
  const attempt = options.isRetry ? run.attempt : 1;
  await joinSteers(lease, step, messages);
  await lease.append([{ type: "step-started", step, attempt }], { set: { step, attempt } });
  const narrator = createNarrator(lease, { step, attempt });
  const outcome = await modelStep({
    model: resolve(run.model),
    tools: toolSet,
    instructions: system,
    messages: withCachePoint(messages),
    reasons: canReason(run.model),
    signal: options.signal,
    onPart: (part) => narrator.onPart(part),
  });
  if (outcome.kind === "aborted") throw new Run.LeaseLost();
  await narrator.finish();
  if (outcome.kind === "unavailable") throw new ModelUnavailable(outcome.code);
  if (outcome.kind === "failed") {
    await Run.end(run.runID, {
      status: "failed",
      refund: true,
      epoch: lease.epoch,
      error: { code: outcome.code, message: outcome.message },
    });
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
    const error = {
      code: "answer_too_long",
      message: "The model's answer was cut off at its limit. Ask it to go on in smaller steps.",
    };
    await finish(lease, { status: "failed", error });
    return undefined;
  }
  return { step, said: outcome.messages };
}

async function finish(
  lease: Lease,
  end: { status: "completed" | "failed"; error?: { code: string; message: string } },
): Promise<void> {
  const ended = await Run.end(lease.run.runID, { ...end, epoch: lease.epoch });
  if (ended === undefined) throw new Run.LeaseLost();
}

async function openConversation(lease: Lease): Promise<Conversation> {
  const { run } = lease;
  const actor = { userID: run.userID, runID: run.runID };
  const [settings, { files }, history, rejections] = await Promise.all([
    Project.settings(run.projectID),
    File.list(actor, run.projectID),
    Message.before(run.conversationID, run.messageID, maxHistory),
    Review.rejections(run.projectID),
  ]);
  // What joined this run later has its own place among the steps.
  const joined = new Set((await Run.steers(run.runID)).map(({ messageID }) => messageID));
  const earlier = history.filter(({ id }) => !joined.has(id));
  const firstUser = earlier.findIndex(({ role }) => role === "user");
  const told = earlier.slice(Math.max(0, firstUser));
  const [attachments, mentioned] = await Promise.all([
    attachmentParts(told),
    showMentioned(actor, run.projectID, mentionedIn(told.at(-1)?.text ?? "", files)),
  ]);
  const asked = told.at(-1);
  if (mentioned && asked?.role === "user")
    attachments.set(asked.id, [...(attachments.get(asked.id) ?? []), { type: "text", text: mentioned }]);
  return {
    system: instructions({ name: settings.name, files, changedByPeople: await changedByPeople(lease) }),
    messages: toModelMessages(told, { rejections, attachments }),
  };
}

/** Paths that people changed between the run before this one and now. */
async function changedByPeople(lease: Lease): Promise<string[]> {
  const { run } = lease;
  if (run.startRev === undefined || run.startRev === 0) return [];
  const since = Math.max(0, run.startRev - 20);
  const { commits } = await File.changesSince({ userID: run.userID }, run.projectID, since);
  const lastRun = commits.findLastIndex(({ by, rev }) => by.startsWith("run_") && rev <= (run.startRev ?? 0));
  const own = commits.slice(lastRun + 1).filter(({ by }) => by.startsWith("usr_"));
  return [...new Set(own.flatMap(({ changes }) => changes.map(({ path }) => path)))];
}

async function joinSteers(lease: Lease, step: number, messages: ModelMessage[]): Promise<void> {
  const { runID } = lease.run;
  for (const { messageID, text, step: at } of await Run.steers(runID)) {
    if (at === step) addUserText(messages, text);
    if (at !== undefined) continue;
    const block: Block = { type: "steer", id: messageID, text };
    await lease.append([{ type: "block-finished", step: Math.max(0, step - 1), block }], {
      items: [Run.joinItem(runID, messageID, step)],
    });
    addUserText(messages, text);
  }
}

/** A person's words after tool results belong into one user turn with them, which the provider sees to. */
function addUserText(messages: ModelMessage[], text: string): void {
  messages.push({ role: "user", content: text });
}

async function gateState(lease: Lease): Promise<GateState> {
  const { run } = lease;
  const [settings, grants, approvals] = await Promise.all([
    Project.settings(run.projectID),
    Run.grantsIn(run.projectID, run.conversationID),
    Run.approvals(run.runID),
  ]);
  return { policy: settings.approvalPolicy, grants, approvals };
}

/** Whoever wakes a waiting run either has answers or has run out of time; each is told once. */
async function expireUnanswered(lease: Lease, state: GateState): Promise<void> {
  const { runID } = lease.run;
  if (state.approvals.length === 0) return;
  const log = await Run.log(runID);
  const known = new Set(log.flatMap((event) => (event.type === "approval-answered" ? [event.approvalId] : [])));
  for (const approval of state.approvals) {
    if (known.has(approval.id)) continue;
    const answer = approval.answer ?? "expired";
    const items = approval.answer === undefined ? Run.expireItems(lease.run, approval.id) : [];
    await lease.append([{ type: "approval-answered", approvalId: approval.id, answer }], { items });
    approval.answer = answer;
  }
}

async function shownResults(runID: string): Promise<Set<string>> {
  const log = await Run.log(runID);
  return new Set(
    log.flatMap((event) =>
      event.type === "block-finished" && event.block.type === "tool" && event.block.result ? [event.block.id] : [],
    ),
  );
}

function callsOf(step: number, said: readonly ModelMessage[]): StepCall[] {
  return said.flatMap((message) => {
    if (message.role !== "assistant" || typeof message.content === "string") return [];
    return message.content.flatMap((part): StepCall[] =>
      part.type === "tool-call"
        ? [
            {
              callID: `${step}:${part.toolCallId}`,
              modelCallID: part.toolCallId,
              tool: part.toolName,
              input: part.input,
              invalid: undefined,
            },
          ]
        : [],
    );
  });
}

function parseMessages(stored: readonly unknown[]): ModelMessage[] {
  return z.array(modelMessageSchema).parse(stored);
}

/** Everything up to the last message is the same in the next step: the provider may keep it. */
function withCachePoint(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message, index) =>
    index === messages.length - 1 && message.role !== "assistant"
      ? { ...message, providerOptions: { amazonBedrock: { cachePoint: { type: "default" as const } } } }
      : message,
  );
}
