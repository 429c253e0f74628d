import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { ContentBlock, ConverseRequest } from "./converse.ts";
import { promptOf } from "./prompt.ts";
import { modelRefuses } from "./refusal.ts";

/**
 * Signatures of thinking. One holds for a model and for the blocks of its answer up to the thinking; and, where thinking is
 * bound to its conversation, for the system, the tools and the messages before that answer too.
 */
export interface ThinkingSeal {
  /** `before`: texts and thinking of the same answer. */
  sign(model: string, request: ConverseRequest, thinking: { before: readonly Said[]; text: string }): string;
  /** @throws ModelRefusal 400 for thinking that was made elsewhere, changed, or moved. */
  verify(model: string, request: ConverseRequest): void;
}

/** A block of an answer. Calls are left out: clients give them ids of their own. */
export type Said = readonly ["text" | "thinking", string];

export function createThinkingSeal(key: string, { bindsPrefix }: { bindsPrefix: boolean }): ThinkingSeal {
  const mac = (...parts: readonly unknown[]) =>
    createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64");

  /** Of the answer alone, then of the conversation with it. */
  const seals = (model: string, prefix: string, before: readonly Said[], text: string) => [
    mac(model, before, text),
    mac(model, prefix, before, text),
  ];

  return {
    sign(model, request, { before, text }) {
      return seals(model, prefixes(request).at(-1) ?? "", before, text).join("");
    },
    verify(model, request) {
      if (!request.messages.some(({ content }) => content.some((block) => "reasoningContent" in block))) return;
      const before = prefixes(request);
      for (const [index, { content }] of request.messages.entries()) {
        const said: Said[] = [];
        for (const [at, block] of content.entries()) {
          const path = `messages.${index}.content.${at}`;
          if ("reasoningContent" in block) {
            const { text, signature } = readThinking(block.reasoningContent, path);
            const [own = "", whole = ""] = seals(model, before[index] ?? "", said, text);
            const expected = bindsPrefix ? own + whole : own;
            const given = bindsPrefix ? signature : signature.slice(0, own.length);
            if (!isEqual(given, expected)) modelRefuses(`${path}: Invalid \`signature\` in \`thinking\` block`);
          }
          said.push(...saidIn(block));
        }
      }
    },
  };
}

/** Digests of what stands before each message, and of the whole request; cache points change none. */
function prefixes(request: ConverseRequest): string[] {
  const hash = createHash("sha256");
  for (const { identity } of promptOf({ ...request, messages: [] })) hash.update(identity).update("\0");
  const digests = [hash.copy().digest("base64")];
  for (const { role, content } of request.messages) {
    hash.update(JSON.stringify([role, content.filter((block) => !("cachePoint" in block))]));
    digests.push(hash.copy().digest("base64"));
  }
  return digests;
}

/** What a block adds to what is said before the next thinking. */
export function saidIn(block: ContentBlock): Said[] {
  // Clients drop blank texts: none may come back.
  if ("text" in block) return block.text.trim() === "" ? [] : [["text", block.text]];
  if ("reasoningContent" in block && "reasoningText" in block.reasoningContent)
    return [["thinking", block.reasoningContent.reasoningText.text]];
  return [];
}

type Reasoning = Extract<ContentBlock, { reasoningContent: unknown }>["reasoningContent"];

function readThinking(content: Reasoning, at: string): { text: string; signature: string } {
  // None is ever sent, so none can come back.
  if (!("reasoningText" in content)) modelRefuses(`${at}: Invalid \`data\` in \`redacted_thinking\` block`);
  const { text, signature } = content.reasoningText;
  if (!signature) modelRefuses(`${at}.thinking.signature: Field required`);
  return { text, signature };
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
