import { createHash } from "node:crypto";
import type { Message as AnyMessage } from "@slipway/contract/conversation";
import * as Conversations from "@slipway/core/conversation/system";
import * as File from "@slipway/core/file";
import * as Message from "@slipway/core/message/system";
import * as ProjectStore from "@slipway/core/project/system";
import * as Reviews from "@slipway/core/review/system";
import * as Run from "@slipway/core/run/system";
import type { Lease, RunRecord } from "@slipway/core/run/system";
import * as Sandboxes from "@slipway/core/sandbox/system";
import type { ModelMessage } from "ai";
import { instructionsFor } from "../instruction/instruction.ts";
import { followed, knownInstructions, tellInstructions } from "../instruction/told.ts";
import { attachmentParts, partsOf } from "../history/attachment.ts";
import { endOf, toModelMessages } from "../history/history.ts";
import { runOf, withoutJoined } from "../history/steered.ts";
import { asNote } from "../prompt/note.ts";
import {
  base,
  newsNote,
  planNote,
  projectNote,
  settingsNote,
  withCommands,
  withoutCommands,
} from "../prompt/prompt.ts";
import { slashIn } from "../slash/slash.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import { withOwnFiles } from "./attached.ts";
import { changedIn, emptyMemory } from "./memory.ts";
import { sentBy } from "./sent.ts";
import { isSameChoice } from "./frozen-tools.ts";
import { withoutThinking } from "./thinking.ts";
import { keepOpening, loadOpening, newHead, type Opening } from "./transcript.ts";

/** Of the newest messages: enough to find the run before this one. */
const fewMessages = 8;
/** Of a conversation without stored transcripts. What is too long is shortened like any other. */
const manyMessages = 200;

/** What the run's steps follow: as it was stored, else as it is now, which is stored first. @throws LeaseLost */
export async function openingOf(lease: Lease, tools: Toolbox): Promise<Opening> {
  const { run } = lease;
  if (run.openingHash !== undefined) return loadOpening(run.runID, run.openingHash);
  const { opening, follows } = await begin(run, tools);
  await keepOpening(lease, opening, { step: 0, events: followed("0", { step: 0, follows }) });
  return opening;
}

/** Texts of a conversation that begins now. */
export function systemTexts(): string[] {
  return [base, Sandboxes.obstacle() === undefined ? withCommands : withoutCommands];
}

interface Before {
  run: RunRecord;
  opening: Opening;
  /** What the run was sent and said after it. */
  sent: ModelMessage[];
  /** The answer of that run. */
  answer: AnyMessage;
}

async function begin(run: RunRecord, tools: Toolbox): Promise<{ opening: Opening; follows: string[] }> {
  const { projectID, conversationID, messageID, userID, runID } = run;
  const actor = { userID, runID };
  const [settings, instructions, head, rejections, newest] = await Promise.all([
    ProjectStore.settings(projectID),
    instructionsFor(actor, projectID),
    newHead(systemTexts(), tools),
    Reviews.rejections(projectID),
    Message.before(conversationID, messageID, fewMessages),
  ]);
  const near = await lastTold(run, newest);
  const isAll = near !== undefined || newest.length < fewMessages;
  const history = isAll ? newest : await Message.before(conversationID, messageID, manyMessages);
  const before = isAll ? near : await lastTold(run, history);
  const kept = before === undefined ? afresh(head) : carriedOn(before, head);

  const at = before === undefined ? -1 : history.indexOf(before.answer);
  const asked = history.at(-1);
  const between = withoutJoined(history).filter((message) => message !== asked && history.indexOf(message) > at);
  const fresh = freshRejections(rejections, { known: kept.rejections, runs: before ? kept.runs : undefined });
  const said = between.slice(Math.max(0, before ? 0 : between.findIndex(({ role }) => role === "user")));
  const messages = [
    ...kept.messages,
    ...toModelMessages(said, { attachments: await attachmentParts(said), rejections: new Map() }),
  ];

  const notes = [...(before ? endOf(before.answer) : []), ...fresh.map(({ text }) => text)];
  const commands = settingsNote(settings);
  const about =
    before === undefined
      ? projectNote({ name: settings.name, files: (await File.list(actor, projectID)).files, settings: commands })
      : newsNote({
          name: settings.name,
          changed: await changedSince(run, { before: before.run, told: kept.runs }),
          settings: commands === kept.settings ? "" : commands,
        });
  const slash = await slashIn(actor, projectID, asked?.text ?? "");
  const isPlan = slash.kind === "plan";
  if (slash.kind === "compact") {
    // What it asks for is no part of the conversation.
    const opening = { ...kept, messages, asked: Math.max(0, messages.length - 1), compact: slash.focus };
    return { opening, follows: [] };
  }
  const text = slash.kind === "plan" ? slash.task : slash.kind === "command" ? slash.text : (asked?.text ?? "");
  const parts = await partsOf(actor, projectID, { id: run.userMessageID, conversationID, text });
  const follows = tellInstructions(instructions, knownInstructions(messages));
  if (kept.isPlan && !isPlan) notes.push("Planning is over: tools that change or run things work again.");
  const texts = [
    ...follows.map(({ told }) => told),
    ...(notes.length === 0 ? [] : [asNote(notes.join("\n\n"))]),
    about,
    ...(isPlan ? [asNote(planNote)] : []),
  ];
  messages.push({ role: "user", content: [...texts.map((text) => ({ type: "text" as const, text })), ...parts] });
  const opening = {
    ...kept,
    messages,
    asked: messages.length - 1,
    runs: [...kept.runs, runID],
    rejections: [...kept.rejections, ...fresh.map(({ key }) => key)],
    settings: commands,
    isPlan,
  };
  return { opening, follows: follows.map(({ from }) => from) };
}

function afresh(head: Pick<Opening, "system" | "tools">): Opening {
  const nothing = { messages: [], asked: 0, runs: [], rejections: [], settings: "", sightless: [], isPlan: false };
  return { ...head, ...nothing, memory: emptyMemory };
}

/** The conversation of an earlier run, with all that it did. Other tools than it had begin the prefix anew. */
function carriedOn({ run, opening, sent, answer }: Before, head: Pick<Opening, "system" | "tools">): Opening {
  const messages = [...opening.messages, ...sent];
  const isSame = isSameChoice(opening.tools, head.tools);
  const { memory, compact: _, ...rest } = opening;
  return {
    ...rest,
    ...(isSame ? {} : head),
    messages: isSame ? messages : withoutThinking(messages),
    sightless: run.sightless ? [...new Set([...opening.sightless, run.model])] : opening.sightless,
    memory: { ...memory, changed: [...new Set([...memory.changed, ...changedIn(answer.blocks)])] },
  };
}

/** The newest run of some messages that a model was asked in. Those that never began have told nobody anything. */
async function lastTold(current: RunRecord, messages: readonly AnyMessage[]): Promise<Before | undefined> {
  for (const answer of messages.toReversed()) {
    const runID = runOf(answer);
    if (answer.role !== "assistant" || runID === undefined) continue;
    const run = await Run.find(runID);
    if (run?.openingHash === undefined) continue;
    const told =
      answer.runId === undefined
        ? await toldElsewhere(current, run, { answer, hash: run.openingHash })
        : await toldBy(run, { answer, hash: run.openingHash });
    if (told) return told;
  }
  return undefined;
}

async function toldBy(run: RunRecord, { answer, hash }: { answer: AnyMessage; hash: string }): Promise<Before> {
  const [opening, sent] = await Promise.all([loadOpening(run.runID, hash), sentBy(run, answer)]);
  return { run, answer, opening, sent };
}

/**
 * What the source of a copy told, with the run's own copies of its files. Undefined once the original is deleted: its runs
 * are purged piece by piece, so what was loaded may have gaps, and loading it may fail.
 */
async function toldElsewhere(
  current: RunRecord,
  run: RunRecord,
  of: { answer: AnyMessage; hash: string },
): Promise<Before | undefined> {
  try {
    const { opening, sent, ...told } = await toldBy(run, of);
    const [before, after] = await Promise.all([
      withOwnFiles(opening.messages, current.runID),
      withOwnFiles(sent, current.runID),
    ]);
    if (await Conversations.exists(run.conversationID))
      return { ...told, opening: { ...opening, messages: before }, sent: after };
  } catch (error) {
    if (await Conversations.exists(run.conversationID)) throw error;
  }
  return undefined;
}

/** Reverts that the model does not know of, in runs that it knows of. */
function freshRejections(
  rejections: ReadonlyMap<string, readonly string[]>,
  { known, runs }: { known: readonly string[]; runs: readonly string[] | undefined },
): { key: string; text: string }[] {
  const all = [...rejections].filter(([runID]) => runs === undefined || runs.includes(runID));
  return all
    .flatMap(([runID, texts]) => texts.map((text) => ({ key: keyOf(runID, text), text })))
    .filter(({ key }) => !known.includes(key));
}

function keyOf(runID: string, text: string): string {
  return createHash("sha256").update(`${runID}\n${text}`).digest("base64url").slice(0, 16);
}

/** Paths that changed since an earlier run ended, but for what runs did that the conversation tells of. */
async function changedSince(
  run: RunRecord,
  { before, told }: { before: RunRecord; told: readonly string[] },
): Promise<string[]> {
  const since = before.endRev ?? before.startRev ?? 0;
  const { commits } = await File.changesSince({ userID: run.userID }, run.projectID, since);
  const others = commits.filter(
    ({ writer, rev }) => !(writer.kind === "run" && told.includes(writer.id)) && rev <= (run.startRev ?? rev),
  );
  return [...new Set(others.flatMap(({ changes }) => changes.map(({ path }) => path)))];
}
