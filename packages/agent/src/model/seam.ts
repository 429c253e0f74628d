import type { LanguageModelMiddleware } from "ai";
import { thinkingTags } from "./thinking-tags.ts";
import { wellFormed } from "./well-formed.ts";

/** What no model is sent, and what none sends on. */
export const seam: LanguageModelMiddleware[] = [wellFormed, thinkingTags];
