import type { Conversation } from "@slipway/contract/conversation";
import { now } from "../clock/clock.ts";
import * as Connections from "../connection/system.ts";
import { checkItem, putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { ConversationEntity } from "./conversation.entity.ts";

/** Conversations, for the server itself: verbs that take no actor and authorise nobody. */

export function createItem(conversationID: string, projectID: string, title = ""): WriteItem {
  return putItem(
    ConversationEntity.create({
      conversationID,
      projectID,
      createdAt: now(),
      activeAt: now(),
      ...(title === "" ? {} : { title }),
    }),
  );
}

/** Refuses its transaction when the conversation is gone. */
export function existsItem(conversationID: string, projectID: string): WriteItem {
  return checkItem(ConversationEntity.get({ conversationID }), "projectID", projectID);
}

export async function idsOf(projectID: string): Promise<string[]> {
  const { data } = await ConversationEntity.query.byProject({ projectID }).go({ pages: "all" });
  return data.map(({ conversationID }) => conversationID);
}

export async function exists(conversationID: string): Promise<boolean> {
  const { data } = await ConversationEntity.get({ conversationID }).go({ consistent: true });
  return data !== null;
}

export async function purge(conversationID: string): Promise<void> {
  await ConversationEntity.delete({ conversationID }).go();
}

/** Titles a conversation that has no title, if the guard holds. */
export async function suggestTitle(
  conversationID: string,
  title: string,
  guard: readonly WriteItem[] = [],
): Promise<void> {
  // Conditional, because its owner may name it at the same time.
  const written = await transact([
    ...guard,
    updateItem(
      ConversationEntity.patch({ conversationID })
        .set({ title })
        .where((attribute, { notExists, eq }) => `${notExists(attribute.title)} OR ${eq(attribute.title, "")}`),
    ),
  ]);
  if (!written.ok) return;
  const { data } = await ConversationEntity.get({ conversationID }).go({ consistent: true });
  if (data) await announced(serialize(data));
}

/** Records activity. Fails its transaction when the conversation is gone. */
export function activityItem(conversationID: string, projectID: string): WriteItem {
  return updateItem(
    ConversationEntity.patch({ conversationID }).set({ activeAt: now(), projectID }).composite({ projectID }),
  );
}

export async function announced(conversation: Conversation): Promise<Conversation> {
  const { projectId } = conversation;
  await Connections.broadcast(projectId, { type: "conversation", projectId, conversation });
  return conversation;
}

interface Row {
  conversationID: string;
  projectID: string;
  title?: string | undefined;
  createdAt: number;
  activeAt: number;
}

export function serialize(row: Row): Conversation {
  return {
    id: row.conversationID,
    projectId: row.projectID,
    title: row.title ?? "",
    createdAt: row.createdAt,
    activeAt: row.activeAt,
  };
}
