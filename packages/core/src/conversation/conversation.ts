import { VisibleError } from "@slipway/contract/error";
import type { Conversation } from "@slipway/contract/conversation";
import { now } from "../clock/clock.ts";
import { create as createID } from "../id/id.ts";
import { authorise, type Action, type Actor } from "../member/member.ts";
import { removedItem } from "../removal/record.ts";
import { deleteItem, transact } from "../table/table.ts";
import { ConversationEntity } from "./conversation.entity.ts";
import { announced, serialize } from "./system.ts";

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
  if (!data) throw new VisibleError("not_found", "Conversation not found.");
  try {
    await authorise(actor, action, data.projectID);
  } catch (error) {
    if (!(error instanceof VisibleError) || error.code !== "not_found") throw error;
    throw new VisibleError("not_found", "Conversation not found.", {}, error);
  }
  return serialize(data);
}

export async function rename(actor: Actor, conversationID: string, title: string): Promise<Conversation> {
  await fromID(actor, conversationID, "run");
  const { data } = await ConversationEntity.patch({ conversationID }).set({ title }).go({ response: "all_new" });
  return announced(serialize(data));
}

/** Removes it for everyone at once. Its messages are purged in the background. */
export async function remove(actor: Actor, conversationID: string): Promise<void> {
  await fromID(actor, conversationID, "run");
  await transact([
    deleteItem(ConversationEntity.delete({ conversationID })),
    removedItem({ id: conversationID, kind: "conversation" }),
  ]);
}
