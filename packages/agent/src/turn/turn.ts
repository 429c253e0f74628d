import * as Log from "@slipway/core/log";
import * as ProjectStore from "@slipway/core/project/system";
import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import { createFetcher, type Fetcher } from "../fetch/fetch-text.ts";
import { handsOf } from "../tool/hands.ts";
import { keptOutputs } from "../tool/kept-output.ts";
import type { Tool, ToolContext } from "../tool/tool.ts";
import { createToolbox, type Toolbox } from "../tool/toolbox.ts";
import { toolsFor } from "../tools/tools.ts";
import { instructionsAbove } from "../instruction/instruction.ts";
import { knownInstructions, tellInstructions } from "../instruction/told.ts";
import { openingOf } from "../transcript/open.ts";
import { transcriptOf, type Transcript } from "../transcript/transcript.ts";
import { answerCalls } from "./calls.ts";
import { explore } from "./explore.ts";
import { failRun, nextStep, waitForModel } from "./next-step.ts";
import { providedFor } from "./provided.ts";
import { createReporter } from "./reporter.ts";
import { pauseFor } from "./pause.ts";
import { maxRepeats, repeatsOf } from "./repetition.ts";
import { restoreSteps, voidAttempt } from "./restore.ts";
import { shorten } from "./shorten.ts";
import { Sight } from "./sight.ts";
import { suggestTitle } from "./title.ts";

/** What the workflow does next. `wait`: it holds no function for that many seconds, then takes another turn. */
export type Outcome = { outcome: "again" | "approval" | "finished" } | { outcome: "wait"; seconds: number };

export interface TurnOptions {
  /** Milliseconds that this turn may still take. */
  remaining(): number;
  fetchText?: Fetcher;
  toolsFor?: (run: Run.RunRecord) => readonly Tool[];
}

/** Kept free at the end of a turn, for persisting and for the tools of the last step. Milliseconds. */
const reserve = 60_000;
/** With less left, the next step is left to another turn: most steps end within it, and one that does not is paid twice. */
const leastForStep = 300_000;
/** A step that crashed this often fails its run: each time costs a whole model call. */
const maxCrashes = 5;

/**
 * Continues a run from wherever it is, until it ends, is cancelled, is out of time, must ask, or must wait. Safe to
 * repeat at any point: effects that are persisted are not repeated.
 */
export async function turn(runID: string, options: TurnOptions): Promise<Outcome> {
  const lease = await Run.acquire(runID);
  if (lease === undefined) return { outcome: "finished" };
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
      title = suggestTitle(lease, aborted.signal);
    }
    const outcome = await carryOn(lease, aborted.signal, options);
    await title;
    return outcome;
  } catch (error) {
    if (error instanceof Run.LeaseLost || aborted.signal.aborted) return outcomeAfterLeaseLoss(runID);
    throw error;
  } finally {
    clearInterval(watch);
    aborted.abort();
    await lease.flush();
  }
}

/** Another turn, or a cancel, took the run: the workflow follows what they made of it. */
async function outcomeAfterLeaseLoss(runID: string): Promise<Outcome> {
  const status = await Run.status(runID);
  if (status === "running") return { outcome: "again" };
  return { outcome: status === "waiting" ? "approval" : "finished" };
}

/** Model step, persist, tools, persist, until something stops it. */
async function carryOn(lease: Lease, signal: AbortSignal, options: TurnOptions): Promise<Outcome> {
  const { run } = lease;
  const tools = createToolbox((options.toolsFor ?? toolsFor)(run));
  const fetchText = options.fetchText ?? createFetcher();
  const hands = handsOf(run);
  // First, since it says which model the rest is for.
  await providedFor(lease);
  const transcript = transcriptOf(await openingOf(lease, tools));
  const sight = new Sight(lease, transcript);
  const context = (callID: string): ToolContext => ({
    actor: { userID: run.userID, runID: run.runID },
    projectID: run.projectID,
    callID,
    signal,
    fetchText,
    write: Run.writeGuard(lease, callID),
    report: createReporter(lease, callID),
    hands,
    outputs: keptOutputs(run, callID),
    show: (file) => sight.show(callID, file),
    explore: (question) =>
      explore(
        lease,
        { question, context: context(callID) },
        { signal, milliseconds: () => options.remaining() - reserve },
      ),
  });
  const restored = await restoreSteps(lease, transcript.messages);
  const { isPlan, compact: focus } = transcript.opening;
  if (focus !== undefined && run.step === 0) {
    const outcome = await compactNow(lease, transcript, { tools, signal, focus, milliseconds: options.remaining() });
    if (outcome !== undefined) return outcome;
  }
  const looked = new Set<string>();
  const instruct = async (paths: readonly string[]) => {
    const { projectID } = run;
    const found = await instructionsAbove(context("").actor, { projectID, paths, looked });
    return found.length === 0 ? [] : tellInstructions(found, knownInstructions(transcript.messages));
  };
  const { made } = restored;
  let { open, isRetry } = restored;
  let isTooLong = false;
  if (restored.crashes >= maxCrashes) {
    const message = "The same step failed several times on our side. It was not counted; try again later.";
    await failRun(lease, { code: "internal", message }, { refund: true });
    return { outcome: "finished" };
  }
  const { costLimit } = await ProjectStore.settings(run.projectID);
  for (;;) {
    if (open === undefined) {
      const pause = await pauseFor(lease, { made, costLimit });
      if (pause.kind === "asked") return { outcome: "approval" };
      if (pause.kind === "ends") {
        await failRun(lease, pause, { refund: false });
        return { outcome: "finished" };
      }
      if (options.remaining() < leastForStep) return { outcome: "again" };
      const milliseconds = options.remaining() - reserve;
      const next = await nextStep(lease, transcript, { tools, signal, isRetry, isTooLong, milliseconds });
      if (next.kind === "late") return { outcome: "again" };
      if (next.kind === "ended") return { outcome: "finished" };
      if (next.kind === "wait") return { outcome: "wait", seconds: next.seconds };
      isRetry = next.kind === "void";
      isTooLong = next.kind === "void" && next.isTooLong === true;
      if (isRetry) await voidAttempt(lease);
      if (next.kind !== "open") continue;
      open = next.step;
    }
    const answered = await answerCalls(open, { lease, tools, isPlan, signal, made, instruct, context });
    switch (answered.kind) {
      case "no-calls":
        if (await completes(lease)) return { outcome: "finished" };
        break;
      case "asked":
        return { outcome: "approval" };
      case "pending":
        return { outcome: "wait", seconds: answered.seconds };
      case "answered":
        transcript.messages.push(...answered.messages);
        sight.settle();
        if (answered.repeats < maxRepeats.ended || isSameCall(made)) break;
        await failRun(lease, repeatedCalls(answered.repeats), { refund: false });
        return { outcome: "finished" };
    }
    open = undefined;
  }
}

/** Shortens the conversation, which is all that the run is for. Undefined when a message has joined it meanwhile. */
async function compactNow(
  lease: Lease,
  transcript: Transcript,
  options: { tools: Toolbox; signal: AbortSignal; focus: string; milliseconds: number },
): Promise<Outcome | undefined> {
  const isDone = (lease.run.compactions ?? 0) > 0;
  const shortened = isDone ? undefined : await shorten(lease, transcript, { ...options, step: 0, isAsked: true });
  if (shortened?.kind === "unavailable") {
    const waits = await waitForModel(lease, 1, shortened);
    return waits.kind === "wait" ? { outcome: "wait", seconds: waits.seconds } : { outcome: "finished" };
  }
  return (await completes(lease)) ? { outcome: "finished" } : undefined;
}

/** A person is asked about one call that is made again and again. */
function isSameCall(made: readonly string[]): boolean {
  return repeatsOf(made, { longestRound: 1 }) >= maxRepeats.asked;
}

function repeatedCalls(repeats: number): { code: string; message: string } {
  const message = `The model repeated the same steps ${repeats} times, so the run was ended. Rephrase the message, or choose another model.`;
  return { code: "repeated_calls", message };
}

/** Completes the run, unless a steering message arrived during its last answer: then it takes another step. */
async function completes({ run, epoch, flush }: Lease): Promise<boolean> {
  await flush();
  const ended = await Run.end(run.runID, { status: "completed", epoch });
  if (ended.kind === "lost") throw new Run.LeaseLost();
  return ended.kind === "ended";
}
