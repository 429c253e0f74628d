import type { Message } from "@slipway/contract/conversation";
import { forkConversation } from "@slipway/contract/routes/conversation";
import { call } from "../api/call.ts";
import { writeText } from "../api/browser-store.ts";
import type { Workspace } from "../stores/workspace.ts";

/**
 * Goes on from a message in a new conversation, which is shown; the one that it is in stays. Without that message, its words
 * are in the box again. @throws ApiError
 */
export async function forkAt(
  workspace: Workspace,
  message: Message,
  { includes }: { includes: boolean },
): Promise<void> {
  const { conversations, projectID } = workspace;
  const params = { id: message.conversationId };
  const made = await call(forkConversation, { params, body: { messageId: message.id, includes } });
  if (!includes) writeText(`composer ${projectID} ${made.id}`, message.text);
  conversations.takeConversation(made);
  await conversations.open(made.id);
  document.getElementById("message")?.focus();
}
