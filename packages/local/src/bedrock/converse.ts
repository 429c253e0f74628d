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

const legalID = /^[a-zA-Z0-9_-]{1,64}$/;

/** Bedrock's own validation of a conversation, and that of Claude behind it. @throws ModelRefusal 400 */
export function validateConversation(request: ConverseRequest): void {
  let expected: "user" | "assistant" = "user";
  let pending: string[] = [];
  const used = new Set<string>();
  for (const [index, message] of request.messages.entries()) {
    if (message.role !== expected) refuse("A conversation must alternate between user and assistant roles.");
    expected = message.role === "user" ? "assistant" : "user";
    const results = message.content.flatMap((block) => ("toolResult" in block ? [block.toolResult.toolUseId] : []));
    const unexpected = results.find((id, at) => !pending.includes(id) || results.indexOf(id) !== at);
    if (unexpected !== undefined) refuse(`messages.${index}: unexpected tool_use_id ${unexpected} in toolResult`);
    const missing = message.role === "user" ? pending.find((id) => !results.includes(id)) : undefined;
    if (missing !== undefined) refuse(`messages.${index}: tool use ${missing} has no toolResult`);
    const firstOther = message.content.findIndex((block) => !("toolResult" in block));
    if (firstOther >= 0 && message.content.slice(firstOther).some((block) => "toolResult" in block))
      refuse(`messages.${index}: toolResult blocks must come before any other content`);
    pending = message.content.flatMap((block) => ("toolUse" in block ? [block.toolUse.toolUseId] : []));
    if (pending.length > 0 && request.toolConfig === undefined) {
      refuse("The toolConfig field must be defined when using toolUse and toolResult content blocks.");
    }
    if (message.content.length === 0) refuse(`messages.${index}: content must not be empty`);
    for (const [at, block] of message.content.entries()) {
      validateBlock(block, `messages.${index}.content.${at}`);
      if (!("toolUse" in block)) continue;
      if (used.has(block.toolUse.toolUseId)) refuse(`messages.${index}: tool_use ids must be unique`);
      used.add(block.toolUse.toolUseId);
    }
  }
  if (request.messages.at(-1)?.role !== "user") refuse("The conversation must end with a user message.");
}

function validateBlock(block: ContentBlock, at: string): void {
  if ("text" in block) validateText(block.text, at);
  if ("toolUse" in block) {
    const { toolUseId, name, input } = block.toolUse;
    if (!legalID.test(toolUseId)) refuse(`${at}.toolUse.toolUseId: must match ${legalID.source}`);
    if (!legalID.test(name)) refuse(`${at}.toolUse.name: must match ${legalID.source}`);
    if (typeof input !== "object" || input === null || Array.isArray(input))
      refuse(`${at}.toolUse.input: must be a JSON object`);
    if (!isWellFormed(input)) refuse(`${at}.toolUse.input: no low surrogate in string`);
  }
  if ("toolResult" in block)
    for (const part of block.toolResult.content) if (typeof part.text === "string") validateText(part.text, at);
}

function validateText(text: string, at: string): void {
  if (text.trim() === "") refuse(`The text field in the ContentBlock object at ${at} is blank.`);
  if (!text.isWellFormed()) refuse(`${at}: no low surrogate in string`);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  return typeof value !== "object" || value === null || Object.values(value).every(isWellFormed);
}

function refuse(message: string): never {
  throw new ModelRefusal(400, "ValidationException", message);
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
