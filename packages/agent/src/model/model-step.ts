import {
  APICallError,
  streamText,
  TypeValidationError,
  type LanguageModel,
  type ModelMessage,
  type SystemModelMessage,
  type TextStreamPart,
  type ToolSet,
} from "ai";
import { tokensOf, type Tokens } from "../price/price.ts";
import { retryAfterOf } from "./retry.ts";

/** One request to the model: the seam behind which the AI SDK can change. */

export type StepOutcome = { tokens: StepTokens | undefined } & (
  | { kind: "said"; messages: ModelMessage[]; cutShort: boolean }
  /** Throttled or down: worth another try, after `retryAfter` seconds if the service said so. */
  | { kind: "unavailable"; code: string; retryAfter?: number | undefined }
  /** Another try cannot help. */
  | { kind: "failed"; code: string; message: string }
  | { kind: "aborted" }
);

/** What the call took: as the provider says, or estimated when it was cut off. Undefined when nothing was said. */
export type StepTokens = Tokens & { estimated?: boolean };

/** Tokens that one step may write; without a bound models cut files short, and a larger one reserves quota. */
const maxOutputTokens = 32_000;

export async function modelStep(options: {
  model: LanguageModel;
  tools: ToolSet;
  instructions: SystemModelMessage[];
  messages: ModelMessage[];
  reasons: boolean;
  signal: AbortSignal;
  onPart(part: TextStreamPart<ToolSet>): Promise<void> | void;
}): Promise<StepOutcome> {
  const { signal } = options;
  const seen: { error: unknown; timedOut: boolean } = { error: undefined, timedOut: false };
  const result = streamText({
    model: options.model,
    tools: options.tools,
    instructions: options.instructions,
    messages: options.messages,
    maxRetries: 0,
    maxOutputTokens,
    abortSignal: signal,
    timeout: { totalMs: 780_000, firstChunkMs: 180_000, chunkMs: 90_000 },
    ...(options.reasons ? { reasoning: "medium" as const } : {}),
    onError({ error }) {
      seen.error ??= error;
    },
    onAbort() {
      seen.timedOut = true;
    },
  });
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
      await options.onPart(part);
    }
  } catch (error) {
    // The listener throws this: the run is no longer ours.
    if (error instanceof Error && error.name === "LeaseLost") return { kind: "aborted", tokens: estimate() };
    seen.error ??= error;
  }
  if (signal.aborted) return { kind: "aborted", tokens: estimate() };
  if (seen.timedOut) return { kind: "unavailable", code: "timeout", tokens: estimate() };
  // The last chunk says what the call took. When that is nonsense, the answer before it is still whole.
  const isWhole = isOfMetadata(seen.error);
  if (seen.error !== undefined && !isWhole) return { ...classify(seen.error), tokens: estimate() };
  const step = await result.finalStep;
  // A stream that ends without a reason was cut off, though it looks like success.
  if (step.rawFinishReason === undefined && !isWhole)
    return { kind: "unavailable", code: "truncated", tokens: estimate() };
  const tokens = isWhole ? estimate() : tokensOf(step.usage);
  return { ...judge(step, await result.responseMessages), tokens };
}

function isOfMetadata(error: unknown): boolean {
  if (!TypeValidationError.isInstance(error)) return false;
  return typeof error.value === "object" && error.value !== null && "metadata" in error.value;
}

type Step = Pick<Awaited<ReturnType<typeof streamText>["finalStep"]>, "finishReason" | "toolCalls" | "text">;

/** What a complete answer is worth. One that says and does nothing is a failure, not an empty success. */
function judge({ finishReason, toolCalls, text }: Step, responded: readonly ModelMessage[]): Judged {
  if (finishReason === "content-filter") {
    const message = "The model's provider filtered the answer. Rephrase the message, or choose another model.";
    return { kind: "failed", code: "content_filtered", message };
  }
  const cutShort = finishReason === "length";
  const said = responded.filter(({ role }) => role === "assistant");
  if (toolCalls.length > 0 && !cutShort) return { kind: "said", messages: said, cutShort };
  if (text.trim() === "" && !cutShort) {
    const message = "The model gave no answer. Try again, or rephrase the message.";
    return { kind: "failed", code: "empty_answer", message };
  }
  return { kind: "said", messages: withoutToolCalls(said), cutShort };
}

type Judged = StepOutcome extends infer O ? (O extends StepOutcome ? Omit<O, "tokens"> : never) : never;

/** Providers refuse a conversation with a call that has no result, as one that was cut off in the middle. */
function withoutToolCalls(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.flatMap((message): ModelMessage[] => {
    if (message.role !== "assistant") return [];
    if (typeof message.content === "string") return [message];
    const content = message.content.filter((part) => part.type !== "tool-call");
    return content.length > 0 ? [{ ...message, content }] : [];
  });
}

/** Statuses that pass by themselves, besides those from 500. */
const passing = new Set([408, 409, 424, 429]);

function classify(error: unknown): Extract<Judged, { kind: "unavailable" | "failed" }> {
  if (error instanceof RangeError) {
    // The SDK serialises inputs, and its stack ends at some thousands of levels.
    const message = "The model's answer held a tool call that is nested too deeply. Try again.";
    return { kind: "failed", code: "answer_too_deep", message };
  }
  const fields = error instanceof Error ? (error as Error & { statusCode?: number; type?: string }) : undefined;
  const status = fields?.statusCode;
  const type = APICallError.isInstance(error)
    ? error.responseHeaders?.["x-amzn-errortype"]?.split(":")[0]
    : fields?.type;
  const code = type ?? fields?.name ?? "unknown";
  if (status === undefined || status >= 500 || passing.has(status)) {
    const headers = APICallError.isInstance(error) ? error.responseHeaders : undefined;
    return { kind: "unavailable", code, retryAfter: retryAfterOf(headers, Date.now()) };
  }
  const told = fields?.message ?? "";
  if (/too long|context|too many total text bytes/i.test(told)) {
    return {
      kind: "failed",
      code: "context_overflow",
      message: "The conversation is too long for the model. Start a new one.",
    };
  }
  if (status === 401 || status === 403) {
    return {
      kind: "failed",
      code: "model_access",
      message: "The model refused access. An admin must enable it, or correct its key.",
    };
  }
  return { kind: "failed", code, message: `The model refused the request: ${told.slice(0, 300)}` };
}
