import type { Block, NewRunEvent } from "@slipway/contract/run";
import * as Log from "@slipway/core/log";
import type { Lease } from "@slipway/core/run/system";
import { modelStep } from "../model/model-step.ts";
import { compactionInstructions, instructions } from "../prompt/prompt.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import { expectedTokens, inputBudget, lengthOfRequest, outputBudget } from "../transcript/budget.ts";
import { compacted } from "../transcript/compact.ts";
import { keepOpening, transcriptOf, type Transcript } from "../transcript/transcript.ts";
import { providedFor } from "./provided.ts";
import { charge } from "./record-call.ts";

/** Keeps a conversation within its model's window. */

/** One run may shorten its conversation so often; each time costs a request. */
const maxCompactions = 100;

export type Shortened =
  /** The transcript fits, and may be another one than before. */
  | { kind: "fits" }
  /** The model that is to summarise is throttled or down. */
  | { kind: "unavailable"; code: string; reason: string; retryAfter?: number | undefined }
  | { kind: "too-long" };

/**
 * Shortens the transcript if the next request would be too long for its model, or if it `isAsked`: by a person, or by a
 * model that has refused it. `step` is the last one that the transcript holds. @throws LeaseLost
 */
export async function shorten(
  lease: Lease,
  transcript: Transcript,
  options: {
    step: number;
    tools: Toolbox;
    signal: AbortSignal;
    milliseconds: number;
    isAsked: boolean;
    focus?: string;
  },
): Promise<Shortened> {
  const { run } = lease;
  const provided = await providedFor(lease);
  const limits = provided.info;
  const before = expectedTokens(await lengthOfRequest(transcript), run);
  if (!options.isAsked && before <= inputBudget(limits)) return { kind: "fits" };
  const count = (run.compactions ?? 0) + 1;
  if (count > maxCompactions) return { kind: "too-long" };

  const failure: { outcome: Extract<Shortened, { kind: "unavailable" }> | undefined } = { outcome: undefined };
  const opening = await compacted(lease, transcript, {
    limits,
    tools: options.tools,
    why: options.focus !== undefined ? "asked" : options.isAsked ? "refused" : "usual",
    async summarise(text) {
      const focus = options.focus ? `\n\nWhat the person wants kept above all: ${options.focus}` : "";
      const outcome = await modelStep({
        model: provided.model,
        tools: {},
        instructions: instructions([compactionInstructions]),
        messages: [{ role: "user", content: text + focus }],
        effort: undefined,
        caches: false,
        maxOutputTokens: Math.min(4000, outputBudget(limits)),
        signal: options.signal,
        milliseconds: Math.min(120_000, options.milliseconds),
        callID: (position) => `compaction-${count}-${position}`,
        onPart: () => undefined,
      });
      if (outcome.tokens !== undefined)
        await lease.append([], {
          set: await charge(run, `compaction.${count}.${run.attempt}`, outcome.tokens, provided),
        });
      if (outcome.kind === "unavailable") failure.outcome = outcome;
      if (outcome.kind !== "said") Log.warn("compaction-failed", { kind: outcome.kind });
      return outcome.kind === "said" ? textOf(outcome.messages) : undefined;
    },
  });
  if (failure.outcome !== undefined) return failure.outcome;

  Object.assign(transcript, transcriptOf(opening));
  const after = expectedTokens(await lengthOfRequest(transcript), run);
  const text = `The conversation was shortened for the model, from about ${tokens(before)} to ${tokens(after)} tokens. Here it stays whole.`;
  const block: Block = { type: "notice", id: `compaction-${count}`, code: "compacted", text };
  const event: NewRunEvent = { type: "block-finished", step: options.step, block };
  await keepOpening(lease, opening, { step: options.step, events: [event], compactions: count });
  return after <= inputBudget(limits) ? { kind: "fits" } : { kind: "too-long" };
}

function textOf(messages: readonly { content: unknown }[]): string | undefined {
  const texts = messages.flatMap(({ content }) =>
    Array.isArray(content)
      ? content.flatMap((part: { type: string; text?: string }) => (part.type === "text" ? [part.text ?? ""] : []))
      : [],
  );
  const text = texts.join("\n").trim();
  return text === "" ? undefined : text;
}

function tokens(count: number): string {
  return (count < 1000 ? count : Math.round(count / 100) * 100).toLocaleString("en");
}
