import type { Conversation, Done } from "./conversation.ts";
import type { Language } from "./languages/language.ts";

/**
 * A script serves one request: a generator that yields the calls of a step, receives their results and returns the
 * closing text. It keeps no state between answers: each answer replays it over the finished steps and sends what it
 * yields next.
 */
export type Script = Generator<Say, string, Done[]>;
export interface Say {
  thinking?: string;
  text?: string;
  calls: Call[];
}
export interface Call {
  name: string;
  input: Record<string, unknown>;
}

/** What every script is given. */
export interface Context {
  conversation: Conversation;
  /** Of the request that it serves. */
  language: Language;
}

/** Steps after which a script is stopped. */
const maxSteps = 55;

export function play(script: Script, { conversation, language }: Context): { say: Say } | { closing: string } {
  let next = script.next();
  for (const step of conversation.steps) {
    if (next.done) return { closing: next.value };
    next = script.next(step.calls);
  }
  if (next.done) return { closing: next.value };
  if (conversation.steps.length >= maxSteps) return { closing: language.says.stopped };
  const calls = next.value.calls.filter(({ name }) => conversation.tools.has(name));
  if (calls.length === 0) return { closing: language.says.noTool };
  return { say: { ...next.value, calls } };
}

/** Plays a script until it ends, or until so many of the turn's steps are done. */
export function* until(
  script: Script,
  steps: { done: number },
  limit = Infinity,
): Generator<Say, string | undefined, Done[]> {
  let next = script.next();
  while (!next.done) {
    if (steps.done >= limit) return undefined;
    const done = yield next.value;
    steps.done++;
    next = script.next(done);
  }
  return next.value;
}

/** Makes one call. */
export function* call(name: string, input: Record<string, unknown>, text?: string): Generator<Say, Done, Done[]> {
  const done = yield { ...(text === undefined ? {} : { text }), calls: [{ name, input }] };
  return done[0] ?? { name, input, output: "", failed: true };
}

/** Calls of one step; the rest follows in the next. */
const maxCalls = 30;

/** Makes any number of calls, in as few steps as they need. */
export function* callAll(calls: readonly Call[], text?: string): Generator<Say, Done[], Done[]> {
  const all: Done[] = [];
  for (let at = 0; at < calls.length; at += maxCalls) {
    const part = calls.slice(at, at + maxCalls);
    all.push(...(yield { ...(at === 0 && text !== undefined ? { text } : {}), calls: part }));
  }
  return all;
}

/** Paths of the project's files. */
export function* listFiles(text?: string): Generator<Say, string[], Done[]> {
  const { output, failed } = yield* call("list_files", {}, text);
  if (failed || /^(?:The project is empty|There is nothing)/.test(output)) return [];
  return output.split("\n").filter((line) => line !== "" && !line.endsWith("/") && !line.startsWith("…"));
}

/** Contents by path. A file that cannot be read, or only in part, is not in it. */
export function* readFiles(paths: readonly string[], text?: string): Generator<Say, Map<string, string>, Done[]> {
  const calls = paths.map((path) => ({ name: "read_file", input: { path } }));
  const done = yield* callAll(calls, text);
  const contents = new Map<string, string>();
  for (const { input, output, failed, isPart } of done) {
    if (!failed && !isPart) contents.set(String(input.path), output);
  }
  return contents;
}

/** Whether a call has changed the project. */
export function hasEffect({ name, failed }: Done): boolean {
  return !failed && !["list_files", "read_file", "search_files", "fetch_url", "run_command"].includes(name);
}
