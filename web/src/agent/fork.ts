import type { Message } from "@slipway/contract/conversation";
import { forkConversation } from "@slipway/contract/routes/conversation";
import { text } from "#text/fork.ts";
import { call } from "../api/call.ts";
import { writeText } from "../api/browser-store.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";

/**
 * Forks the conversation at a message and opens the fork; the original stays. Without that message, its text is put into
 * the composer. @throws ApiError
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
  if (!includes && message.attachments?.length) toast(text.attachAgain);
}
