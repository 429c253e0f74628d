import type { ConverseRequest } from "../converse.ts";
import { completeCode, editCode } from "./assist.ts";
import { readConversation, type Conversation, type Task, type Turn } from "./conversation.ts";
import { decide, languageFor } from "./decide.ts";
import type { Language } from "./languages/language.ts";
import { play, until, type Script } from "./script.ts";
import { conversationTitle } from "./understand/conversation-title.ts";

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
  const conversation = withPlanned(readConversation(request));
  const system = request.system.flatMap((block) => ("text" in block ? [block.text] : [])).join("\n");
  const prompt = conversation.tasks[0]?.prompt ?? "";
  if (/\ba title of \d+ to \d+ words\b/.test(system)) return { text: conversationTitle(prompt), tools: [] };
  if (system.startsWith("You complete code at the cursor.")) return { text: completeCode(prompt), tools: [] };
  if (system.startsWith("You edit a selection of code.")) return { text: editCode(prompt), tools: [] };
  if (system.startsWith("Write down what is needed to go on")) return { text: summaryOf(prompt), tools: [] };
  const { language } = languageFor(conversation.tasks.at(-1)?.prompt ?? "", conversation);
  try {
    const played = play(serveAll(conversation), { conversation, language });
    const heard = acknowledge(conversation, language);
    if ("closing" in played) return { text: heard + played.closing, tools: [] };
    const { thinking, text = "", calls } = played.say;
    if (isPlan(conversation) && calls.some(({ name }) => !readers.has(name)))
      return { text: heard + language.says.plan(calls.map(inShort).join("\n")), tools: [] };
    return {
      ...(thinking ? { thinking } : {}),
      text: heard + text,
      tools: calls.map((call, index) => ({ id: `demo_${conversation.length}_${index}`, ...call })),
    };
  } catch {
    return { text: `${language.says.failed} ${language.says.isDemo}`, tools: [] };
  }
}

const readers = new Set(["list_files", "read_file", "search_files"]);
const isPlan = ({ notes }: Turn) => notes.some((note) => note.includes("\nPlan only: "));

/** A short answer to a plan means that it is to be carried out: the request is the one that was planned. */
function withPlanned(conversation: Conversation): Conversation {
  const [task, ...others] = conversation.tasks;
  const planned = conversation.earlier.at(-1);
  const [wanted] = planned?.tasks ?? [];
  if (!task || !planned || !wanted || !isPlan(planned) || isPlan(conversation) || task.prompt.length > 60)
    return conversation;
  return {
    ...conversation,
    tasks: [{ ...task, prompt: wanted.prompt }, ...others],
    earlier: conversation.earlier.slice(0, -1),
  };
}

/** A call as a step of a plan. */
function inShort({ name, input }: { name: string; input: Record<string, unknown> }): string {
  const about = [input.path, input.command, input.newPath].find((each) => typeof each === "string");
  return `- ${name.replaceAll("_", " ")}${about === undefined ? "" : ` \`${about}\``}`;
}

/** What was asked and what was done, as far as the lines of a conversation say it. */
function summaryOf(conversation: string): string {
  const said = (who: string) =>
    conversation.split("\n\n").flatMap((part) => (part.startsWith(`${who}: `) ? [part.slice(who.length + 2)] : []));
  const asked = said("Person").flatMap((part) =>
    part.split(/<slipway-note>[^]*?<\/slipway-note>/).map((text) => text.trim()),
  );
  const lines = (texts: readonly string[]) =>
    texts
      .filter((text) => text !== "")
      .map((text) => `- ${text.replace(/\s+/g, " ").slice(0, 300)}`)
      .join("\n");
  return `## Goal\n${lines(asked)}\n\n## Done\n${lines(said("You"))}`;
}

/** Serves the request and whatever was added to it, one after the other. */
function* serveAll(conversation: Conversation): Script {
  const { tasks } = conversation;
  const steps = { done: 0 };
  const closings: string[] = [];
  for (const [index, { prompt }] of tasks.entries()) {
    const { language, isOther } = languageFor(prompt, conversation);
    // "Stop" and "no, instead …" end what is under way; anything else waits until it is finished.
    const replacement = tasks.slice(index + 1).find((task) => isReplacement(task));
    const script = decide(withoutInstead(prompt), { conversation: seenBy(index, conversation, steps.done), language });
    const closing = yield* until(script, steps, replacement?.after);
    if (closing === undefined) closings.push(language.says.stopped);
    else closings.push(isOther ? `${closing}\n\n${language.says.otherLanguages}` : closing);
  }
  const [only = "", ...more] = [...new Set(closings)];
  return more.length === 0 ? only : [only, ...more].join("\n\n---\n\n");
}

/** The conversation as the task sees it: what was done for those before it counts as an earlier turn. */
function seenBy(index: number, conversation: Conversation, done: number): Conversation {
  const before = conversation.tasks.slice(0, index);
  if (before.length === 0) return conversation;
  const turn = { tasks: before, unanswered: [], steps: conversation.steps.slice(0, done), reply: "", notes: [] };
  return { ...conversation, unanswered: [], earlier: [...conversation.earlier, turn] };
}

/** "No, …", "stop: …" and "… instead" ask for something else. A mere "no" does not: "no dark mode". */
const instead =
  /^(?:no|stop|nein|halt|stopp|non|arrête|alto)\s*[,.!;:–-]+\s*|^(?:不对?|停)[，,。！!]\s*|[\s,]*\b(?:instead(?! of)|stattdessen|plutôt|à la place|en su lugar)\b|^改(?:为|成)/gi;

function isReplacement({ prompt }: Task): boolean {
  return (
    prompt.match(instead) !== null ||
    /^(?:stop|halt|cancel|abort|stopp|abbrechen|arrête|annuler?|para|cancelar?|detente|停止|取消)[\s!.。]*$/i.test(
      prompt,
    )
  );
}

function withoutInstead(prompt: string): string {
  const rest = prompt.replace(instead, " ").trim();
  return rest === "" ? prompt : rest;
}

/** Says that what came beside the request, or while it was served, has arrived. */
function acknowledge({ notes, tasks, steps }: Conversation, { says }: Language): string {
  const said: string[] = [];
  for (const { prompt, after } of tasks.slice(1)) if (after === steps.length) said.push(says.noted(prompt));
  if (steps.length === 0) {
    const text = notes.join("\n");
    if (/person (?:reverted|restored)/.test(text)) said.push(says.reverted);
    const attached = [...text.matchAll(/The person attached "([^"]*)"/g)].map(([, name]) => name);
    if (attached.length > 0) said.push(says.read(attached.join(", ")));
  }
  return said.map((sentence) => `${sentence}\n\n`).join("");
}
