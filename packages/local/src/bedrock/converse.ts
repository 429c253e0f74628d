import { z } from "zod";

/** The supported part of Bedrock's Converse requests. */

const ToolResultContent = z.union([
  z.looseObject({ text: z.string() }),
  z.looseObject({ json: z.unknown() }),
  z.looseObject({}),
]);

export const ContentBlock = z.union([
  z.object({ text: z.string() }),
  z.object({ toolUse: z.object({ toolUseId: z.string(), name: z.string(), input: z.unknown() }) }),
  z.object({
    toolResult: z.object({
      toolUseId: z.string(),
      content: z.array(ToolResultContent),
      status: z.enum(["success", "error"]).optional(),
    }),
  }),
  z.object({ image: z.object({ format: z.string(), source: z.looseObject({ bytes: z.string().optional() }) }) }),
  z.object({ reasoningContent: z.looseObject({}) }),
  z.object({ cachePoint: z.looseObject({}) }),
]);
export type ContentBlock = z.infer<typeof ContentBlock>;

export const ConverseMessage = z.object({ role: z.enum(["user", "assistant"]), content: z.array(ContentBlock) });
export type ConverseMessage = z.infer<typeof ConverseMessage>;

export const ConverseRequest = z.looseObject({
  messages: z.array(ConverseMessage).min(1),
  system: z.array(z.union([z.object({ text: z.string() }), z.object({ cachePoint: z.looseObject({}) })])).default([]),
  toolConfig: z
    .looseObject({
      tools: z.array(
        z.union([
          z.object({
            toolSpec: z.looseObject({
              name: z.string(),
              description: z.string().optional(),
              inputSchema: z.looseObject({ json: z.unknown() }),
            }),
          }),
          z.object({ cachePoint: z.looseObject({}) }),
        ]),
      ),
    })
    .optional(),
  inferenceConfig: z.looseObject({ maxTokens: z.int().optional() }).optional(),
});
export type ConverseRequest = z.infer<typeof ConverseRequest>;

export interface Usage {
  inputTokens: number;
  outputTokens: number;
}

/** Events of a model's response. The last two are faults, for tests. */
export type ModelEvent =
  | { type: "text"; text: string }
  | { type: "reasoning"; text: string }
  | { type: "tool"; id: string; name: string }
  /** A fragment of the tool input's JSON. */
  | { type: "tool-input"; text: string }
  | { type: "stop"; reason: "end_turn" | "tool_use" | "max_tokens" | "content_filtered"; usage: Usage }
  | { type: "exception"; name: string; message: string }
  | { type: "cut"; how: "socket" | "half-frame" | "no-stop" };

/** A refusal before the stream starts: HTTP status, the service's error type, and Retry-After if any. */
export class ModelRefusal extends Error {
  readonly status: number;
  readonly errorType: string;
  readonly retryAfter: string | undefined;
  constructor(status: number, errorType: string, message: string, retryAfter?: string) {
    super(message);
    this.status = status;
    this.errorType = errorType;
    this.retryAfter = retryAfter;
  }
}

export type Model = (request: ConverseRequest, signal: AbortSignal, modelID: string) => AsyncIterable<ModelEvent>;

/** Bedrock's own validation of a conversation. @throws ModelRefusal 400 */
export function validateConversation(request: ConverseRequest): void {
  const refuse = (message: string): never => {
    throw new ModelRefusal(400, "ValidationException", message);
  };
  let expected: "user" | "assistant" = "user";
  let pending: string[] = [];
  for (const [index, message] of request.messages.entries()) {
    if (message.role !== expected) refuse("A conversation must alternate between user and assistant roles.");
    expected = message.role === "user" ? "assistant" : "user";
    const results = message.content.flatMap((block) => ("toolResult" in block ? [block.toolResult.toolUseId] : []));
    const unexpected = results.find((id) => !pending.includes(id));
    if (unexpected !== undefined) refuse(`messages.${index}: unexpected tool_use_id ${unexpected} in toolResult`);
    const missing = message.role === "user" ? pending.find((id) => !results.includes(id)) : undefined;
    if (missing !== undefined) refuse(`messages.${index}: tool use ${missing} has no toolResult`);
    pending = message.content.flatMap((block) => ("toolUse" in block ? [block.toolUse.toolUseId] : []));
    if (pending.length > 0 && request.toolConfig === undefined) {
      refuse("The toolConfig field must be defined when using toolUse and toolResult content blocks.");
    }
    if (message.content.length === 0) refuse(`messages.${index}: content must not be empty`);
  }
  if (request.messages.at(-1)?.role !== "user") refuse("The conversation must end with a user message.");
}

/** About four characters per token: stable, and accurate enough for metering. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

export function inputTokens(request: ConverseRequest): number {
  return countTokens(
    JSON.stringify(request.messages) + JSON.stringify(request.system) + JSON.stringify(request.toolConfig ?? ""),
  );
}
