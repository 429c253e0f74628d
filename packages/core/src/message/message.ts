import type { Message } from "@slipway/contract/conversation";
import { MessageID } from "@slipway/contract/id";
import * as Conversation from "../conversation/conversation.ts";
import * as Cursor from "../cursor/cursor.ts";
import type { Actor } from "../member/member.ts";
import { MessageEntity } from "./message.entity.ts";
import { serialize } from "./system.ts";

export { fork } from "./fork.ts";

/** Messages: one row each; a page of a conversation is one query. Ids sort by time. */

const cursors = Cursor.define("messages", MessageID);

/** The newest page first; within a page the oldest first. */
export async function list(
  actor: Actor,
  conversationID: string,
  page: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ messages: Message[]; cursor?: string }> {
  await Conversation.fromID(actor, conversationID);
  const after = cursors.decode(page.cursor);
  const { limit = 50 } = page;
  const query = MessageEntity.query.byConversation({ conversationID });
  const { data, cursor } = await (after === undefined ? query : query.lt({ messageID: after })).go({
    order: "desc",
    limit,
    consistent: true,
  });
  const messages: Message[] = [];
  let bytes = 0;
  for (const row of data) {
    const message = await serialize(row);
    bytes += Buffer.byteLength(JSON.stringify(message));
    if (messages.length > 0 && bytes > pageBytes) break;
    messages.unshift(message);
  }
  const oldest = messages[0];
  const hasMore = cursor !== null || messages.length < data.length;
  return hasMore && oldest ? { messages, cursor: cursors.encode(oldest.id) } : { messages };
}

/** Bytes of one page: a reply may have 6 MB once its text is escaped. */
const pageBytes = 2_000_000;
