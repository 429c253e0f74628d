import type { ModelEvent } from "./converse.ts";
import type { InputUsage } from "./prompt-cache.ts";
import { countTokens } from "./prompt.ts";

/** A model's events, with the usage that the model itself does not report. `take` is called as the answer begins. */
export async function* counted(events: AsyncIterable<ModelEvent>, take: () => InputUsage): AsyncGenerator<ModelEvent> {
  let input: InputUsage | undefined;
  let written = "";
  for await (const event of events) {
    input ??= take();
    if (event.type === "text" || event.type === "reasoning" || event.type === "tool-input") written += event.text;
    if (event.type !== "stop") yield event;
    else yield { ...event, usage: event.usage ?? { ...input, outputTokens: Math.max(1, countTokens(written)) } };
  }
}
