import type { Conversation, Done } from "./conversation.ts";

/**
 * A script does one request: a generator that yields the calls of a step, is given what they came to, and returns the
 * closing words. It keeps no state between answers: each answer plays it again over the steps that have been done, and
 * says what it yields next.
 */
export interface Say {
  thinking?: string;
  text?: string;
  calls: Call[];
}
export interface Call {
  name: string;
  input: Record<string, unknown>;
}
export type Script = Generator<Say, string, Done[]>;

/** Steps after which it stops by itself, whatever is still to do. */
const maxSteps = 25;

export function play(script: Script, conversation: Conversation): { say: Say } | { closing: string } {
  let next = script.next();
  for (const step of conversation.steps) {
    if (next.done) return { closing: next.value };
    next = script.next(step.calls);
  }
  if (next.done) return { closing: next.value };
  if (conversation.steps.length >= maxSteps)
    return { closing: "I stop here: this takes more steps than I can oversee. Tell me what is still missing." };
  const offered = next.value.calls.filter(({ name }) => conversation.tools.has(name));
  if (offered.length === 0)
    return { closing: next.value.text ?? "I would need a tool for this that I do not have here." };
  return { say: { ...next.value, calls: offered } };
}

/** The one call of a step. */
export function first(done: readonly Done[]): Done {
  return done[0] ?? { name: "", input: {}, output: "", failed: true };
}

/** Paths of a `list_files` result. */
export function pathsOf(listing: Done): string[] {
  if (
    listing.failed ||
    listing.output.startsWith("The project is empty") ||
    listing.output.startsWith("There is nothing")
  )
    return [];
  return listing.output.split("\n").filter((line) => line !== "" && !line.endsWith("/") && !line.startsWith("…"));
}

export function* readAll(paths: readonly string[], text?: string): Generator<Say, Map<string, string>, Done[]> {
  const contents = new Map<string, string>();
  for (let at = 0; at < paths.length; at += 6) {
    const part = paths.slice(at, at + 6);
    const done = yield {
      ...(at === 0 && text ? { text } : {}),
      calls: part.map((path) => ({ name: "read_file", input: { path } })),
    };
    for (const [index, { output, failed }] of done.entries()) if (!failed) contents.set(part[index] ?? "", output);
  }
  return contents;
}

export const isDemo =
  "I am Slipway's demo model: small projects and ordinary follow-ups are what I can do. For anything more, start Slipway with a real model (`SLIPWAY_MODEL_URL=http://localhost:11434/v1 SLIPWAY_MODEL=qwen3-coder npm start`, or `SLIPWAY_BEDROCK=1 npm start`); the README says how.";
