import {
  APICallError,
  streamText,
  type LanguageModel,
  type ModelMessage,
  type SystemModelMessage,
  type TextStreamPart,
  type ToolSet,
} from "ai";
import type { Tokens } from "../price/price.ts";
import { retryAfterOf } from "./retry.ts";

/** One request to the model: the seam behind which the AI SDK can change. */

export type StepOutcome =
  | { kind: "said"; messages: ModelMessage[]; cutShort: boolean; tokens: Tokens }
  /** Throttled or down: worth another try, after `retryAfter` seconds if the service said so. */
  | { kind: "unavailable"; code: string; retryAfter?: number | undefined }
  /** Another try cannot help. */
  | { kind: "failed"; code: string; message: string }
  | { kind: "aborted" };

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
  try {
    for await (const part of result.stream) await options.onPart(part);
  } catch (error) {
    if (signal.aborted) return { kind: "aborted" };
    // What the listener throws is no fault of the model's.
    if (error instanceof Error && error.name === "LeaseLost") throw error;
    seen.error ??= error;
  }
  if (signal.aborted) return { kind: "aborted" };
  if (seen.timedOut) return { kind: "unavailable", code: "timeout" };
  if (seen.error !== undefined) return classify(seen.error);
  const step = await result.finalStep;
  // A stream that ends without saying why was cut off, though it looks like success.
  if (step.rawFinishReason === undefined) return { kind: "unavailable", code: "truncated" };
  const responded = await result.responseMessages;
  const wantsTools = step.finishReason === "tool-calls";
  const { inputTokenDetails, outputTokens } = step.usage;
  return {
    kind: "said",
    messages: wantsTools ? responded.filter(({ role }) => role === "assistant") : withoutToolCalls(responded),
    cutShort: step.finishReason === "length",
    tokens: {
      input: inputTokenDetails.noCacheTokens ?? step.usage.inputTokens ?? 0,
      output: outputTokens ?? 0,
      cacheRead: inputTokenDetails.cacheReadTokens ?? 0,
      cacheWrite: inputTokenDetails.cacheWriteTokens ?? 0,
    },
  };
}

/** A call that was cut off in the middle has no result, and a conversation with such a call is refused. */
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

function classify(error: unknown): StepOutcome {
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
