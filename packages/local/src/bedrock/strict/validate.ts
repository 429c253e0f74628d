import type { ConverseRequest } from "../converse.ts";
import { inputTokens } from "../prompt.ts";
import { refuse } from "../refusal.ts";
import type { ServedModel } from "../served-models.ts";
import { validateCachePoints } from "./cache-points.ts";
import { validateConversation } from "./conversation.ts";
import { validateMedia } from "./media.ts";
import { validateSchema } from "./schema.ts";
import { validateSettings } from "./settings.ts";
import { validateTools } from "./tools.ts";

/** Refuses what Bedrock, or the model behind it, refuses, in its order. @throws ModelRefusal */
export function validateRequest(request: ConverseRequest, model: ServedModel): void {
  validateSchema(request);
  validateConversation(request, model);
  validateTools(request, model);
  validateMedia(request, model);
  validateCachePoints(request, model);
  validateSettings(request, model);
  if (inputTokens(request) > model.context) refuse("Input is too long for requested model.");
}
