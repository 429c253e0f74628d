import { z } from "zod";

/**
 * One chunk of an OpenAI-compatible answer. Servers differ in everything but the names of the fields: what is null, of
 * another type or absent counts as absent, so that one odd field costs nothing but itself.
 */
export interface Chunk {
  text: string;
  reasoning: string;
  calls: CallFragment[];
  finish: string | undefined;
  usage: { inputTokens: number; outputTokens: number } | undefined;
  error: ChunkError | undefined;
}

/** A piece of a tool call. Which call it belongs to is for `calls.ts` to find out. */
export interface CallFragment {
  index: number | undefined;
  id: string;
  name: string;
  /** JSON text, a piece of it, or the value itself. */
  input: string | Record<string, unknown>;
}

export interface ChunkError {
  message: string;
  /** HTTP's, where the server gives one. */
  status: number | undefined;
  code: string;
}

const Fields = z.record(z.string(), z.unknown());
type Fields = z.infer<typeof Fields>;

/** Undefined for what is not an object: `null`, a number, an empty event. */
export function readChunk(value: unknown): Chunk | undefined {
  const chunk = asFields(value);
  if (chunk === undefined) return undefined;
  const choice = asFields(firstOf(chunk.choices)) ?? {};
  // A server that does not stream sends the whole message at once.
  const delta = asFields(choice.delta) ?? asFields(choice.message) ?? {};
  const content = contentOf(delta.content);
  const details = asList(delta.reasoning_details).map(textIn).join("");
  const thought = [delta.reasoning_content, delta.reasoning, delta.reasoning_text, delta.thinking].map(textIn);
  return {
    text: content.text,
    reasoning: content.reasoning + (thought.find((text) => text !== "") ?? details),
    calls: [...asList(delta.tool_calls), ...asList(delta.function_call)].flatMap(toFragment),
    finish: asText(choice.finish_reason) || asText(choice.finishReason) || undefined,
    usage: usageOf(asFields(chunk.usage) ?? asFields(choice.usage)),
    error: errorOf(chunk),
  };
}

/** What a server says is wrong, in whichever of the usual forms. */
export function errorOf(body: Fields): ChunkError | undefined {
  const { error } = body;
  const isFailure = error !== undefined && error !== null && error !== false && error !== "";
  const isPlain =
    body.choices === undefined && (asText(body.detail) || body.object === "error" || body.type === "error");
  if (!isFailure && !isPlain && asList(body.detail).length === 0) return undefined;
  const fields = asFields(error) ?? body;
  const metadata = asFields(fields.metadata);
  const message =
    asText(error) ||
    asText(metadata?.raw) ||
    asText(fields.message) ||
    asText(body.message) ||
    asText(fields.detail) ||
    asList(fields.detail)
      .map((each) => asText(asFields(each)?.msg))
      .join(", ") ||
    JSON.stringify(error ?? body);
  const status = [fields.code, fields.status, fields.status_code].map(Number).find((each) => each >= 400 && each < 600);
  return { message, status, code: asText(fields.code) || asText(fields.type) };
}

function toFragment(value: unknown, position: number, all: readonly unknown[]): CallFragment[] {
  const call = asFields(value);
  if (call === undefined) return [];
  const inside = asFields(call.function) ?? call;
  const index = Number(call.index ?? undefined);
  return [
    {
      index: Number.isInteger(index) ? index : all.length > 1 ? position : undefined,
      id: asText(call.id),
      name: asText(inside.name).trim(),
      input: asText(inside.arguments) || asFields(inside.arguments) || "",
    },
  ];
}

/** A text, or parts of which some may be thinking. */
function contentOf(content: unknown): { text: string; reasoning: string } {
  if (typeof content === "string") return { text: content, reasoning: "" };
  const parts = asList(content).map((part) => asFields(part) ?? { text: part });
  const isThought = (part: Fields) => /think|reason/.test(asText(part.type));
  const join = (some: Fields[]) => some.map(textIn).join("");
  return { text: join(parts.filter((part) => !isThought(part))), reasoning: join(parts.filter(isThought)) };
}

/** The text of a value, of its text-like field, or of its parts. */
function textIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textIn).join("");
  const fields = asFields(value);
  if (fields === undefined) return "";
  return [fields.text, fields.thinking, fields.content, fields.summary].map(textIn).find((text) => text !== "") ?? "";
}

/** Servers report none, null, or nonsense: then the tokens are estimated. */
function usageOf(usage: Fields | undefined): Chunk["usage"] {
  const count = (...values: unknown[]) => values.map(Number).find((value) => Number.isFinite(value) && value >= 0);
  const inputTokens = count(usage?.prompt_tokens ?? Number.NaN, usage?.input_tokens ?? Number.NaN);
  const outputTokens = count(usage?.completion_tokens ?? Number.NaN, usage?.output_tokens ?? Number.NaN);
  if (inputTokens === undefined || outputTokens === undefined || inputTokens > 1e9 || outputTokens > 1e9)
    return undefined;
  if (inputTokens === 0 && outputTokens === 0) return undefined;
  return { inputTokens: Math.round(inputTokens), outputTokens: Math.round(outputTokens) };
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value.find((each) => each !== null) : value;
}

function asFields(value: unknown): Fields | undefined {
  return Array.isArray(value) ? undefined : Fields.safeParse(value).data;
}

/** A list without its nulls; a single value is a list of one. */
function asList(value: unknown): unknown[] {
  if (value === undefined || value === null || value === "") return [];
  return Array.isArray(value) ? value.filter((each) => each !== null) : [value];
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
