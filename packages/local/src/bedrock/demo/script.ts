import type { Conversation, Done } from "./conversation.ts";

/**
 * A script serves one request: a generator that yields the calls of a step, receives their results and returns the
 * closing text. It keeps no state between answers: each answer replays it over the finished steps and sends what it
 * yields next.
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

/** Steps after which a script is stopped. */
const maxSteps = 25;

export function play(script: Script, conversation: Conversation): { say: Say } | { closing: string } {
  let next = script.next();
  for (const step of conversation.steps) {
    if (next.done) return { closing: next.value };
    next = script.next(step.calls);
  }
  if (next.done) return { closing: next.value };
  if (conversation.steps.length >= maxSteps)
    return { closing: "Stopped after 25 steps. Describe what is still missing." };
  const offered = next.value.calls.filter(({ name }) => conversation.tools.has(name));
  if (offered.length === 0) return { closing: next.value.text ?? "This needs a tool that is not available here." };
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
  "This is Slipway's demo model, which handles small projects and common follow-ups. For anything more, start Slipway with a real model: `SLIPWAY_MODEL_URL=http://localhost:11434/v1 SLIPWAY_MODEL=qwen3-coder npm start`, or `SLIPWAY_BEDROCK=1 npm start`. See the README.";
