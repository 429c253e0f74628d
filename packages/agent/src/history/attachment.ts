import type { Message } from "@slipway/contract/conversation";
import type { FileEntry } from "@slipway/contract/file";
import * as File from "@slipway/core/file";
import type { Actor } from "@slipway/core/member";
import { attachmentsOf, loadAttachment } from "@slipway/core/message/system";
import type { FilePart, TextPart } from "ai";
import { asNote, fenced, quote } from "../prompt/note.ts";

/** Messages, from the newest, whose attachments the model still sees: images are costly to show again and again. */
const maxMessages = 4;
/** Mentioned files that are shown to the model whole, and bytes of all of them. */
const maxFiles = 8;
const maxBytes = 60_000;

/** Attachments of messages, as the model takes them. */
export async function attachmentParts(messages: readonly Message[]): Promise<Map<string, (TextPart | FilePart)[]>> {
  const carrying = messages.filter(({ attachments }) => attachments?.length).slice(-maxMessages);
  const parts = new Map<string, (TextPart | FilePart)[]>();
  const conversationID = carrying[0]?.conversationId;
  if (conversationID === undefined) return parts;
  const stored = await attachmentsOf(
    conversationID,
    carrying.map(({ id }) => id),
  );
  for (const [messageID, attachments] of stored) {
    parts.set(
      messageID,
      await Promise.all(
        attachments.map(async (attachment): Promise<TextPart | FilePart> => {
          const bytes = await loadAttachment(attachment);
          if (attachment.kind === "image") return { type: "file", data: bytes, mediaType: attachment.type };
          const text = new TextDecoder().decode(bytes);
          return { type: "text", text: asNote(`The person attached ${quote(attachment.name)}:\n\n${fenced(text)}`) };
        }),
      ),
    );
  }
  return parts;
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
