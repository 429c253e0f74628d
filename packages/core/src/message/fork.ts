import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Conversation } from "@slipway/contract/conversation";
import { VisibleError } from "@slipway/contract/error";
import { Block } from "@slipway/contract/run";
import { z } from "zod";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import * as Conversations from "../conversation/conversation.ts";
import { announced, createItem, existsItem } from "../conversation/system.ts";
import { create as createID } from "../id/id.ts";
import type { Actor } from "../member/member.ts";
import { removedItem } from "../removal/record.ts";
import { putItem, transact, type WriteItem } from "../table/table.ts";
import { MessageEntity } from "./message.entity.ts";

/** Rows that are read and written at once. A row has 400 KB at most, and a transaction 4 MB. */
const batch = 10;

/** Milliseconds after which a fork without a conversation has died. */
const abandonedAfter = 60 * 60 * 1000;

/**
 * A new conversation with copies of another one's finished messages before one of them, and of that one if it is included.
 * Copies belong to no run, so deleting either conversation leaves the other intact; they name the run as their source.
 * The conversation is written last, so nobody sees a part of it. The sweep removes the copies of a fork that died.
 * @throws VisibleError not_found
 */
export async function fork(
  actor: Actor,
  conversationID: string,
  { messageID, includes }: { messageID: string; includes: boolean },
): Promise<Conversation> {
  const { projectId: projectID, title } = await Conversations.fromID(actor, conversationID, "run");
  const { data: last } = await MessageEntity.get({ conversationID, messageID }).go({ consistent: true });
  if (!last) throw new VisibleError("not_found", "Message not found.");

  const copyID = createID("conversation");
  await transact([removedItem({ id: copyID, kind: "conversation" }, now() + abandonedAfter)]);
  const copy = new Copy(copyID);
  const query = MessageEntity.query.byConversation({ conversationID });
  const wanted = includes ? query.lte({ messageID }) : query.lt({ messageID });
  let cursor: string | null = null;
  do {
    const page: { data: Row[]; cursor: string | null } = await wanted.go({ cursor, limit: batch, consistent: true });
    await copy.add(page.data);
    cursor = page.cursor;
  } while (cursor !== null);
  for (const joined of copy.missing()) {
    const { data } = await MessageEntity.get({ conversationID, messageID: joined }).go({ consistent: true });
    if (data) await copy.add([data]);
  }

  // A source that was deleted meanwhile may have been purged while it was read.
  const written = await transact([createItem(copyID, projectID, title), existsItem(conversationID, projectID)]);
  if (!written.ok) throw new VisibleError("not_found", "Conversation not found.");
  return announced(await Conversations.fromID(actor, copyID));
}

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof MessageEntity.get>["go"]>>["data"]>;

class Copy {
  readonly #conversationID: string;
  /** Of the copies, by the id of the original. */
  readonly #ids = new Map<string, string>();
  readonly #seen = new Set<string>();

  constructor(conversationID: string) {
    this.#conversationID = conversationID;
  }

  /** Adds messages, in order. */
  async add(rows: readonly Row[]): Promise<void> {
    for (const { messageID } of rows) {
      this.#seen.add(messageID);
      this.#idOf(messageID);
    }
    const finished = rows.filter(({ status }) => status !== "queued" && status !== "processing");
    if (finished.length === 0) return;
    const written = await transact(await Promise.all(finished.map((row) => this.#item(row))));
    if (!written.ok) throw new Error("the id of a copied message was taken");
  }

  /** Messages that joined a copied answer after the last copied message: they are shown in the answer. */
  missing(): string[] {
    return [...this.#ids.keys()].filter((messageID) => !this.#seen.has(messageID));
  }

  async #item({ runID, sourceRunID = runID, messageID, blocks, body, ...row }: Row): Promise<WriteItem> {
    return putItem(
      MessageEntity.create({
        ...row,
        conversationID: this.#conversationID,
        messageID: this.#idOf(messageID),
        ...(sourceRunID === undefined ? {} : { sourceRunID }),
        ...(blocks === undefined ? {} : { blocks: this.#renamed(blocks as Uint8Array) }),
        ...(body === undefined ? {} : { body: await this.#store(this.#renamed(await Blob.get(body))) }),
      }),
    );
  }

  /** The blocks with the ids of the copies for messages that joined the answer. */
  #renamed(gzip: Uint8Array): Uint8Array {
    const json = gunzipSync(gzip).toString();
    if (!json.includes('"steer"')) return gzip;
    const blocks = z.array(Block).parse(JSON.parse(json));
    return gzipSync(
      JSON.stringify(blocks.map((block) => (block.type === "steer" ? { ...block, id: this.#idOf(block.id) } : block))),
    );
  }

  /** Under a key of the copy, which is removed with it. */
  async #store(gzip: Uint8Array): Promise<string> {
    const key = `conversations/${this.#conversationID}/${createHash("sha256").update(gzip).digest("base64url")}`;
    await Blob.put(key, gzip);
    return key;
  }

  #idOf(messageID: string): string {
    const id = this.#ids.get(messageID) ?? createID("message");
    this.#ids.set(messageID, id);
    return id;
  }
}
