import type { ConverseRequest } from "../converse.ts";
import { readConversation } from "./conversation.ts";
import { choose } from "./intent.ts";
import { isDemo, play } from "./script.ts";
import { titleOf } from "./words.ts";

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

/** A function of the conversation alone. It never throws: what it cannot do it says. */
export function answer(request: ConverseRequest): Answer {
  const conversation = readConversation(request);
  const system = request.system.flatMap((block) => ("text" in block ? [block.text] : [])).join("\n");
  if (system.includes("title of 3 to 6 words")) return { text: titleOf(conversation.prompt), tools: [] };
  try {
    const played = play(choose(conversation), conversation);
    if ("closing" in played) return { text: played.closing, tools: [] };
    const { thinking, text = "", calls } = played.say;
    return {
      ...(thinking ? { thinking } : {}),
      text,
      tools: calls.map((call, index) => ({ id: `demo_${conversation.length}_${index}`, ...call })),
    };
  } catch {
    return { text: `I lost the thread there. ${isDemo}`, tools: [] };
  }
}
