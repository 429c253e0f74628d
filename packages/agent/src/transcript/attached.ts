import * as Blob from "@slipway/core/blob";
import * as Run from "@slipway/core/run/system";
import type { FilePart, ModelMessage } from "ai";

/** Files in a transcript: it holds where they are, and a request holds their bytes. */

const scheme = "attachment:";

export function attachedFile(key: string, { type, name }: { type: string; name: string }): FilePart {
  return { type: "file", data: scheme + key, mediaType: type, filename: name };
}

/** The messages with the bytes of their files. `loaded` keeps them for the next request. */
export async function withBytes(
  messages: readonly ModelMessage[],
  loaded: Map<string, Promise<Uint8Array>>,
): Promise<ModelMessage[]> {
  return Promise.all(
    messages.map(async (message) => {
      if (message.role !== "user" || typeof message.content === "string") return message;
      if (!message.content.some((part) => part.type === "file" && keyOf(part) !== undefined)) return message;
      const content = await Promise.all(
        message.content.map(async (part) => {
          const key = part.type === "file" ? keyOf(part) : undefined;
          if (key === undefined || part.type !== "file") return part;
          const bytes = loaded.get(key) ?? Blob.get(key);
          loaded.set(key, bytes);
          return { ...part, data: await bytes };
        }),
      );
      return { ...message, content };
    }),
  );
}

/** The messages with copies of other runs' files under a run, which outlive those runs. */
export async function withOwnFiles(messages: readonly ModelMessage[], runID: string): Promise<ModelMessage[]> {
  return Promise.all(
    messages.map(async (message) => {
      if (message.role !== "user" || typeof message.content === "string") return message;
      const content = await Promise.all(
        message.content.map(async (part) => {
          const key = part.type === "file" ? keyOf(part) : undefined;
          if (key === undefined || !Run.isOwned(key)) return part;
          return { ...part, data: scheme + (await Run.storeFile(runID, await Blob.get(key))) };
        }),
      );
      return { ...message, content };
    }),
  );
}

function keyOf({ data }: FilePart): string | undefined {
  return typeof data === "string" && data.startsWith(scheme) ? data.slice(scheme.length) : undefined;
}
