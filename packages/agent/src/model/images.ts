import type { ModelMessage } from "ai";
import { asNote, quote } from "../prompt/note.ts";

export function hasImages(messages: readonly ModelMessage[]): boolean {
  return messages.some(
    ({ role, content }) =>
      role === "user" && typeof content !== "string" && content.some(({ type }) => type === "file"),
  );
}

/** The conversation for a model that reads no images: a note in the place of each, so that all later messages work. */
export function withoutImages(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message) => {
    if (message.role !== "user" || typeof message.content === "string") return message;
    const content = message.content.map((part) => {
      if (part.type !== "file") return part;
      const name = part.filename === undefined ? "" : ` ${quote(part.filename)}`;
      const noun = part.mediaType === "application/pdf" ? "PDF" : "image";
      const text = `The ${noun}${name} is left out here. You cannot see it: this model reads no ${noun}s. Say so if it matters.`;
      return { type: "text" as const, text: asNote(text) };
    });
    return { ...message, content };
  });
}
