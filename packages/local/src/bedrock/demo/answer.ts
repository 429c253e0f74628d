import type { ConverseRequest } from "../converse.ts";
import { completeCode, editCode } from "./assist.ts";
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
  if (system.startsWith("You complete code at the cursor."))
    return { text: completeCode(conversation.prompt), tools: [] };
  if (system.startsWith("You edit a selection of code.")) return { text: editCode(conversation.prompt), tools: [] };
  try {
    const played = play(choose(conversation), conversation);
    const heard = conversation.steps.length === 0 ? acknowledge(conversation.notes) : "";
    if ("closing" in played) return { text: heard + played.closing, tools: [] };
    const { thinking, text = "", calls } = played.say;
    return {
      ...(thinking ? { thinking } : {}),
      text: heard + text,
      tools: calls.map((call, index) => ({ id: `demo_${conversation.length}_${index}`, ...call })),
    };
  } catch {
    return { text: `I lost the thread there. ${isDemo}`, tools: [] };
  }
}

/** What it was told beside the words, said back, so that one can see that it arrived. */
function acknowledge(notes: readonly string[]): string {
  const text = notes.join("\n");
  const said: string[] = [];
  if (/person (reverted|restored)/.test(text))
    said.push("I see that you took back some of what I did, and leave that as it is.");
  const attached = [...text.matchAll(/The person attached "([^"]*)"/g)].map(([, name]) => name);
  if (attached.length > 0) said.push(`I have read ${attached.join(", ")}.`);
  return said.map((sentence) => `${sentence}\n\n`).join("");
}
