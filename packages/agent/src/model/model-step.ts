import type { Effort } from "@slipway/contract/model";
import { headOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import {
  APICallError,
  streamText,
  TypeValidationError,
  wrapLanguageModel,
  type ModelMessage,
  type SystemModelMessage,
  type TextPart,
  type TextStreamPart,
  type ToolCallPart,
  type ToolSet,
} from "ai";
import { tokensOf, type Tokens } from "../price/price.ts";
import { cachedInstructions, cachedMessages } from "./cache-points.ts";
import { reasoningOf } from "./effort.ts";
import { hasImages } from "./images.ts";
import { withOwnCalls } from "./own-calls.ts";
import type { ProvidedModel } from "./provider.ts";
import { retryAfterOf, retryDelayIn } from "./retry.ts";
import { isThinking } from "./thinking-tags.ts";

/** One request to the model: the seam behind which the AI SDK can change. */

export type StepOutcome = { tokens: StepTokens | undefined } & Judged;

type Judged =
  /** `cutOff`: the calls of an answer that ended at its limit of length. They are not in `messages`, and must not run. */
  | { kind: "said"; messages: ModelMessage[]; cutOff: ToolCallPart[] | undefined }
  /** Throttled or down: worth another try, after `retryAfter` seconds if the service said so. */
  | { kind: "unavailable"; code: string; reason: string; retryAfter?: number | undefined }
  /** It answered, and the answer is of no use: worth another try or two. Nothing of it may run. */
  | { kind: "unusable"; code: UnusableCode; message: string }
  /** It refused a request with images. */
  | { kind: "sightless" }
  /** Another try cannot help. */
  | { kind: "failed"; code: string; message: string }
  /** The time that the caller gave ended before the answer did; with more, it may be whole. */
  | { kind: "late" }
  | { kind: "aborted" };

export type UnusableCode = "empty_answer" | "answer_incomplete";

/** What the call took: as the provider says, or estimated when it was cut off. Undefined when nothing was said. */
export type StepTokens = Tokens & { estimated?: boolean };

/** Milliseconds. */
const longestStep = 780_000;

export async function modelStep(options: {
  model: ProvidedModel;
  tools: ToolSet;
  instructions: SystemModelMessage[];
  messages: ModelMessage[];
  /** How much it is asked to think; undefined where that cannot be asked. */
  effort: Effort | undefined;
  /** Whether the model takes cache points. */
  caches: boolean;
  /** Tokens that the step may write. */
  maxOutputTokens: number;
  signal: AbortSignal;
  /** Time for the step. It is never given more than 13 minutes. */
  milliseconds: number;
  /** The id of a call by its position in the answer. */
  callID(position: number): string;
  onPart(part: TextStreamPart<ToolSet>): Promise<void> | void;
}): Promise<StepOutcome> {
  const { signal } = options;
  const totalMs = Math.min(longestStep, options.milliseconds);
  const began = performance.now();
  const seen: { error: unknown; timedOut: boolean } = { error: undefined, timedOut: false };
  const result = streamText({
    model: wrapLanguageModel({ model: options.model, middleware: withOwnCalls(options.callID) }),
    tools: options.tools,
    instructions: options.caches ? cachedInstructions(options.instructions) : options.instructions,
    messages: options.caches ? cachedMessages(options.messages) : options.messages,
    maxRetries: 0,
    maxOutputTokens: options.maxOutputTokens,
    abortSignal: signal,
    // A slow model may think, or read a long conversation, for minutes without a word.
    timeout: { totalMs, firstChunkMs: 300_000, chunkMs: 300_000 },
    ...(options.effort === undefined ? {} : reasoningOf(options.effort)),
    onError({ error }) {
      seen.error ??= error;
    },
    onAbort() {
      seen.timedOut = true;
    },
  });
  /** Inputs that are no JSON, by call. The SDK keeps such a call with an empty input, which some tools would take. */
  const unreadable = new Map<string, unknown>();
  let characters = 0;
  /** Until the provider reports: about four characters a token. */
  const estimate = (): StepTokens | undefined => {
    if (characters === 0) return undefined;
    const asked = JSON.stringify([options.instructions, options.messages]).length;
    const [input, output] = [asked, characters].map((length) => Math.ceil(length / 4));
    return { input: input ?? 0, output: output ?? 0, cacheRead: 0, cacheWrite: 0, estimated: true };
  };
  try {
    for await (const part of result.stream) {
      if ("text" in part) characters += part.text.length;
      else if (part.type === "tool-input-delta") characters += part.delta.length;
      else if (part.type === "tool-call" && part.invalid && !isObject(part.input))
        unreadable.set(part.toolCallId, part.input);
      await options.onPart(part);
    }
  } catch (error) {
    // The listener throws this: the run is no longer ours.
    if (error instanceof Error && error.name === "LeaseLost") return { kind: "aborted", tokens: estimate() };
    seen.error ??= error;
  }
  if (signal.aborted) return { kind: "aborted", tokens: estimate() };
  if (seen.timedOut) {
    // A timer may fire a little early.
    const isSilent = performance.now() - began < totalMs - 50;
    if (!isSilent && totalMs < longestStep) return { kind: "late", tokens: estimate() };
    const reason = isSilent ? "The model said nothing for five minutes." : "The answer took more than 13 minutes.";
    return { kind: "unavailable", code: "timeout", reason, tokens: estimate() };
  }
  // The last chunk says what the call took. When that is nonsense, the answer before it is still whole.
  const isWhole = isOfMetadata(seen.error);
  if (seen.error !== undefined && !isWhole)
    return { ...classify(seen.error, hasImages(options.messages)), tokens: estimate() };
  const step = await result.finalStep;
  // A stream that ends without a reason was cut off, though it looks like success.
  if (step.rawFinishReason === undefined && step.finishReason === "other" && !isWhole)
    return { ...incomplete(), tokens: estimate() };
  const tokens = isWhole ? estimate() : tokensOf(step.usage);
  const { finishReason, rawFinishReason } = isWhole
    ? { finishReason: "stop" as const, rawFinishReason: undefined }
    : step;
  const responded = (await result.responseMessages).map((message) => withInputs(message, unreadable));
  return { ...judge({ finishReason, rawFinishReason }, responded), tokens };
}

/** The message with some calls' inputs as the model wrote them. */
function withInputs(message: ModelMessage, inputs: ReadonlyMap<string, unknown>): ModelMessage {
  if (message.role !== "assistant" || typeof message.content === "string") return message;
  const content = message.content.map((part) =>
    part.type === "tool-call" && inputs.has(part.toolCallId) ? { ...part, input: inputs.get(part.toolCallId) } : part,
  );
  return { ...message, content };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isOfMetadata(error: unknown): boolean {
  if (!TypeValidationError.isInstance(error)) return false;
  return typeof error.value === "object" && error.value !== null && "metadata" in error.value;
}

function incomplete(reason = "It ended in the middle."): Judged {
  const message = `The model's answers break off before their end, so nothing of them was done. ${reason}`;
  return { kind: "unusable", code: "answer_incomplete", message };
}

type Step = Pick<Awaited<ReturnType<typeof streamText>["finalStep"]>, "finishReason" | "rawFinishReason">;

/** What a complete answer is worth. One that says and does nothing is no success. */
function judge({ finishReason, rawFinishReason }: Step, responded: readonly ModelMessage[]): Judged {
  // Bedrock names no refusal of Claude's own; the SDK passes the reason on as it is.
  if (finishReason === "content-filter" || rawFinishReason === "refusal") {
    const message = "The model's provider filtered the answer. Rephrase the message, or choose another model.";
    return { kind: "failed", code: "content_filtered", message };
  }
  if (rawFinishReason === "model_context_window_exceeded") return tooLong;
  // `other`: a reason that the SDK does not know, so whether the answer is whole is unknown too.
  if (finishReason === "error" || finishReason === "other" || rawFinishReason?.startsWith("malformed"))
    return incomplete(`The provider says "${rawFinishReason}".`);
  const said = responded.filter(({ role }) => role === "assistant").map(withoutEmptyTexts);
  const calls = said.flatMap(({ content }) =>
    typeof content === "string" ? [] : content.filter((part) => part.type === "tool-call"),
  );
  if (finishReason === "length") return { kind: "said", messages: withoutToolCalls(said), cutOff: calls };
  if (calls.length > 0) return { kind: "said", messages: said, cutOff: undefined };
  if (finishReason === "tool-calls") return incomplete("It announces a tool call and holds none.");
  if (!said.some(speaks)) {
    const message = "The model gave no answer. Try again, rephrase the message, or choose another model.";
    return { kind: "unusable", code: "empty_answer", message };
  }
  return { kind: "said", messages: said, cutOff: undefined };
}

function speaks({ content }: ModelMessage): boolean {
  if (typeof content === "string") return content.trim() !== "";
  return content.some((part) => part.type === "text" && part.text.trim() !== "");
}

/**
 * Providers refuse blank texts, which models write between their thinking and a call. Thinking in tags is text to the SDK
 * where it was recognised only at its end.
 */
function withoutEmptyTexts(message: ModelMessage): ModelMessage {
  if (message.role !== "assistant" || typeof message.content === "string") return message;
  const says = (text: TextPart) => text.text.trim() !== "" && !isThinking(text);
  return { ...message, content: message.content.filter((part) => part.type !== "text" || says(part)) };
}

/** Providers refuse a conversation with a call that has no result, as one that was cut off in the middle. */
function withoutToolCalls(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.flatMap((message): ModelMessage[] => {
    if (message.role !== "assistant") return [];
    if (typeof message.content === "string") return [message];
    const content = message.content.filter((part) => part.type !== "tool-call");
    return speaks({ ...message, content }) ? [{ ...message, content }] : [];
  });
}

const tooLong: Judged = {
  kind: "failed",
  code: "context_overflow",
  message: "The conversation is too long for the model. Start a new one.",
};

/** Statuses that pass by themselves, besides those from 500. */
const passing = new Set([408, 409, 429]);

/** As OpenAI, Anthropic and OpenRouter say it. */
const outOfCredit = /"insufficient_quota"|credit balance is too low|insufficient credits/i;

function classify(error: unknown, hadImages: boolean): Judged {
  if (error instanceof RangeError) {
    // The SDK serialises inputs, and its stack ends at some thousands of levels.
    const message = "The model's answer held a tool call that is nested too deeply. Try again.";
    return { kind: "failed", code: "answer_too_deep", message };
  }
  // Of ours: an endpoint that may not be reached, or replies with too much.
  if (error instanceof VisibleError) return { kind: "failed", code: "model_refused", message: error.message };
  const fields = error instanceof Error ? (error as Error & { statusCode?: number; type?: string }) : undefined;
  const status = fields?.statusCode;
  const headers = APICallError.isInstance(error) ? error.responseHeaders : undefined;
  const type = headers ? headers["x-amzn-errortype"]?.split(":")[0] : fields?.type;
  const code = type ?? fields?.name ?? "unknown";
  const reason = headOf(fields?.message ?? "", 300);
  const body = (APICallError.isInstance(error) ? error.responseBody : undefined) ?? "";
  // A model that sees has a limit too, and is not to be taken for a blind one.
  if (hadImages && /too many images/i.test(reason)) {
    const message =
      "The conversation has more images than the model takes. Send the newest ones in a new conversation.";
    return { kind: "failed", code: "too_many_images", message };
  }
  if (hadImages && /image|vision|multi-?modal|mmproj/i.test(reason)) return { kind: "sightless" };
  // A model's error in the middle of its answer, which is then of no use.
  if (status === 424) return incomplete(reason);
  // OpenAI says 429 to that too, which no wait helps.
  if (status === 402 || /quota/i.test(code) || outOfCredit.test(body)) {
    const message = `The model's account has no credit or quota left. An admin can add some. ${reason}`;
    return { kind: "failed", code: "model_quota", message };
  }
  if (status === undefined || status >= 500 || passing.has(status)) {
    const retryAfter = retryAfterOf(headers, Date.now()) ?? retryDelayIn(body);
    return { kind: "unavailable", code, reason, retryAfter };
  }
  if (/too long|context|too many total text bytes/i.test(reason)) return tooLong;
  if (status === 401 || status === 403) {
    const message = "The model refused access. An admin must enable it, or correct its key.";
    return { kind: "failed", code: "model_access", message };
  }
  // Servers say in many words, or none, that they take no images.
  if (hadImages) return { kind: "sightless" };
  return { kind: "failed", code, message: `The model refused the request: ${reason}` };
}
