import { VisibleError } from "@slipway/contract/error";
import type { Conversation } from "@slipway/contract/conversation";
import { now } from "../clock/clock.ts";
import * as Connection from "../connection/connection.ts";
import { create as createID } from "../id/id.ts";
import { authorise, type Action, type Actor } from "../member/member.ts";
import { removedItem } from "../removal/record.ts";
import { deleteItem, putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { ConversationEntity } from "./conversation.entity.ts";

export function createItem(conversationID: string, projectID: string): WriteItem {
  return putItem(ConversationEntity.create({ conversationID, projectID, createdAt: now(), activeAt: now() }));
}

export async function create(actor: Actor, projectID: string): Promise<Conversation> {
  await authorise(actor, "run", projectID);
  const { data } = await ConversationEntity.create({
    conversationID: createID("conversation"),
    projectID,
    createdAt: now(),
    activeAt: now(),
  }).go();
  return announced(serialize(data));
}

export async function list(actor: Actor, projectID: string): Promise<Conversation[]> {
  await authorise(actor, "read", projectID);
  const { data } = await ConversationEntity.query.byProject({ projectID }).go({ order: "desc", pages: "all" });
  return data.map(serialize);
}

/** Two reads, one after the other. @throws VisibleError not_found */
export async function fromID(actor: Actor, conversationID: string, action: Action = "read"): Promise<Conversation> {
  const { data } = await ConversationEntity.get({ conversationID }).go({ consistent: true });
  if (!data) throw new VisibleError("not_found", "There is no such conversation.");
  try {
    await authorise(actor, action, data.projectID);
  } catch (error) {
    if (!(error instanceof VisibleError) || error.code !== "not_found") throw error;
    throw new VisibleError("not_found", "There is no such conversation.", {}, error);
  }
  return serialize(data);
}

export async function rename(actor: Actor, conversationID: string, title: string): Promise<Conversation> {
  await fromID(actor, conversationID, "run");
  const { data } = await ConversationEntity.patch({ conversationID }).set({ title }).go({ response: "all_new" });
  return announced(serialize(data));
}

/** Gone for everyone at once; what was said in it is purged in the background. */
export async function remove(actor: Actor, conversationID: string): Promise<void> {
  await fromID(actor, conversationID, "run");
  await transact([
    deleteItem(ConversationEntity.delete({ conversationID })),
    removedItem({ id: conversationID, kind: "conversation" }),
  ]);
}

/** (internal) */
export async function idsOf(projectID: string): Promise<string[]> {
  const { data } = await ConversationEntity.query.byProject({ projectID }).go({ pages: "all" });
  return data.map(({ conversationID }) => conversationID);
}

/** (internal) */
export async function exists(conversationID: string): Promise<boolean> {
  const { data } = await ConversationEntity.get({ conversationID }).go({ consistent: true });
  return data !== null;
}

/** (internal) */
export async function purge(conversationID: string): Promise<void> {
  await ConversationEntity.delete({ conversationID }).go();
}

/** (internal) A title for a conversation that has none. */
export async function suggestTitle(conversationID: string, title: string): Promise<void> {
  const { data: before } = await ConversationEntity.get({ conversationID }).go({ consistent: true });
  if (!before || before.title) return;
  const { data } = await ConversationEntity.patch({ conversationID }).set({ title }).go({ response: "all_new" });
  await announced(serialize(data));
}

/** Notes activity; refused when the conversation is gone. */
export function activityItem(conversationID: string, projectID: string): WriteItem {
  return updateItem(
    ConversationEntity.patch({ conversationID }).set({ activeAt: now(), projectID }).composite({ projectID }),
  );
}

async function announced(conversation: Conversation): Promise<Conversation> {
  const { projectId } = conversation;
  await Connection.broadcast(projectId, { type: "conversation", projectId, conversation });
  return conversation;
}

interface Row {
  conversationID: string;
  projectID: string;
  title?: string | undefined;
  createdAt: number;
  activeAt: number;
}

function serialize(row: Row): Conversation {
  return {
    id: row.conversationID,
    projectId: row.projectID,
    title: row.title ?? "",
    createdAt: row.createdAt,
    activeAt: row.activeAt,
  };
}
