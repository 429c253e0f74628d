import { isDeepStrictEqual } from "node:util";
import type { NewRunEvent } from "@slipway/contract/run";
import * as Run from "@slipway/core/run/system";
import type { Lease, StepProgress } from "@slipway/core/run/system";
import type { ModelMessage, ToolContent } from "ai";
import { followed } from "../instruction/told.ts";
import { tellable } from "../history/tellable.ts";
import { asNote } from "../prompt/note.ts";
import type { ToolContext } from "../tool/tool.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import { askFirst, readGate } from "./ask.ts";
import { execute, type StepCall } from "./execute.ts";
import { maxCalls, refusalIn, type Refusal } from "./limits.ts";
import { showing } from "./sight.ts";
import { inOrder } from "./side-by-side.ts";
import { maxRepeats, repeatsOf, signatureOf } from "./repetition.ts";

/** A step whose messages are persisted and whose calls are not answered yet. */
export interface OpenStep {
  step: number;
  said: readonly ModelMessage[];
  progress: StepProgress;
  /** An earlier turn may have shown some of its results. */
  isResumed: boolean;
}

export type Answered =
  | { kind: "no-calls" }
  | { kind: "asked" }
  | { kind: "pending"; seconds: number }
  /** `repeats`: how often in a row the model has done this. */
  | { kind: "answered"; messages: ModelMessage[]; repeats: number };

const maxPollSeconds = 300;

/**
 * Runs the calls of a step in their order, those that only read side by side. All that can finish do; while some are pending, what the others answered is
 * kept, and the next turn asks only the pending ones. The model gets every result at once, in the order of its calls.
 * @throws LeaseLost
 */
export async function answerCalls(
  open: OpenStep,
  options: {
    lease: Lease;
    tools: Toolbox;
    isPlan: boolean;
    signal: AbortSignal;
    /** Signatures of the run's steps so far; this one's is added. */
    made: string[];
    /** Instructions of the folders that the calls looked into, for the model, and where they are from. */
    instruct(paths: readonly string[]): Promise<{ from: string; told: string }[]>;
    context(callID: string): ToolContext;
  },
): Promise<Answered> {
  const { lease, tools, signal, made, context } = options;
  const { runID } = lease.run;
  const { step, progress } = open;
  const calls = callsOf(step, open.said);
  if (calls.length === 0) return { kind: "no-calls" };
  const gate = await readGate(lease, calls, { tools, isPlan: options.isPlan, context });
  const isNew = ({ callID }: StepCall) => !(callID in progress.told) && !(callID in progress.pending);
  const asked = await askFirst(calls.filter(isNew), { lease, step, tools, gate, context });
  if (asked) return { kind: "asked" };

  const shown = open.isResumed ? await shownResults(runID) : new Set<string>();
  const next: StepProgress = { told: { ...progress.told }, pending: {} };
  const polls: number[] = [];
  const last: NewRunEvent[] = [];
  const left = calls.filter(({ callID }) => !(callID in next.told));
  const run = async (call: StepCall) => {
    if (signal.aborted) throw new Run.LeaseLost();
    const { callID } = call;
    return execute(call, { tools, gate, context: context(callID), pending: progress.pending[callID] });
  };
  for await (const [call, done] of inOrder(left, { reads: ({ tool }) => tools.reads(tool), run })) {
    if (done.kind === "pending") {
      next.pending[call.callID] = done.pending;
      polls.push(Math.min(maxPollSeconds, Math.max(1, Math.ceil(done.pollAfterSeconds))));
      continue;
    }
    next.told[call.callID] = done.told;
    if (shown.has(call.callID)) continue;
    const event: NewRunEvent = { type: "block-finished", step, block: done.block };
    // Each result is shown as it comes; the last one together with the end of the step.
    if (call === calls.at(-1)) last.push(event);
    else await lease.append([event]);
  }
  if (polls.length > 0) {
    // A poll that changed nothing writes nothing.
    if (!isDeepStrictEqual(next, progress))
      await lease.append(last, { items: [await Run.progressItem(runID, step, next)] });
    return { kind: "pending", seconds: Math.min(...polls) };
  }
  const messages: ModelMessage[] = [{ role: "tool", content: calls.map((call) => resultOf(call, next)) }];
  made.push(signatureOf(open.said, messages));
  messages.push(...showing(calls.flatMap(({ callID }) => filesIn(next.told[callID], callID))));
  const repeats = repeatsOf(made);
  const told = await options.instruct(calls.flatMap(pathOf));
  if (told.length > 0) messages.push({ role: "user", content: told.map(({ told: text }) => ({ type: "text", text })) });
  last.push(...followed(String(step), { step, follows: told.map(({ from }) => from) }));
  if (repeats >= maxRepeats.told) messages.push({ role: "user", content: asNote(repeatedNote(repeats)) });
  await lease.append(last, { items: [await Run.resultsItem(runID, step, messages)] });
  return { kind: "answered", messages, repeats };
}

/** What a call reads or changes, of the tools that name one file. */
function pathOf({ input }: StepCall): string[] {
  return typeof input === "object" && input !== null && "path" in input && typeof input.path === "string"
    ? [input.path]
    : [];
}

function repeatedNote(repeats: number): string {
  return `You have now made the same calls ${repeats} times in a row, with the same results. Do something else, or say what keeps you from it.`;
}

function filesIn(told: StepProgress["told"][string] | undefined, callID: string) {
  return told?.file === undefined ? [] : [{ callID, file: told.file }];
}

function resultOf({ callID, modelCallID, tool }: StepCall, { told }: StepProgress): ToolContent[number] {
  const { output, failed } = told[callID] ?? { output: "", failed: true };
  return {
    type: "tool-result",
    toolCallId: modelCallID,
    toolName: tool,
    output: { type: failed ? "error-text" : "text", value: tellable(output) },
  };
}

/** Results that an earlier turn has shown: after a crash they are told to the model and not shown again. */
async function shownResults(runID: string): Promise<Set<string>> {
  const log = await Run.log(runID);
  return new Set(
    log.flatMap((event) =>
      event.type === "block-finished" && event.block.type === "tool" && event.block.result ? [event.block.id] : [],
    ),
  );
}

export function callsOf(step: number, said: readonly ModelMessage[]): StepCall[] {
  const parts = said.flatMap(({ role, content }) =>
    role !== "assistant" || typeof content === "string" ? [] : content.filter((part) => part.type === "tool-call"),
  );
  return parts.map(({ toolCallId, toolName, input }, index) => ({
    // Runs that an earlier release began have the model's own ids, which are unique in their step alone.
    callID: toolCallId.startsWith(`call-${step}-`) ? toolCallId : `${step}:${toolCallId}`,
    modelCallID: toolCallId,
    tool: toolName,
    input,
    refused: index < maxCalls ? refusalIn(input) : tooMany,
  }));
}

const tooMany: Refusal = {
  shown: "Not run: too many calls in one answer.",
  told: `Error: at most ${maxCalls} calls of one answer run. Repeat this one if you still need it.`,
};
