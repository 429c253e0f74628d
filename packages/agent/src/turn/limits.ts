/** Bounds of what a model and its tools may produce, so that everything fits rows, replies and the next request. */

/** Calls of one answer that run. */
export const maxCalls = 128;
/** Questions that are asked at once; the others follow when those are answered. One transaction holds 100 items. */
export const maxQuestions = 30;
/** Characters of a block of text or thinking; a longer one continues in another block. */
export const maxBlock = 200_000;

/** Of a tool call's input. JSON.stringify itself fails at some thousands of levels. */
const maxDepth = 64;
const maxInputLength = 1_000_000;

const refusal = "$refused";

/** Why a call does not run, for people and for the model. */
export interface Refusal {
  shown: string;
  told: string;
}

/** The input as it is kept and sent: one that cannot be taken is replaced by the reason, which `refusalIn` finds. */
export function acceptable(input: unknown): unknown {
  const reason = refusalOf(input);
  return reason === undefined ? input : { [refusal]: reason };
}

/** Why the input was replaced; undefined when it was not. */
export function refusalIn(input: unknown): Refusal | undefined {
  if (typeof input !== "object" || input === null || !(refusal in input)) return undefined;
  return { shown: "Not run: the model wrote an input that cannot be read.", told: `Error: ${String(input[refusal])}` };
}

function refusalOf(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    return "the input is not a JSON object. Write it again, whole.";
  if (depthExceeds(input, maxDepth)) return `the input is nested more than ${maxDepth} levels deep.`;
  if (JSON.stringify(input).length > maxInputLength)
    return `the input is longer than ${maxInputLength.toLocaleString("en")} characters. Do it in smaller parts.`;
  return undefined;
}

/** Without recursion: what a model nests 10,000 levels deep must not exhaust the stack. */
function depthExceeds(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return false;
}
