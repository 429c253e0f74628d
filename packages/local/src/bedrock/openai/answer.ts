import { headOf } from "@slipway/contract/cut";
import type { ConverseRequest, ModelEvent } from "../converse.ts";
import { inputTokens } from "../prompt.ts";
import { ModelRefusal } from "../refusal.ts";
import { readBody } from "./body.ts";
import { createCalls } from "./calls.ts";
import { readChunk, type ChunkError } from "./chunk.ts";
import { refusalOf } from "./refusal.ts";
import { namesOfTools } from "./request.ts";

/** What finish reasons mean; any other ends the answer as usual. */
const finishes: Readonly<Record<string, "max_tokens" | "content_filtered" | "interrupted">> = {
  length: "max_tokens",
  max_tokens: "max_tokens",
  model_length: "max_tokens",
  content_filter: "content_filtered",
  safety: "content_filtered",
  recitation: "content_filtered",
  error: "interrupted",
  insufficient_system_resource: "interrupted",
};

/**
 * The answer's events. An answer that breaks off, or that contradicts itself, ends as Bedrock's would: without a stop, or
 * with an exception that says why. No call of it may run then, so the caller must wait for the stop.
 */
export async function* toEvents(body: AsyncIterable<Uint8Array>, request: ConverseRequest): AsyncGenerator<ModelEvent> {
  const calls = createCalls(namesOfTools(request));
  let finish: string | undefined;
  let usage: { inputTokens: number; outputTokens: number } | undefined;
  let characters = 0;
  let isDone = false;
  let isBegun = false;
  for await (const data of readBody(body)) {
    if (/^\[done\]$/i.test(data)) {
      isDone = true;
      break;
    }
    const value = parseJson(data);
    if (value === undefined && !isBegun && !data.startsWith("{")) throw notOpenAI(data);
    if (value === undefined) return yield broken(`the model server sent something that is not JSON: ${data}`);
    const chunk = readChunk(value);
    if (chunk === undefined) continue;
    // Before the answer has begun, an error is a refusal with its own status.
    if (chunk.error) {
      if (!isBegun) throw refusalOf({ status: chunk.error.status ?? 200, headers: new Headers() }, data);
      return yield interrupted(chunk.error);
    }
    usage = chunk.usage ?? usage;
    finish = chunk.finish ?? finish;
    if (chunk.reasoning !== "") yield { type: "reasoning", text: chunk.reasoning };
    if (chunk.text !== "") yield { type: "text", text: chunk.text };
    for (const fragment of chunk.calls) {
      characters += typeof fragment.input === "string" ? fragment.input.length : JSON.stringify(fragment.input).length;
      yield* calls.take(fragment);
    }
    characters += chunk.text.length + chunk.reasoning.length;
    isBegun ||= characters > 0 || calls.count > 0;
  }
  const meaning = finishes[finish?.toLowerCase() ?? ""];
  if (meaning === "interrupted") return yield broken(`the model server ended its answer with "${finish}"`);
  const counted = usage ?? { inputTokens: inputTokens(request), outputTokens: Math.ceil(characters / 4) };
  if (meaning !== undefined) return yield { type: "stop", reason: meaning, usage: counted };
  const fault = calls.fault();
  // Some servers give no finish reason. Then the end of the stream must be said, and every call be whole.
  if (finish === undefined && (!isDone || !calls.areWhole())) return yield { type: "cut", how: "no-stop" };
  if (fault !== undefined) return yield broken(fault);
  yield* calls.rest();
  yield { type: "stop", reason: calls.count > 0 ? "tool_use" : "end_turn", usage: counted };
}

function notOpenAI(data: string): ModelRefusal {
  const message = `The model server's answer is not in OpenAI's format. Check its address. It begins with: ${headOf(data, 100)}`;
  return new ModelRefusal(400, "ValidationException", message);
}

function broken(reason: string): ModelEvent {
  return { type: "exception", name: "modelStreamErrorException", message: headOf(`The answer broke: ${reason}`, 500) };
}

function interrupted({ message, status }: ChunkError): ModelEvent {
  const name =
    status === 429
      ? "throttlingException"
      : status !== undefined && status >= 500
        ? "serviceUnavailableException"
        : "modelStreamErrorException";
  return { type: "exception", name, message: headOf(`The model server stopped: ${message}`, 500) };
}

/** Undefined for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
