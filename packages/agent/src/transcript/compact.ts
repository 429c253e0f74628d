import * as File from "@slipway/core/file";
import * as ProjectStore from "@slipway/core/project/system";
import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import { headOf } from "@slipway/contract/cut";
import type { Limits } from "./budget.ts";
import type { FilePart, ModelMessage, TextPart } from "ai";
import { asNote } from "../prompt/note.ts";
import { instructionsFor } from "../instruction/instruction.ts";
import { knownInstructions, tellInstructions } from "../instruction/told.ts";
import { projectNote, settingsNote } from "../prompt/prompt.ts";
import { updateTodos } from "../tool/todo-tool.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import { inputBudget, lengthOf, lengthOfHead } from "./budget.ts";
import { changedIn, type Memory } from "./memory.ts";
import { systemTexts } from "./open.ts";
import { tailAt, withoutOutputs } from "./prune.ts";
import { written } from "./written.ts";
import { withoutThinking } from "./thinking.ts";
import { newHead, transcriptOf, type Opening, type Transcript } from "./transcript.ts";

/**
 * Makes a conversation short enough to go on. Old tool results go first, which loses nothing that cannot be asked for
 * again. If that is not enough, the model summarises all but the newest messages; the person's own words, what they
 * refused and which files were changed are kept whatever the summary says.
 */

/** A text of at most some thousand tokens; undefined when there is none. */
export type Summarise = (text: string) => Promise<string | undefined>;

/** Shares of what messages may take: of those that stay as they are, by the reason; and of the person's words. */
export const tailShares = { usual: 0.25, refused: 0.1, asked: 0 } as const;
const wordsShare = 0.15;
/** What clearing results must reach for the summary to be spared. */
const enough = 0.5;

export async function compacted(
  { run }: Lease,
  transcript: Transcript,
  options: { limits: Limits; tools: Toolbox; why: keyof typeof tailShares; summarise: Summarise },
): Promise<Opening> {
  const { opening } = transcript;
  const head = await newHead(systemTexts(), options.tools);
  const { system, tools } = transcriptOf({ ...opening, ...head });
  const room = inputBudget(options.limits) - (await lengthOfHead(system, tools));

  const asked = transcript.messages[transcript.asked];
  const messages = withoutThinking(transcript.messages);
  const at = tailAt(messages, room * tailShares[options.why]);
  const [old, tail] = [withoutOutputs(messages.slice(0, at)), messages.slice(at)];
  const pruned = [...old, ...tail];
  if (options.why === "usual" && lengthOf(pruned) <= room * enough)
    return { ...opening, ...head, messages: pruned, asked: asked === undefined ? 0 : pruned.indexOf(asked) };

  const [settings, instructions, { files }, log] = await Promise.all([
    ProjectStore.settings(run.projectID),
    instructionsFor({ userID: run.userID, runID: run.runID }, run.projectID),
    File.list({ userID: run.userID, runID: run.runID }, run.projectID),
    Run.log(run.runID),
  ]);
  const memory = {
    said: unique([...opening.memory.said, ...old.filter((message) => message !== asked).flatMap(wordsOf)]),
    refused: unique([...opening.memory.refused, ...old.flatMap(refusalsOf)]),
    todo: todoIn(old) ?? opening.memory.todo,
    changed: unique([
      ...opening.memory.changed,
      ...changedIn(log.flatMap((event) => (event.type === "block-finished" ? [event.block] : []))),
    ]),
  };
  const summary = await options.summarise(written(old, Math.floor(room * 0.8)));
  const commands = settingsNote(settings);
  const notes = [
    ...tellInstructions(instructions, knownInstructions(tail)).map(({ told }) => told),
    projectNote({ name: settings.name, files, settings: commands }),
    asNote(memoryText(memory, summary, room * wordsShare)),
  ];
  const first: ModelMessage = {
    role: "user",
    content: [
      ...notes.map((text) => ({ type: "text" as const, text })),
      ...(asked !== undefined && tail.includes(asked) ? [] : requestOf(asked)),
    ],
  };
  const shortened = [first, ...tail];
  return {
    ...opening,
    ...head,
    memory,
    settings: commands,
    messages: shortened,
    asked: Math.max(0, asked === undefined ? 0 : shortened.indexOf(asked)),
  };
}

/** What the run is asked for stays the person's own message, whole, with what it brought. */
function requestOf(message: ModelMessage | undefined): (TextPart | FilePart)[] {
  if (message?.role !== "user" || typeof message.content === "string") return [];
  return message.content.flatMap((part): (TextPart | FilePart)[] => {
    if (part.type === "file") return [part];
    if (part.type !== "text") return [];
    return isNote(part.text) ? [] : [part];
  });
}

const isNote = (text: string) => text.startsWith("<slipway-");

/** What a person wrote. */
function wordsOf({ role, content }: ModelMessage): string[] {
  if (role !== "user") return [];
  if (typeof content === "string") return isNote(content) ? [] : [content];
  return content.flatMap((part) => (part.type === "text" && !isNote(part.text) ? [part.text] : []));
}

function refusalsOf({ role, content }: ModelMessage): string[] {
  if (role !== "tool") return [];
  return content.flatMap((part) => {
    if (part.type !== "tool-result" || part.output.type !== "error-text") return [];
    return part.output.value.startsWith("Denied") ? [`${part.toolName}: ${headOf(part.output.value, 300)}`] : [];
  });
}

/** The newest list of what is to be done; undefined when there is none. */
function todoIn(messages: readonly ModelMessage[]): string | undefined {
  const calls = messages.flatMap(({ role, content }) =>
    role !== "assistant" || typeof content === "string"
      ? []
      : content.filter((part) => part.type === "tool-call" && part.toolName === updateTodos.name),
  );
  const last = calls.at(-1);
  return last?.type === "tool-call" ? JSON.stringify(last.input) : undefined;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

const maxRefusals = 50;
const maxChanged = 300;

function memoryText({ said, refused, changed, todo }: Memory, summary: string | undefined, tokens: number): string {
  const parts = [
    "The conversation before this was shortened. What follows is all that is left of it; go on from here.",
    summary === undefined
      ? "It could not be summarised. Look at the files to see how far the work is."
      : `Summary, written by you:\n\n${summary}`,
  ];
  if (said.length > 0) parts.push(`The person's own words, oldest first:\n${bulleted(withinTokens(said, tokens))}`);
  if (refused.length > 0)
    parts.push(`What was not allowed. Do not try it again:\n${bulleted(refused.slice(-maxRefusals))}`);
  if (todo !== "") parts.push(`Your list of what is to be done, as you last wrote it:\n${todo}`);
  if (changed.length > 0) parts.push(`Files that you changed:\n${bulleted(changed.slice(-maxChanged))}`);
  return parts.join("\n\n");
}

const bulleted = (texts: readonly string[]) => texts.map((text) => `- ${JSON.stringify(text)}`).join("\n");

/** The first one, which says what it is about, and the newest, each as far as there is room. */
function withinTokens(texts: readonly string[], tokens: number): string[] {
  const characters = Math.max(2000, Math.floor(tokens * 3));
  const [first, ...others] = texts;
  if (first === undefined) return [];
  const kept = [headOf(first, Math.floor(characters / 2))];
  let left = characters - (kept[0]?.length ?? 0);
  const newest: string[] = [];
  for (const text of others.toReversed()) {
    if (left <= 0) break;
    const part = headOf(text, Math.min(left, Math.floor(characters / 2)));
    newest.unshift(part);
    left -= part.length;
  }
  return [...kept, ...newest];
}
