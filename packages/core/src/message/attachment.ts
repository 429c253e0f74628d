import { maxAttachedTextBytes, maxImageBytes, type Attachment } from "@slipway/contract/conversation";
import { VisibleError } from "@slipway/contract/error";
import * as Blob from "../blob/blob.ts";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import type { Actor } from "../member/member.ts";

/** Files attached to a message: in S3 under the project's prefix, and removed with the project. */

export type StoredAttachment = Omit<Attachment, "url"> & { key: string };

/** Image types that models read, recognised by their bytes, because a name proves nothing. */
const images: readonly { type: string; starts: readonly number[] }[] = [
  { type: "image/png", starts: [0x89, 0x50, 0x4e, 0x47] },
  { type: "image/jpeg", starts: [0xff, 0xd8, 0xff] },
  { type: "image/gif", starts: [0x47, 0x49, 0x46, 0x38] },
  { type: "image/webp", starts: [0x52, 0x49, 0x46, 0x46] },
];

/** Stores finished uploads as attachments of a message that is about to be written. @throws VisibleError */
export async function keepAttachments(
  actor: Actor,
  projectID: string,
  messageID: string,
  uploads: readonly { upload: string; name: string }[],
): Promise<StoredAttachment[]> {
  return Promise.all(
    uploads.map(async ({ upload, name }, index) => {
      const bytes = await File.finishedUpload(actor, projectID, upload);
      const stored = { name, size: bytes.length, key: `files/${projectID}/attachments/${messageID}/${index}` };
      const image = images.find(({ starts }) => starts.every((byte, at) => bytes[at] === byte));
      if (image) {
        if (bytes.length > maxImageBytes) throw tooLarge(name, "An image may have 3.75 MB");
        await Blob.put(stored.key, bytes, { type: image.type });
        return { ...stored, kind: "image" as const, type: image.type };
      }
      if (!FileStore.isText(bytes))
        throw new VisibleError(
          "unsupported_media_type",
          `The agent cannot read "${name}": only text, PNG, JPEG, GIF and WebP. Put it into the project instead.`,
        );
      if (bytes.length > maxAttachedTextBytes) throw tooLarge(name, "A text may have 200 KB; put it into the project");
      await Blob.put(stored.key, bytes, { type: "text/plain; charset=utf-8" });
      return { ...stored, kind: "text" as const, type: "text/plain" };
    }),
  );
}

export function loadAttachment({ key }: StoredAttachment): Promise<Uint8Array> {
  return Blob.get(key);
}

export async function locate({ key, ...attachment }: StoredAttachment): Promise<Attachment> {
  const type = attachment.kind === "text" ? "text/plain; charset=utf-8" : attachment.type;
  return { ...attachment, url: await Blob.downloadURL(key, { type, seconds: 3600 }) };
}

function tooLarge(name: string, limit: string): VisibleError {
  return new VisibleError("payload_too_large", `"${name}" is too large. ${limit}.`);
}
