import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { headOf } from "@slipway/contract/cut";
import type { Message, MessageStatus } from "@slipway/contract/conversation";
import type { Effort } from "@slipway/contract/model";
import { Block, type ContextSize, type TokenCounts } from "@slipway/contract/run";
import { z } from "zod";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import * as Connections from "../connection/system.ts";
import { modelOf } from "../registry/registry.ts";
import { drain, putItem, removeRows, updateItem, type WriteItem } from "../table/table.ts";
import { locate, type StoredAttachment } from "./attachment.ts";
import { fitBlocks } from "./fit-blocks.ts";
import { MessageEntity } from "./message.entity.ts";

export { loadAttachment, type StoredAttachment } from "./attachment.ts";

/** Messages, for the server itself: verbs that take no actor and authorise nobody. */

export interface NewMessage {
  messageID: string;
  conversationID: string;
  projectID: string;
  runID: string;
}

export function userItem(
  message: NewMessage & { text: string; isSteer?: boolean; attachments?: readonly StoredAttachment[] },
): WriteItem {
  const { attachments = [], ...row } = message;
  return putItem(
    MessageEntity.create({
      ...row,
      role: "user",
      status: "completed",
      createdAt: now(),
      ...(attachments.length > 0 ? { attachments: [...attachments] } : {}),
    }),
  );
}

export function placeholderItem(
  message: NewMessage & { status: "queued" | "processing"; model: string; effort?: Effort },
): WriteItem {
  return putItem(MessageEntity.create({ ...message, role: "assistant", createdAt: now() }));
}

export interface Ending {
  runID: string;
  conversationID: string;
  messageID: string;
  status: Exclude<MessageStatus, "queued" | "processing">;
  blocks: readonly Block[];
  error?: { code: string; message: string } | undefined;
  cost: number;
  /** Which answered in the end. */
  model: string;
  tokens?: TokenCounts | undefined;
  context?: ContextSize | undefined;
}

/** Bytes of compressed blocks that a row takes. */
const rowLimit = 100_000;

/** UTF-16 units of the plain text that a row keeps: what is copied and searched. */
const maxText = 50_000;

/** Stores a finished answer. Large ones are in S3 before this resolves, and what is too long to show is cut. */
export async function endingItem(ending: Ending): Promise<WriteItem> {
  const { runID, conversationID, messageID, status, blocks, error, cost, model, tokens, context } = ending;
  const gzip = gzipSync(JSON.stringify(fitBlocks(blocks)));
  const isLarge = gzip.length > rowLimit;
  // By hash: of two ends at once, the one that loses must not overwrite the other. Purged with the run.
  const body = `runs/${runID}/${createHash("sha256").update(gzip).digest("base64url")}`;
  if (isLarge) await Blob.put(body, gzip);
  const text = headOf(plainText(blocks), maxText);
  return updateItem(
    MessageEntity.patch({ conversationID, messageID }).set({
      status,
      text,
      cost,
      model,
      ...(tokens ? { tokens } : {}),
      ...(context ? { context } : {}),
      ...(isLarge ? { body } : { blocks: gzip }),
      ...(error ? { errorCode: error.code, errorMessage: error.message } : {}),
    }),
  );
}

export function statusItem(conversationID: string, messageID: string, status: MessageStatus): WriteItem {
  return updateItem(MessageEntity.patch({ conversationID, messageID }).set({ status }));
}

/** The newest messages of a conversation before one of them, oldest first. */
export async function before(conversationID: string, messageID: string, limit: number): Promise<Message[]> {
  const query = MessageEntity.query.byConversation({ conversationID }).lt({ messageID });
  const { data } = await query.go({ order: "desc", limit, count: limit, consistent: true });
  return Promise.all(data.toReversed().map(serialize));
}

/** Attachments of some messages, by message. */
export async function attachmentsOf(
  conversationID: string,
  messageIDs: readonly string[],
): Promise<Map<string, StoredAttachment[]>> {
  const rows = await drain(
    messageIDs.map((messageID) => ({ conversationID, messageID })),
    100,
    (part) => MessageEntity.get(part).go(),
  );
  return new Map(
    rows.flatMap((row) => (row.attachments ? [[row.messageID, row.attachments as StoredAttachment[]]] : [])),
  );
}

export async function textOf(conversationID: string, messageID: string): Promise<string> {
  const { data } = await MessageEntity.get({ conversationID, messageID }).go({ consistent: true });
  return data?.text ?? "";
}

/** The final text of an answer, without what it said between its steps. */
export async function finalText(conversationID: string, messageID: string): Promise<string> {
  const { data } = await MessageEntity.get({ conversationID, messageID }).go({ consistent: true });
  if (!data) return "";
  const { blocks } = await serialize(data);
  return blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).at(-1) ?? "";
}

/** Removes the messages of a removed conversation. Safe to repeat. */
export async function purge(conversationID: string): Promise<void> {
  const { data } = await MessageEntity.query
    .byConversation({ conversationID })
    .go({ pages: "all", attributes: ["conversationID", "messageID", "body"] });
  for (const { body } of data) if (body !== undefined) await Blob.remove(body);
  await removeRows(
    data.map(({ messageID }) => ({ conversationID, messageID })),
    (part) => MessageEntity.delete(part).go(),
  );
}

/** The runs of a conversation. */
export async function runsOf(conversationID: string): Promise<string[]> {
  const { data } = await MessageEntity.query
    .byConversation({ conversationID })
    .go({ pages: "all", attributes: ["runID"] });
  return [...new Set(data.flatMap(({ runID }) => (runID ? [runID] : [])))];
}

export async function announce(projectID: string, conversationID: string, messageID: string): Promise<void> {
  const { data } = await MessageEntity.get({ conversationID, messageID }).go({ consistent: true });
  if (data)
    await Connections.broadcast(projectID, { type: "message", projectId: projectID, message: await serialize(data) });
}

function plainText(blocks: readonly Block[]): string {
  return blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n\n");
}

interface Row {
  messageID: string;
  conversationID: string;
  role: Message["role"];
  status: MessageStatus;
  text?: string | undefined;
  blocks?: unknown;
  attachments?: unknown;
  body?: string | undefined;
  runID?: string | undefined;
  sourceRunID?: string | undefined;
  isSteer?: boolean | undefined;
  errorCode?: string | undefined;
  errorMessage?: string | undefined;
  model?: string | undefined;
  effort?: Effort | undefined;
  cost?: number | undefined;
  tokens?: TokenCounts | undefined;
  context?: ContextSize | undefined;
  createdAt: number;
}

export async function serialize(row: Row): Promise<Message> {
  const gzip = row.body === undefined ? row.blocks : await Blob.get(row.body);
  const blocks = gzip === undefined ? [] : z.array(Block).parse(JSON.parse(gunzipSync(gzip as Uint8Array).toString()));
  return {
    id: row.messageID,
    conversationId: row.conversationID,
    role: row.role,
    status: row.status,
    text: row.text ?? "",
    blocks,
    ...(row.attachments ? { attachments: await Promise.all((row.attachments as StoredAttachment[]).map(locate)) } : {}),
    ...(row.runID ? { runId: row.runID } : {}),
    ...(row.sourceRunID ? { sourceRunId: row.sourceRunID } : {}),
    ...(row.isSteer ? { isSteer: true } : {}),
    ...(row.errorCode ? { error: { code: row.errorCode, message: row.errorMessage ?? "" } } : {}),
    ...(row.model ? { model: row.model, modelName: modelOf(row.model).label } : {}),
    ...(row.effort ? { effort: row.effort } : {}),
    ...(row.cost === undefined ? {} : { cost: row.cost }),
    ...(row.tokens ? { tokens: row.tokens } : {}),
    ...(row.context ? { context: row.context } : {}),
    createdAt: row.createdAt,
  };
}
