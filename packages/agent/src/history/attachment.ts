import type { Message } from "@slipway/contract/conversation";
import type { FileEntry } from "@slipway/contract/file";
import * as File from "@slipway/core/file";
import type { Actor } from "@slipway/core/member";
import { attachmentsOf, loadAttachment, type StoredAttachment } from "@slipway/core/message/system";
import type { FilePart, TextPart } from "ai";
import { asNote, fenced, quote } from "../prompt/note.ts";
import { attachedFile } from "../transcript/attached.ts";
import { mentionedIn } from "./mention.ts";

/** Mentioned files that are shown to the model whole, and bytes of all of them. */
const maxFiles = 8;
const maxBytes = 60_000;

type UserPart = TextPart | FilePart;

/** Attachments of messages, as the model takes them. */
export async function attachmentParts(messages: readonly Message[]): Promise<Map<string, UserPart[]>> {
  const carrying = messages.filter(({ attachments }) => attachments?.length);
  const conversationID = carrying[0]?.conversationId;
  if (conversationID === undefined) return new Map();
  return loadParts(
    conversationID,
    carrying.map(({ id }) => id),
  );
}

/** All that the model is told of one message: its attachments, the files that it mentions, and its text. */
export async function partsOf(
  actor: Actor,
  projectID: string,
  { id, conversationID, text }: { id: string; conversationID: string; text: string },
): Promise<UserPart[]> {
  const [attached, mentioned] = await Promise.all([
    loadParts(conversationID, [id]),
    text.includes("@")
      ? File.list(actor, projectID).then(({ files }) => showMentioned(actor, projectID, mentionedIn(text, files)))
      : undefined,
  ]);
  const notes = mentioned === undefined ? [] : [{ type: "text" as const, text: mentioned }];
  return [...(attached.get(id) ?? []), ...notes, { type: "text", text }];
}

async function loadParts(conversationID: string, messageIDs: readonly string[]): Promise<Map<string, UserPart[]>> {
  const parts = new Map<string, UserPart[]>();
  for (const [messageID, attachments] of await attachmentsOf(conversationID, messageIDs))
    parts.set(messageID, await Promise.all(attachments.map(toPart)));
  return parts;
}

async function toPart(attachment: StoredAttachment): Promise<UserPart> {
  const { kind, name, type, key } = attachment;
  if (kind === "image") return attachedFile(key, { type, name });
  const text = new TextDecoder().decode(await loadAttachment(attachment));
  return { type: "text", text: asNote(`The person attached ${quote(name)}:\n\n${fenced(text)}`) };
}

/** A note with the files that a person mentions; undefined when there are none. */
export async function showMentioned(
  actor: Actor,
  projectID: string,
  mentioned: readonly FileEntry[],
): Promise<string | undefined> {
  let bytes = 0;
  const shown: FileEntry[] = [];
  const named: string[] = [];
  for (const file of mentioned) {
    if (shown.length < maxFiles && bytes + file.size <= maxBytes) {
      shown.push(file);
      bytes += file.size;
    } else named.push(file.path);
  }
  const texts = await Promise.all(
    shown.map(async ({ path }) => {
      const { content } = await File.readText(actor, projectID, path);
      return `${quote(path)}:\n${fenced(content)}`;
    }),
  );
  if (named.length > 0) texts.push(`Read these yourself, they are long: ${named.map(quote).join(", ")}`);
  return texts.length === 0
    ? undefined
    : asNote(`Files that the person mentions, as they are now.\n\n${texts.join("\n\n")}`);
}
