import type { ConverseRequest } from "../converse.ts";
import { modelRefuses, refuse } from "../refusal.ts";
import type { ServedModel } from "../served-models.ts";

/** Tokens of thinking that may be asked for at least. */
const leastBudget = 1024;

/** Parameters of inference, as far as they depend on the model. @throws ModelRefusal */
export function validateSettings(request: ConverseRequest, model: ServedModel): void {
  const { maxTokens, temperature, topP } = request.inferenceConfig ?? {};
  if (maxTokens !== undefined && maxTokens > model.output)
    refuse(
      `The maximum tokens you requested exceeds the model limit of ${model.output}. Try again with a maximum tokens value that is lower than ${model.output}.`,
    );
  const sampling = Object.entries({ temperature, top_p: topP }).find(([, value]) => value !== undefined)?.[0];
  if (sampling !== undefined && !model.sampling) modelRefuses(`\`${sampling}\` is deprecated for this model.`);
  const thinking = request.additionalModelRequestFields?.thinking;
  if (thinking === undefined || thinking.type === "disabled") return;
  if (model.thinking === undefined) modelRefuses("thinking: Extra inputs are not permitted");
  if (sampling !== undefined)
    modelRefuses(`\`${sampling}\` may not be set when thinking is enabled. Please consult our documentation.`);
  if (thinking.type === "enabled") validateLastThinking(request);
  const budget = thinking.budget_tokens;
  if (thinking.type !== "enabled" || typeof budget !== "number") return;
  if (budget < leastBudget)
    modelRefuses(`thinking.enabled.budget_tokens: Input should be greater than or equal to ${leastBudget}`);
  if (maxTokens !== undefined && maxTokens <= budget)
    modelRefuses("`max_tokens` must be greater than `thinking.budget_tokens`.");
}

/** Calls that are being answered keep the thinking that led to them. */
function validateLastThinking({ messages }: ConverseRequest): void {
  const index = messages.length - 2;
  const [first] = messages[index]?.content ?? [];
  if (!messages.at(-1)?.content.some((block) => "toolResult" in block) || (first && "reasoningContent" in first))
    return;
  const found = first && "text" in first ? "text" : "tool_use";
  modelRefuses(
    `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${found}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`,
  );
}
