import { z } from "zod";
import { Conversation, maxAttachments, Message, SendMode } from "../conversation.ts";
import { ConversationID, MessageID, ProjectID, RunID, UploadID } from "../id.ts";
import { Prompt } from "../prompt.ts";
import { Effort } from "../model.ts";
import { body, cursor, inProject, ok, reply, route } from "../route.ts";

const inConversation = z.object({ id: ConversationID });

export const listConversations = route({
  method: "get",
  path: "/api/projects/{id}/conversations",
  request: { params: inProject },
  responses: { 200: reply(z.object({ conversations: z.array(Conversation) }), "Newest activity first.") },
});

export const createConversation = route({
  method: "post",
  path: "/api/projects/{id}/conversations",
  request: { params: inProject },
  responses: { 201: reply(Conversation, "An empty conversation.") },
});

export const getConversation = route({
  method: "get",
  path: "/api/conversations/{id}",
  request: { params: inConversation },
  responses: { 200: reply(Conversation, "The conversation.") },
});

export const renameConversation = route({
  method: "patch",
  path: "/api/conversations/{id}",
  request: { params: inConversation, body: body(z.object({ title: z.string().trim().min(1).max(200) })) },
  responses: { 200: reply(Conversation, "The updated conversation.") },
});

export const removeConversation = route({
  method: "delete",
  path: "/api/conversations/{id}",
  request: { params: inConversation },
  responses: { 200: reply(ok, "Deleted.") },
});

export const forkConversation = route({
  method: "post",
  path: "/api/conversations/{id}/fork",
  request: {
    params: inConversation,
    body: body(
      z.object({
        messageId: MessageID,
        includes: z.boolean().default(true).meta({ description: "Whether that message is part of the new one." }),
      }),
    ),
  },
  responses: { 201: reply(Conversation, "A new conversation with copies of the messages up to that one.") },
});

export const listMessages = route({
  method: "get",
  path: "/api/conversations/{id}/messages",
  request: {
    params: inConversation,
    query: z.object({ cursor, limit: z.coerce.number().int().min(1).max(200).optional() }),
  },
  responses: {
    200: reply(
      z.object({ messages: z.array(Message), cursor: z.string().optional() }),
      "Oldest first within the page; the first page has the newest, `cursor` leads to older ones.",
    ),
  },
});

export const sendMessage = route({
  method: "post",
  path: "/api/messages",
  request: {
    body: body(
      z.object({
        conversationId: ConversationID,
        message: Prompt,
        mode: SendMode.default("replace"),
        model: z.string().min(1).max(300).optional().meta({
          description:
            "A model of `GET /api/agent/models`; the project's without one. A message that joins a run takes the run's.",
        }),
        effort: Effort.optional().meta({ description: "Dropped if the model does not have it." }),
        attachments: z
          .array(z.object({ upload: UploadID, name: z.string().trim().min(1).max(255) }))
          .max(maxAttachments)
          .optional()
          .meta({ description: "Finished uploads of `POST /api/uploads`: images and text, for the model alone." }),
        attachmentsOf: MessageID.optional().meta({
          description: "A message of the conversation whose attachments this one has too, to send it again.",
        }),
      }),
    ),
  },
  responses: {
    200: reply(
      z.object({
        userMessageId: MessageID,
        messageId: MessageID.meta({ description: "The assistant's message; with `steer`, that of the joined run." }),
        runId: RunID,
      }),
      "Accepted.",
    ),
  },
});

export const cancelMessages = route({
  method: "post",
  path: "/api/messages/cancel",
  request: { body: body(z.object({ projectId: ProjectID })) },
  responses: { 200: reply(z.object({ cancelled: z.array(MessageID) }), "The cancelled messages. Idempotent.") },
});
