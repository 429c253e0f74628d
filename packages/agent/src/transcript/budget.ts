import type { RunRecord } from "@slipway/core/run/system";
import { asSchema, type ModelMessage, type SystemModelMessage, type ToolSet } from "ai";
import type { Transcript } from "./transcript.ts";

/** How much of a model's window a conversation takes. */

export interface Limits {
  /** Tokens of a request and its answer. */
  contextWindow: number;
  maxOutput: number;
}

/** Bytes of UTF-8 that make one token, cautiously: about four characters of English or code, one of Chinese. */
const bytesPerToken = 3.5;
/** An image, whatever its size: providers scale them. */
const imageTokens = 1600;

/** Tokens that one step may write: without a bound models cut files short, and a larger one reserves quota. */
export function outputBudget({ contextWindow, maxOutput }: Limits): number {
  return Math.max(256, Math.min(32_000, maxOutput, Math.floor(contextWindow / 4)));
}

/** Tokens that a request may have: the window without the answer and what the estimate may be wrong by. */
export function inputBudget(limits: Limits): number {
  const { contextWindow } = limits;
  return contextWindow - outputBudget(limits) - Math.min(20_000, Math.floor(contextWindow / 10));
}

/** Estimated tokens of messages. */
export function lengthOf(messages: readonly ModelMessage[]): number {
  return messages.reduce((sum, message) => sum + lengthOfMessage(message), 0);
}

/** A turn asks after every step, and messages never change. */
const lengths = new WeakMap<ModelMessage, number>();

function lengthOfMessage(message: ModelMessage): number {
  const known = lengths.get(message);
  if (known !== undefined) return known;
  let files = 0;
  const json = JSON.stringify(message, (key, value: unknown) => {
    if (key !== "data" && !(value instanceof Uint8Array)) return value;
    files++;
    return undefined;
  });
  const length = Math.ceil(Buffer.byteLength(json) / bytesPerToken) + files * imageTokens;
  lengths.set(message, length);
  return length;
}

/** Estimated tokens of what stands before all messages. */
export async function lengthOfHead(system: readonly SystemModelMessage[], tools: ToolSet): Promise<number> {
  const schemas = await Promise.all(
    Object.entries(tools).map(async ([name, { description, inputSchema }]) => [
      name,
      description,
      await asSchema(inputSchema).jsonSchema,
    ]),
  );
  return Math.ceil(Buffer.byteLength(JSON.stringify([system, schemas])) / bytesPerToken);
}

/**
 * Tokens that the next request is likely to have. The provider's own count of the last one corrects the estimate: of
 * another language, or another tokenizer.
 */
export function expectedTokens(length: number, { contextTokens = 0, contextLength = 0 }: Counted): number {
  if (contextTokens === 0 || contextLength === 0) return length;
  const ratio = Math.min(4, Math.max(0.4, contextTokens / contextLength));
  return Math.ceil(length * ratio);
}

export type Counted = Pick<RunRecord, "contextTokens" | "contextLength">;

export async function lengthOfRequest({
  system,
  tools,
  messages,
}: Pick<Transcript, "system" | "tools" | "messages">): Promise<number> {
  return (await lengthOfHead(system, tools)) + lengthOf(messages);
}
