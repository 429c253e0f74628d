import { maxAttachedTextBytes, maxImageBytes } from "@slipway/contract/conversation";
import { text } from "#text/agent.ts";

/** What the agent can read besides the project. */

const imageType = /^image\/(?:png|jpeg|gif|webp)$/;
/** Bytes that tell text from anything else. */
const sniffed = 8000;

export const isImage = (file: File): boolean => imageType.test(file.type);

/** Why a file cannot be attached to a message. Undefined if it can. */
export async function refusal(file: File): Promise<string | undefined> {
  if (file.size > (isImage(file) ? maxImageBytes : maxAttachedTextBytes))
    return isImage(file) ? text.imageTooLarge(file.name) : text.textTooLarge(file.name);
  if (isImage(file)) return undefined;
  const start = new Uint8Array(await file.slice(0, sniffed).arrayBuffer());
  return start.includes(0) ? text.cannotRead(file.name) : undefined;
}
