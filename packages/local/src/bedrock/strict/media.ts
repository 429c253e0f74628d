import type { ConverseRequest } from "../converse.ts";
import { modelRefuses, refuse } from "../refusal.ts";
import type { ServedModel } from "../served-models.ts";

/** Images and documents, of messages and of tool results. */

const maxImages = 20;
const maxImageBytes = 3.75 * 1024 ** 2;
const maxDocuments = 5;
const maxDocumentBytes = 4.5 * 1024 ** 2;

/** How files of each format begin. */
const signatures: Readonly<Record<string, RegExp>> = {
  png: /^\x89PNG\r\n/,
  jpeg: /^\xff\xd8\xff/,
  gif: /^GIF8[79]a/,
  webp: /^RIFF[^]{4}WEBP/,
  pdf: /^%PDF-/,
};

/** @throws ModelRefusal */
export function validateMedia({ messages }: ConverseRequest, model: ServedModel): void {
  let images = 0;
  let documents = 0;
  const names = new Set<string>();
  for (const [index, { content }] of messages.entries()) {
    for (const [at, block] of content.entries()) {
      const parts = "toolResult" in block ? block.toolResult.content : [block];
      for (const part of parts) {
        const path = `messages.${index}.content.${at}`;
        if ("image" in part) {
          images++;
          validateImage(part.image, path, model);
        } else if ("document" in part) {
          documents++;
          validateDocument(part.document, path, { model, names });
          if (!content.some((each) => "text" in each || "toolResult" in each))
            refuse(
              "A text block must be included in a message that contains a document block. Add a text block and try again.",
            );
        }
      }
    }
  }
  if (images > maxImages) modelRefuses(`too many images: ${images} > ${maxImages}`);
  if (documents > maxDocuments)
    refuse(`You can include up to ${maxDocuments} documents in a request. This one has ${documents}.`);
}

interface Media {
  format: string;
  source: { bytes: string };
}

function validateImage(image: Media, at: string, model: ServedModel): void {
  if (!model.images)
    refuse(
      "This model doesn't support the image content block that you provided. Remove image content blocks and try again.",
    );
  validateSize(image, `${at}.image.source`, { kind: "image", most: maxImageBytes });
}

function validateDocument(
  document: Media & { name: string },
  at: string,
  { model, names }: { model: ServedModel; names: Set<string> },
): void {
  if (!model.documents) refuse("This model doesn't support documents. Remove document content blocks and try again.");
  if (!/^[a-zA-Z0-9\s()[\]-]+$/.test(document.name) || /\s\s/.test(document.name))
    refuse(
      "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character.",
    );
  if (names.has(document.name)) refuse(`The request contains duplicate document names: ${document.name}`);
  names.add(document.name);
  validateSize(document, `${at}.document.source`, { kind: "document", most: maxDocumentBytes });
}

function validateSize({ format, source }: Media, at: string, { kind, most }: { kind: string; most: number }): void {
  const bytes = Buffer.byteLength(source.bytes, "base64");
  if (bytes === 0) modelRefuses(`${at}.base64: ${kind} cannot be empty`);
  if (bytes > most)
    modelRefuses(`${at}.base64: ${kind} exceeds ${most / 1024 ** 2} MB maximum: ${bytes} bytes > ${most} bytes`);
  const head = Buffer.from(source.bytes.slice(0, 64), "base64").toString("latin1");
  if (signatures[format]?.test(head) === false)
    modelRefuses(`${at}.base64.data: The ${kind} does not match the provided format ${format}`);
}
