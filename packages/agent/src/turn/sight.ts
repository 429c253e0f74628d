import { maxImageBytes } from "@slipway/contract/conversation";
import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import type { ModelInfo } from "@slipway/core/registry";
import type { ModelMessage } from "ai";
import { asNote, quote } from "../prompt/note.ts";
import type { ToolContext } from "../tool/tool.ts";
import { attachedFile } from "../transcript/attached.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { providedFor } from "./provided.ts";

/** Images and PDFs that tools show to the model. */

interface Kind {
  sees: keyof ModelInfo["sees"];
  noun: string;
  maxBytes: number;
  /** In one request: Bedrock takes 20 images and 5 documents, and refuses all of a request with more. */
  most: number;
}

const image: Kind = { sees: "images", noun: "image", maxBytes: maxImageBytes, most: 20 };
const pdf: Kind = { sees: "documents", noun: "PDF", maxBytes: 4_500_000, most: 5 };
const kindOf = (type: string): Kind => (type.startsWith("image/") ? image : pdf);

/** For the turns of a run: what has been shown and is not in the transcript yet counts too. */
export class Sight {
  readonly #lease: Lease;
  readonly #transcript: Transcript;
  readonly #shown = new Map<string, Kind>();

  constructor(lease: Lease, transcript: Transcript) {
    this.#lease = lease;
    this.#transcript = transcript;
  }

  async show(
    callID: string,
    { name, type, bytes }: Parameters<ToolContext["show"]>[0],
  ): ReturnType<ToolContext["show"]> {
    const kind = kindOf(type);
    const { run } = this.#lease;
    const { info } = await providedFor(this.#lease);
    // Of a model that is not known an image is tried: one that is refused is left out. A PDF is not even sent by all.
    const isBlind = info.sees[kind.sees] === false || (kind === pdf && info.sees.documents !== true);
    if (isBlind || run.sightless || this.#transcript.opening.sightless.includes(run.model))
      return `${quote(name)} is ${kind === pdf ? "a PDF" : "an image"}, and this model reads no ${kind.noun}s.`;
    if (bytes.length > kind.maxBytes)
      return `${quote(name)} is too large to be shown: ${kind.noun}s may have ${kind.maxBytes / 1_000_000} MB.`;
    if (this.#count(kind) >= kind.most)
      return `${quote(name)} cannot be shown: a conversation holds ${kind.most} ${kind.noun}s, and has them already.`;
    this.#shown.set(callID, kind);
    return { key: await Run.storeFile(run.runID, bytes), type, name };
  }

  /** What was shown is in the transcript now. */
  settle(): void {
    this.#shown.clear();
  }

  #count(kind: Kind): number {
    const earlier = this.#transcript.messages.reduce((sum, message) => sum + countIn(message, kind), 0);
    return earlier + [...this.#shown.values()].filter((each) => each === kind).length;
  }
}

function countIn({ role, content }: ModelMessage, kind: Kind): number {
  if (role !== "user" || typeof content === "string") return 0;
  return content.filter((part) => part.type === "file" && kindOf(part.mediaType) === kind).length;
}

/** The message that shows files to the model, below the results that brought them. */
export function showing(files: readonly { callID: string; file: Run.StepFile }[]): ModelMessage[] {
  if (files.length === 0) return [];
  const names = files.map(({ file }) => quote(file.name)).join(", ");
  const note = { type: "text" as const, text: asNote(`What the calls above have read, in their order: ${names}.`) };
  return [{ role: "user", content: [note, ...files.map(({ callID, file }) => toPart(callID, file))] }];
}

/** Bedrock wants documents by names of their own; the SDK cuts a name at its first dot. */
function toPart(callID: string, { key, type, name }: Run.StepFile) {
  const stem = (name.split("/").at(-1) ?? "").replace(/\.[^.]*$/, "").replaceAll(".", " ");
  const unique = kindOf(type) === pdf ? `${stem} [${callID}].pdf` : name;
  return attachedFile(key, { type, name: unique });
}
