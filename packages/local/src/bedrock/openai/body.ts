import { createParser, type EventSourceMessage } from "eventsource-parser";

/** Characters of a body without events that are kept, to read them another way or to say what came instead. */
const maxOther = 2_000_000;

/**
 * The data of each event of a stream, however its bytes are split. A last event without its blank line counts, as do
 * events that lack the blank line between them, and a body that is JSON instead of a stream.
 */
export async function* readBody(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const found: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => found.push(event) });
  const decoder = new TextDecoder();
  let other = "";
  let isStream = false;
  const feed = function* (text: string): Generator<string> {
    parser.feed(text);
    isStream ||= found.length > 0;
    if (!isStream && other.length < maxOther) other += text;
    for (const event of found.splice(0)) yield* dataOf(event);
  };
  for await (const bytes of body) yield* feed(decoder.decode(bytes, { stream: true }));
  yield* feed(`${decoder.decode()}\n\n`);
  const rest = other.trim();
  if (isStream || rest === "") return;
  if (isJson(rest)) yield* [rest, "[DONE]"];
  else yield* rest.split(/\r?\n/).filter((line) => line.trim() !== "");
}

function dataOf({ event, data }: EventSourceMessage): string[] {
  const whole = data.trim();
  if (whole === "") return [];
  if (event === "error" && !whole.startsWith("{")) return [JSON.stringify({ error: whole })];
  return !whole.includes("\n") || isJson(whole) ? [whole] : whole.split("\n");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
