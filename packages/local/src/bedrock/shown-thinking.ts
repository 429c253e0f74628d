import type { ConverseRequest, ModelEvent } from "./converse.ts";
import type { ThinkingRules } from "./served-models.ts";

/**
 * A model's events with as much of its thinking as the request gets: none where it was not asked to think, and nothing but
 * the signature where no summary was asked for.
 */
export async function* withShownThinking(
  events: AsyncIterable<ModelEvent>,
  request: ConverseRequest,
  rules: ThinkingRules | undefined,
): AsyncGenerator<ModelEvent> {
  const thinking = request.additionalModelRequestFields?.thinking;
  const isAsked = thinking !== undefined && thinking.type !== "disabled";
  const isHidden = rules !== undefined && !rules.unasked && !isAsked;
  const isOmitted = rules?.omits === true && thinking?.display !== "summarized";
  for await (const event of events) {
    if (event.type !== "reasoning" || !(isHidden || isOmitted)) yield event;
    else if (!isHidden) yield { type: "reasoning", text: "" };
  }
}
