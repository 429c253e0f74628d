import { createHash } from "node:crypto";
import type { ModelMessage } from "ai";

/** Models that are stuck make the same calls for ever: one after another, or a few in turn. */

/**
 * Repetitions after which the model is told, and after which the run asks whether to go on. Steps that are made in turn end
 * it: each of them is another call, so a person could not say which one is meant.
 */
export const maxRepeats = { told: 3, asked: 3, ended: 5 } as const;

/** Steps that may make up one round. */
const rounds = { longestRound: 4 };

/** How often in a row the newest step, or the newest round of steps, was made. */
export function repeatsOf(steps: readonly string[], { longestRound } = rounds): number {
  let most = steps.length > 0 ? 1 : 0;
  for (let length = 1; length <= longestRound && length < steps.length; length++) {
    let same = 0;
    while (same < steps.length - length && steps.at(-1 - same) === steps.at(-1 - same - length)) same++;
    most = Math.max(most, Math.floor(same / length) + 1);
  }
  return most;
}

/** Equal for steps that call the same tools with the same inputs and get the same answers. */
export function signatureOf(said: readonly ModelMessage[], results: readonly ModelMessage[]): string {
  const calls = said.flatMap(({ role, content }) =>
    role !== "assistant" || typeof content === "string" ? [] : content.filter((part) => part.type === "tool-call"),
  );
  const answers = results.flatMap(({ role, content }) => (role === "tool" ? content : []));
  const what = [
    calls.map(({ toolName, input }) => [toolName, input]),
    answers.map((part) => (part.type === "tool-result" ? part.output : null)),
  ];
  return createHash("sha256").update(JSON.stringify(what)).digest("base64url");
}
