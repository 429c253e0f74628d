import { createHash } from "node:crypto";
import { VisibleError } from "@slipway/contract/error";
import type { Conversation } from "@slipway/contract/conversation";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import * as Conversations from "../conversation/conversation.ts";
import { announced, createItem } from "../conversation/system.ts";
import { create as createID } from "../id/id.ts";
import type { Actor } from "../member/member.ts";
import { putItem, transact, type WriteItem } from "../table/table.ts";
import { MessageEntity } from "./message.entity.ts";
import { serialize } from "./system.ts";

/** Rows of one transaction, which takes 4 MB: blocks in a row have 100 KB at most. */
const batch = 25;

/**
 * A new conversation with copies of another one's finished messages before one of them, and with that one if it `includes`
 * it. Copies belong to no run, so that deleting either conversation leaves the other whole; a run that answered one is
 * named as its source. The conversation comes last: until then nobody sees a part of it.
 * @throws VisibleError not_found
 */
export async function fork(
  actor: Actor,
  conversationID: string,
  { messageID, includes }: { messageID: string; includes: boolean },
): Promise<Conversation> {
  const source = await Conversations.fromID(actor, conversationID, "run");
  const { data: last } = await MessageEntity.get({ conversationID, messageID }).go({ consistent: true });
  if (!last) throw new VisibleError("not_found", "Message not found.");
  const query = MessageEntity.query.byConversation({ conversationID });
  const { data } = await (includes ? query.lte({ messageID }) : query.lt({ messageID })).go({
    pages: "all",
    consistent: true,
  });
  const copyID = createID("conversation");
  const items: WriteItem[] = [];
  const joined = new Set((await Promise.all(data.map(joinedIn))).flat());
  for (const { runID, isSteer: _, body, ...row } of data) {
    if (row.status === "queued" || row.status === "processing" || joined.has(row.messageID)) continue;
    const sourceRunID = runID ?? row.sourceRunID;
    items.push(
      putItem(
        MessageEntity.create({
          ...row,
          conversationID: copyID,
          messageID: createID("message"),
          ...(sourceRunID === undefined ? {} : { sourceRunID }),
          ...(body === undefined ? {} : { body: await copied(body, copyID) }),
        }),
      ),
    );
  }
  for (let at = 0; at < items.length; at += batch) await transact(items.slice(at, at + batch));
  await transact([createItem(copyID, source.projectId, source.title)]);
  const at = now();
  return announced({ ...source, id: copyID, createdAt: at, activeAt: at });
}

/** Messages that joined an answer: their words are in it. */
async function joinedIn(row: Parameters<typeof serialize>[0]): Promise<string[]> {
  if (row.role !== "assistant") return [];
  const { blocks } = await serialize(row);
  return blocks.flatMap(({ type, id }) => (type === "steer" ? [id] : []));
}

/** The object under a key of the copy's own, which goes with it. */
async function copied(key: string, conversationID: string): Promise<string> {
  const bytes = await Blob.get(key);
  const copy = `conversations/${conversationID}/${createHash("sha256").update(bytes).digest("base64url")}`;
  await Blob.put(copy, bytes);
  return copy;
}
