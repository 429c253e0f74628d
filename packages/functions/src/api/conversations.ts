import * as routes from "@slipway/contract/routes/conversation";
import * as Conversation from "@slipway/core/conversation";
import * as Message from "@slipway/core/message";
import * as Run from "@slipway/core/run";
import { createRoutes } from "./context.ts";

export const conversations = createRoutes()
  .openapi(routes.listConversations, async (context) =>
    context.json({ conversations: await Conversation.list(context.get("actor"), context.req.valid("param").id) }, 200),
  )
  .openapi(routes.createConversation, async (context) =>
    context.json(await Conversation.create(context.get("actor"), context.req.valid("param").id), 201),
  )
  .openapi(routes.getConversation, async (context) =>
    context.json(await Conversation.fromID(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.renameConversation, async (context) => {
    const { title } = context.req.valid("json");
    return context.json(await Conversation.rename(context.get("actor"), context.req.valid("param").id, title), 200);
  })
  .openapi(routes.removeConversation, async (context) => {
    const { id } = context.req.valid("param");
    const actor = context.get("actor");
    const { projectId } = await Conversation.fromID(actor, id, "run");
    await Run.cancelConversation(actor, projectId, id);
    await Conversation.remove(actor, id);
    return context.json({ ok: true as const }, 200);
  })
  .openapi(routes.forkConversation, async (context) => {
    const { messageId: messageID, includes } = context.req.valid("json");
    const { id } = context.req.valid("param");
    return context.json(await Message.fork(context.get("actor"), id, { messageID, includes }), 201);
  })
  .openapi(routes.listMessages, async (context) =>
    context.json(
      await Message.list(context.get("actor"), context.req.valid("param").id, context.req.valid("query")),
      200,
    ),
  )
  .openapi(routes.sendMessage, async (context) => {
    const { conversationId, message, mode, model, effort, attachments, attachmentsOf } = context.req.valid("json");
    const sent = await Run.send(context.get("actor"), {
      conversationID: conversationId,
      text: message,
      mode,
      model,
      effort,
      attachments,
      attachmentsOf,
    });
    return context.json({ userMessageId: sent.userMessageID, messageId: sent.messageID, runId: sent.runID }, 200);
  })
  .openapi(routes.cancelMessages, async (context) => {
    const { projectId } = context.req.valid("json");
    return context.json({ cancelled: await Run.cancelProject(context.get("actor"), projectId) }, 200);
  });
