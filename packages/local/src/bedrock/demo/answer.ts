import type { ConverseRequest } from "../converse.ts";

export interface ToolUse {
  id: string;
  name: string;
  input: Record<string, unknown>;
}
/** What the demo model says next. */
export interface Answer {
  thinking?: string;
  text: string;
  tools: ToolUse[];
}

export function answer(_request: ConverseRequest): Answer {
  return { text: "Hello.", tools: [] };
}
