import type { Message } from "@slipway/contract/conversation";
import { text } from "#text/agent.ts";
import type { Transcript } from "../live/transcript.ts";

/** What a person who cannot see the conversation is told of it: that an answer begins, asks and ends. */

export interface ConversationState {
  /** The newest answer. */
  id: string;
  status: "queued" | "running" | "waiting" | "completed" | "cancelled" | "failed";
  /** Why it failed, or what it asks. */
  reason: string;
  files: number;
}

export function stateOf(
  messages: readonly Message[] | undefined,
  transcripts: Readonly<Record<string, Transcript>>,
): ConversationState | undefined {
  const message = messages?.findLast(({ role, status }) => role === "assistant" && status !== "queued");
  if (!message) return undefined;
  const live = message.runId === undefined ? undefined : transcripts[message.runId];
  const paths = message.blocks.flatMap((block) =>
    block.type === "tool" ? (block.result?.changes ?? []).map(({ path }) => path) : [],
  );
  const asked = live?.approvals.find(({ answer }) => answer === undefined);
  const isWaiting = message.status === "processing" && live?.status === "waiting" && asked !== undefined;
  return {
    id: message.id,
    status: message.status === "processing" ? (isWaiting ? "waiting" : "running") : message.status,
    reason: message.error?.message ?? (isWaiting ? asked.reason : ""),
    files: new Set(paths).size,
  };
}

/** Undefined if nothing has happened that is worth interrupting for. */
export function announcementOf(
  before: ConversationState | undefined,
  now: ConversationState | undefined,
): string | undefined {
  if (!now || (before?.id === now.id && before.status === now.status)) return undefined;
  const isNew = before?.id !== now.id;
  switch (now.status) {
    case "running":
      // An answer that resumes after an approval says so by what it does.
      return isNew ? text.started : "";
    case "waiting":
      return text.asks(now.reason);
    case "completed":
      return isNew ? undefined : text.finished(now.files);
    case "cancelled":
      return isNew ? undefined : text.wasStopped;
    case "failed":
      return isNew ? undefined : text.hasFailed(now.reason);
    case "queued":
      return undefined;
  }
}
