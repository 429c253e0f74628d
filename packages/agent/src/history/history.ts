import type { Message } from "@slipway/contract/conversation";
import type { AssistantContent, FilePart, ModelMessage, TextPart, ToolContent } from "ai";
import { legalName } from "../model/own-calls.ts";
import { acceptable } from "../turn/limits.ts";
import { asNote, quote } from "../prompt/note.ts";
import { cancelledRuns, runOf } from "./steered.ts";
import { tellable, withRest } from "./tellable.ts";

type UserPart = TextPart | FilePart;

/** What belongs to messages and is stored elsewhere. */
export interface MessageExtras {
  /** What the person reverted of a run's changes, by run. */
  rejections: ReadonlyMap<string, readonly string[]>;
  /** Attachments and notes, by message. They come before its text. */
  attachments: ReadonlyMap<string, readonly UserPart[]>;
}
const nothing: MessageExtras = { rejections: new Map(), attachments: new Map() };

/**
 * Earlier messages of a conversation as the model's own. Each answer is split into its steps again, calls before their
 * results. Thinking is left out: it is bound to the model that produced it.
 */
export function toModelMessages(messages: readonly Message[], extras: MessageExtras = nothing): ModelMessage[] {
  const converted: ModelMessage[] = [];
  const say = (parts: readonly UserPart[]) => {
    const last = converted.at(-1);
    // Roles must alternate, so two user messages in a row become one.
    if (last?.role === "user" && typeof last.content !== "string") last.content = [...last.content, ...parts];
    else converted.push({ role: "user", content: [...parts] });
  };
  const cancelled = cancelledRuns(messages);
  for (const message of messages) {
    if (message.role === "user") {
      say([...(extras.attachments.get(message.id) ?? []), { type: "text", text: message.text }]);
      if (message.isSteer && cancelled.has(runOf(message) ?? "")) say([{ type: "text", text: asNote(withdrawn) }]);
      continue;
    }
    converted.push(...fromBlocks(message, extras));
    const notes = [...endOf(message), ...(extras.rejections.get(runOf(message) ?? "") ?? [])];
    if (notes.length > 0) say([{ type: "text", text: asNote(notes.join("\n\n")) }]);
  }
  return converted;
}

const withdrawn = "The person withdrew this message before it was answered. Act on it only if they ask again.";

/** How an answer ended that did not end by itself, so that what it leaves open is not taken for done, or for asked. */
export function endOf({ status, blocks, error }: Message): string[] {
  if (status === "cancelled")
    return blocks.length === 0
      ? [withdrawn]
      : ["The person interrupted your answer here. What it had not done yet is not done."];
  if (status !== "failed") return [];
  const reason = error ? ` The reason: ${quote(error.message)}` : "";
  return blocks.length === 0
    ? [`This message got no answer, because the run failed.${reason}`]
    : [`Your answer ended here, because the run failed. What it had not done yet is not done.${reason}`];
}

/** Ids of calls that no two of a conversation share, as strict providers take them. */
const callID = ({ id, runId = id }: Message, position: number) => `${runId}-${position}`;

function fromBlocks(message: Message, extras: MessageExtras): ModelMessage[] {
  const messages: ModelMessage[] = [];
  let said: Exclude<AssistantContent, string> = [];
  let results: ToolContent = [];
  const flush = () => {
    if (said.length > 0) messages.push({ role: "assistant", content: said });
    if (results.length > 0) messages.push({ role: "tool", content: results });
    said = [];
    results = [];
  };
  let step: string | undefined;
  for (const [position, block] of message.blocks.entries()) {
    if (block.type === "text" && block.text.trim() !== "") {
      if (results.length > 0) flush();
      said.push({ type: "text", text: block.text });
    }
    if (block.type === "steer") {
      flush();
      const attached = extras.attachments.get(block.id) ?? [];
      messages.push({ role: "user", content: [...attached, { type: "text", text: block.text }] });
    }
    // A call without a result never took effect, and a conversation that holds one is refused.
    if (block.type === "tool" && block.result) {
      // Calls of one step were made at once; those of the next one knew their results.
      if (results.length > 0 && stepOf(block.id) !== step) flush();
      step = stepOf(block.id);
      const call = { toolCallId: callID(message, position), toolName: legalName(block.tool) };
      said.push({ type: "tool-call", ...call, input: acceptable(block.input) });
      const { state, output, told = output } = block.result;
      const type = state === "completed" ? "text" : "error-text";
      results.push({ type: "tool-result", ...call, output: { type, value: withRest(tellable(told)) } });
    }
  }
  flush();
  return messages;
}

/** `call-3-1-0` → `3`; older calls are `3:…`. */
function stepOf(blockID: string): string | undefined {
  return /^(?:call-)?(\d+)[-:]/.exec(blockID)?.[1];
}
