import type { ModelMessage } from "ai";
import { asNote } from "../prompt/note.ts";
import { withoutThinking } from "./thinking.ts";

/** Images that providers take in one request; Bedrock's is the lowest limit. */
const maxImages = 20;
/** So many are left out at once, so that the prompt does not change with every new image. */
const batch = 10;

/**
 * The messages with no more images than a provider takes: the oldest become notes. Thinking does not count behind a prompt
 * that has changed. `asked` is where the run's own message is.
 */
export function withNewestImages(messages: readonly ModelMessage[], asked: number): ModelMessage[] {
  const left = leftOut(countIn(messages));
  if (left === 0) return [...messages];
  const kept = withoutOldest(messages, left);
  // What the run has thought, it thought without the same images, unless it has brought more itself.
  const isSame = left === leftOut(countIn(messages.slice(0, asked + 1)));
  return isSame ? [...withoutThinking(kept.slice(0, asked)), ...kept.slice(asked)] : withoutThinking(kept);
}

function leftOut(images: number): number {
  return images <= maxImages ? 0 : Math.ceil((images - maxImages) / batch) * batch;
}

function isImage(part: { type: string; mediaType?: string }): boolean {
  return part.type === "file" && part.mediaType?.startsWith("image/") === true;
}

/** Those that a tool shows follow its result as a message of the person's side. */
function countIn(messages: readonly ModelMessage[]): number {
  return messages.reduce(
    (sum, { role, content }) =>
      role !== "user" || typeof content === "string" ? sum : sum + content.filter(isImage).length,
    0,
  );
}

const note = asNote(
  "An image was here. It is left out, because there are too many newer ones. Ask for it if it matters.",
);

function withoutOldest(messages: readonly ModelMessage[], count: number): ModelMessage[] {
  let left = count;
  return messages.map((message): ModelMessage => {
    if (message.role !== "user" || typeof message.content === "string") return message;
    const content = message.content.map((part) =>
      isImage(part) && left-- > 0 ? { type: "text" as const, text: note } : part,
    );
    return { ...message, content };
  });
}
