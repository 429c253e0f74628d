import type { LanguageModelMiddleware, ProviderMetadata } from "ai";
import type { StreamPart } from "./stream-part.ts";

/**
 * Many open models write their thinking into the answer, between tags. Here it becomes thinking like any other: shown as
 * such, and never part of a title, a completion or an edit. Tags count at the beginning of a text alone, so that an answer
 * may speak of them.
 */
export const thinkingTags: LanguageModelMiddleware = {
  async wrapGenerate({ doGenerate }) {
    const result = await doGenerate();
    const content = result.content.flatMap((part): typeof result.content => {
      if (part.type !== "text") return [part];
      return splitWhole(part.text).map((piece) => ({ ...part, ...piece }));
    });
    return { ...result, content };
  },
  async wrapStream({ doStream }) {
    const { stream, ...rest } = await doStream();
    return { ...rest, stream: stream.pipeThrough(new TransformStream(createSplitting())) };
  },
};

/** Set on a text that turned out to be thinking, once its end was reached: some templates write the first tag themselves. */
const wasThinking = { slipway: { wasThinking: true } } as const;

/** Whether the end of a block, or a part of a message, is one of thinking. */
export function isThinking(part: {
  type: string;
  providerMetadata?: ProviderMetadata | undefined;
  providerOptions?: ProviderMetadata | undefined;
}): boolean {
  const { type, providerMetadata, providerOptions } = part;
  if (type.startsWith("reasoning")) return true;
  return (providerMetadata ?? providerOptions)?.slipway?.wasThinking === true;
}

const names = ["think", "thinking", "thought", "thoughts", "reasoning", "reflection"];
const pairs: readonly (readonly [opening: string, closing: string])[] = [
  ...names.map((name) => [`<${name}>`, `</${name}>`] as const),
  ["[think]", "[/think]"],
  ["◁think▷", "◁/think▷"],
  ["<|begin_of_thought|>", "<|end_of_thought|>"],
];

/** `turn`: the text so far was thinking, whose first tag the model's template wrote. */
export type Piece = { type: "text" | "reasoning"; text: string } | { type: "turn" };

interface Splitter {
  write(text: string): Piece[];
  end(): Piece[];
}

/** Splits a text that comes in pieces of any size. What may be the beginning of a tag is held back until it is certain. */
export function createSplitter(): Splitter {
  let state: "begins" | "thinks" | "speaks" = "begins";
  let closing = "";
  let held = "";
  let hasThought = false;
  let isLineStart = true;

  function* step(isEnd: boolean): Generator<Piece> {
    for (;;) {
      if (state === "begins") {
        const text = held.trimStart();
        const lower = text.toLowerCase();
        const pair = pairs.find(([opening]) => lower.startsWith(opening));
        if (pair) {
          state = "thinks";
          closing = pair[1];
          hasThought = true;
          held = text.slice(pair[0].length);
          continue;
        }
        if (!isEnd && (text === "" || pairs.some(([opening]) => opening.startsWith(lower)))) return;
        state = "speaks";
        // The blank lines between thinking and answer belong to neither.
        if (hasThought) held = text;
      }
      if (state === "thinks") {
        const at = held.toLowerCase().indexOf(closing);
        const end = at >= 0 ? at : isEnd ? held.length : held.length - overlap(held.toLowerCase(), closing);
        if (end > 0) yield { type: "reasoning", text: held.slice(0, end) };
        held = held.slice(at >= 0 ? at + closing.length : end);
        if (at < 0) return;
        state = "begins";
        continue;
      }
      const turn = hasThought ? undefined : closingLine(held, isLineStart);
      const end = turn?.at ?? (isEnd || hasThought ? held.length : held.length - unsureLength(held, isLineStart));
      const text = held.slice(0, end);
      if (text !== "") {
        yield { type: "text", text };
        isLineStart = text.endsWith("\n");
      }
      held = held.slice(turn ? turn.at + turn.length : end);
      if (turn === undefined) return;
      yield { type: "turn" };
      hasThought = true;
      state = "begins";
    }
  }

  return {
    write(text) {
      held += text;
      return [...step(false)];
    },
    end: () => [...step(true)],
  };
}

const closings = pairs.map(([, closing]) => closing);

/** A closing tag at the beginning of a line. */
function closingLine(text: string, isLineStart: boolean): { at: number; length: number } | undefined {
  const lower = text.toLowerCase();
  for (const closing of closings) {
    const at = lower.startsWith(closing) && isLineStart ? 0 : lower.indexOf(`\n${closing}`) + 1;
    if (at > 0 || (isLineStart && lower.startsWith(closing))) return { at, length: closing.length };
  }
  return undefined;
}

/** Length of a last line that may become a closing tag. */
function unsureLength(text: string, isLineStart: boolean): number {
  const from = text.lastIndexOf("\n") + 1;
  const line = text.slice(from).toLowerCase();
  const isMaybe = line !== "" && (from > 0 || isLineStart) && closings.some((closing) => closing.startsWith(line));
  return isMaybe ? line.length : 0;
}

/** Length of the longest end of a text that is a beginning of the tag. */
function overlap(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length--)
    if (tag.startsWith(text.slice(-length))) return length;
  return 0;
}

function splitWhole(text: string): { type: "text" | "reasoning"; text: string }[] {
  const splitter = createSplitter();
  let pieces: { type: "text" | "reasoning"; text: string }[] = [];
  for (const piece of [...splitter.write(text), ...splitter.end()]) {
    if (piece.type === "turn") pieces = pieces.map((before) => ({ ...before, type: "reasoning" as const }));
    else pieces.push(piece);
  }
  return pieces;
}

interface OpenText {
  splitter: Splitter;
  /** The block that is open in its place. */
  block: { type: "text" | "reasoning"; id: string } | undefined;
  blocks: number;
}

function createSplitting(): Transformer<StreamPart, StreamPart> {
  const open = new Map<string, OpenText>();

  function pass(id: string, text: OpenText, pieces: readonly Piece[], send: (part: StreamPart) => void): void {
    for (const piece of pieces) {
      if (piece.type === "turn") {
        if (text.block) send({ type: "text-end", id: text.block.id, providerMetadata: wasThinking });
        text.block = undefined;
        continue;
      }
      if (text.block?.type !== piece.type) {
        if (text.block) send({ type: `${text.block.type}-end`, id: text.block.id });
        text.block = { type: piece.type, id: text.blocks === 0 ? id : `${id}.${text.blocks}` };
        text.blocks++;
        send({ type: `${piece.type}-start`, id: text.block.id });
      }
      send({ type: `${piece.type}-delta`, id: text.block.id, delta: piece.text });
    }
  }

  function end(id: string, send: (part: StreamPart) => void): void {
    const text = open.get(id);
    if (text === undefined) return;
    open.delete(id);
    pass(id, text, text.splitter.end(), send);
    if (text.block) send({ type: `${text.block.type}-end`, id: text.block.id });
  }

  return {
    transform(part, controller) {
      const send = (sent: StreamPart) => controller.enqueue(sent);
      if (part.type === "text-start") {
        open.set(part.id, { splitter: createSplitter(), block: undefined, blocks: 0 });
        return;
      }
      const text = part.type === "text-delta" ? open.get(part.id) : undefined;
      if (part.type === "text-delta" && text) pass(part.id, text, text.splitter.write(part.delta), send);
      else if (part.type === "text-end") end(part.id, send);
      else {
        // Whatever follows shows that the text has ended, also where its end is not said.
        if (part.type !== "response-metadata" && part.type !== "raw" && part.type !== "ping")
          for (const id of open.keys()) end(id, send);
        send(part);
      }
    },
    flush(controller) {
      for (const id of open.keys()) end(id, (part) => controller.enqueue(part));
    },
  };
}
