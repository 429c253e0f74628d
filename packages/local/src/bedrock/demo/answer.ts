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
/** The demo model's next step. */
export interface Answer {
  thinking?: string;
  text: string;
  tools: ToolUse[];
}

/** A function of the conversation alone. It never throws; anything unsupported is answered in text. */
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
    return { text: `Something went wrong with this request. ${isDemo}`, tools: [] };
  }
}

/** Repeats what the notes beside the prompt say, so that a person sees that they arrived. */
function acknowledge(notes: readonly string[]): string {
  const text = notes.join("\n");
  const said: string[] = [];
  if (/person (reverted|restored)/.test(text))
    said.push("Noted: some earlier changes were reverted, and they stay that way.");
  const attached = [...text.matchAll(/The person attached "([^"]*)"/g)].map(([, name]) => name);
  if (attached.length > 0) said.push(`Read ${attached.join(", ")}.`);
  return said.map((sentence) => `${sentence}\n\n`).join("");
}
