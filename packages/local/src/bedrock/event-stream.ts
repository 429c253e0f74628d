import { EventStreamCodec } from "@smithy/eventstream-codec";
import type { ModelEvent, Usage } from "./converse.ts";
import type { Said } from "./thinking-seal.ts";

const encoder = new TextEncoder();
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("utf8")),
  (text) => encoder.encode(text),
);

function frame(kind: "event" | "exception", name: string, body: unknown): Uint8Array {
  const text = (value: string) => ({ type: "string" as const, value });
  return codec.encode({
    headers: {
      [`:${kind}-type`]: text(name),
      ":content-type": text("application/json"),
      ":message-type": text(kind),
    },
    body: encoder.encode(JSON.stringify(body)),
  });
}

/** Signs thinking, for models that do. */
export type Sign = (thinking: { before: readonly Said[]; text: string }) => string;

/** A model's events in the framing of `converse-stream`. "cut": the connection is to end without a word. */
export async function* toFrames(events: AsyncIterable<ModelEvent>, sign?: Sign): AsyncGenerator<Uint8Array | "cut"> {
  const send = (name: string, body: unknown) => frame("event", name, body);
  let index = -1;
  let open: ModelEvent["type"] | undefined;
  const iterator = events[Symbol.asyncIterator]();
  let next = await iterator.next();
  yield send("messageStart", { role: "assistant" });
  const said: Said[] = [];
  let written = "";
  const close = function* () {
    if (open === "reasoning") {
      const signature = sign?.({ before: said, text: written });
      if (signature !== undefined)
        yield send("contentBlockDelta", { contentBlockIndex: index, delta: { reasoningContent: { signature } } });
      said.push(["thinking", written]);
    } else if (open === "text" && written.trim() !== "") said.push(["text", written]);
    if (open !== undefined) yield send("contentBlockStop", { contentBlockIndex: index });
    open = undefined;
    written = "";
  };
  const ensure = function* (type: "text" | "reasoning") {
    if (open === type) return;
    yield* close();
    index++;
    open = type;
  };
  try {
    for (; next.done !== true; next = await iterator.next()) {
      const event = next.value;
      switch (event.type) {
        case "text":
          yield* ensure("text");
          written += event.text;
          yield send("contentBlockDelta", { contentBlockIndex: index, delta: { text: event.text } });
          break;
        case "reasoning":
          yield* ensure("reasoning");
          written += event.text;
          yield send("contentBlockDelta", {
            contentBlockIndex: index,
            delta: { reasoningContent: { text: event.text } },
          });
          break;
        case "tool":
          yield* close();
          index++;
          open = "tool";
          yield send("contentBlockStart", {
            contentBlockIndex: index,
            start: { toolUse: { toolUseId: event.id, name: event.name } },
          });
          break;
        case "tool-input":
          yield send("contentBlockDelta", { contentBlockIndex: index, delta: { toolUse: { input: event.text } } });
          break;
        case "stop":
          yield* close();
          yield send("messageStop", { stopReason: event.reason });
          yield send("metadata", { ...withTotal(event.usage), metrics: { latencyMs: 1 } });
          break;
        case "exception":
          yield frame("exception", event.name, { message: event.message });
          return;
        case "cut":
          if (event.how === "socket") yield "cut";
          else if (event.how === "half-frame") yield send("messageStop", {}).subarray(0, 20);
          return;
      }
    }
  } finally {
    await iterator.return?.();
  }
}

/** The field of a response that says what it took. */
export function withTotal(usage: Usage | undefined): { usage?: Usage & { totalTokens: number } } {
  if (usage === undefined) return {};
  const { inputTokens, outputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage;
  const totalTokens = inputTokens + outputTokens + cacheReadInputTokens + cacheWriteInputTokens;
  return { usage: { ...usage, totalTokens } };
}
