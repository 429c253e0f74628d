import { setTimeout as sleep } from "node:timers/promises";
import type { Model, ModelEvent } from "../converse.ts";
import { answer, type Answer } from "./answer.ts";

/**
 * The demo model: a pure function of the conversation. It keeps no state and sees files only through the tools, like any
 * other model.
 */
export function demoModel(options: { pace: number }): Model {
  return async function* (request, signal) {
    const said = answer(request);
    yield* speak(said, options.pace, signal);
    yield { type: "stop", reason: said.tools.length > 0 ? "tool_use" : "end_turn" };
  };
}

/** Streams in small pieces: prose at about 60 tokens a second, files four times as fast. */
async function* speak(said: Answer, pace: number, signal: AbortSignal): AsyncGenerator<ModelEvent> {
  const wait = async (milliseconds: number) => {
    if (signal.aborted) throw new Error("aborted");
    if (pace > 0) await sleep(milliseconds * pace * (0.7 + Math.random() * 0.6), undefined, { signal });
  };
  if (said.thinking !== undefined) {
    for (const text of pieces(said.thinking, 12)) {
      await wait(45);
      yield { type: "reasoning", text };
    }
  }
  for (const text of pieces(said.text, 10)) {
    await wait(45);
    yield { type: "text", text };
  }
  for (const tool of said.tools) {
    await wait(120);
    yield { type: "tool", id: tool.id, name: tool.name };
    for (const text of pieces(JSON.stringify(tool.input), 60)) {
      await wait(40);
      yield { type: "tool-input", text };
    }
  }
}

/** Cuts at spaces where it can; never inside a surrogate pair. */
function* pieces(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + size);
    const space = text.indexOf(" ", end);
    if (space >= 0 && space - end < size) end = space + 1;
    const last = text.charCodeAt(end - 1);
    if (last >= 0xd800 && last < 0xdc00) end++;
    yield text.slice(at, end);
    at = end;
  }
}
