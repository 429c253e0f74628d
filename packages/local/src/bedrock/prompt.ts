import type { ConverseRequest } from "./converse.ts";
import type { Lifetime } from "./served-models.ts";

/** A request in the order in which a model reads it: tools, system, messages. Cache points mark the block before them. */

export interface PromptBlock {
  section: "tools" | "system" | "messages";
  /** Of a message's block. */
  message?: number;
  /** Equal for blocks that are equal to the model. */
  identity: string;
  tokens: number;
  /** Lifetimes of the cache points after it. */
  points: Lifetime[];
}

/** Tokens of an image of the largest size that a model reads unscaled. */
const imageTokens = 1600;

export function promptOf(request: ConverseRequest): PromptBlock[] {
  const blocks: PromptBlock[] = [];
  const add = (place: Pick<PromptBlock, "section" | "message">, role: string, block: object) => {
    if ("cachePoint" in block) blocks.at(-1)?.points.push(lifetimeOf(block));
    else
      blocks.push({
        ...place,
        identity: `${place.section} ${role} ${JSON.stringify(block)}`,
        tokens: tokensOf(block),
        points: [],
      });
  };
  for (const tool of request.toolConfig?.tools ?? []) add({ section: "tools" }, "", tool);
  for (const block of request.system) add({ section: "system" }, "", block);
  for (const [message, { role, content }] of request.messages.entries())
    for (const block of content) add({ section: "messages", message }, `${message} ${role}`, block);
  return blocks;
}

/**
 * Where a request stops being an earlier one plus more, byte for byte but for cache points: its settings, or the first
 * block that differs. Undefined if it is the earlier one plus more.
 */
export function divergence(earlier: ConverseRequest, later: ConverseRequest): string | undefined {
  const settings = ({ toolConfig, additionalModelRequestFields }: ConverseRequest) =>
    JSON.stringify([toolConfig?.toolChoice, additionalModelRequestFields]);
  if (settings(earlier) !== settings(later)) return "settings";
  const [before, now] = [promptOf(earlier), promptOf(later)];
  const { section, message } = before.find(({ identity }, at) => identity !== now[at]?.identity) ?? {};
  return message === undefined ? section : `${section}.${message}`;
}

/** Of a cache point. */
export function lifetimeOf(block: object): Lifetime {
  const { cachePoint } = block as { cachePoint?: { ttl?: string | undefined } };
  return cachePoint?.ttl === "1h" ? "1h" : "5m";
}

/** About four characters per token: stable, and accurate enough for metering. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** Of a whole request. */
export function inputTokens(request: ConverseRequest): number {
  return promptOf(request).reduce((sum, { tokens }) => sum + tokens, 0);
}

/** Bytes stand for what a model makes of them, not for their base64. */
function tokensOf(block: object): number {
  let media = 0;
  const text = JSON.stringify(block, (key, value: unknown) => {
    if (key === "image") {
      media += imageTokens;
      return "";
    }
    if (key !== "bytes" || typeof value !== "string") return value;
    media += Math.ceil((value.length * 0.75) / 4);
    return "";
  });
  return countTokens(text) + media;
}
