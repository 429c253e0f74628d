import { z } from "zod";

/** The supported part of Bedrock's Converse requests. What a field may hold is checked in `strict`. */

const Text = z.object({ text: z.string() });
const Source = z.looseObject({ bytes: z.string() });
const Image = z.object({ image: z.object({ format: z.string(), source: Source }) });
const Document = z.object({ document: z.looseObject({ format: z.string(), name: z.string(), source: Source }) });
const CachePoint = z.object({ cachePoint: z.object({ type: z.literal("default"), ttl: z.string().optional() }) });

const ToolResultContent = z.union([Text, Image, Document, z.object({ json: z.unknown() })]);
export type ToolResultContent = z.infer<typeof ToolResultContent>;

const Reasoning = z.object({
  reasoningContent: z.union([
    z.object({ reasoningText: z.object({ text: z.string(), signature: z.string().optional() }) }),
    z.object({ redactedContent: z.string() }),
  ]),
});

export const ContentBlock = z.union([
  Text,
  z.object({ toolUse: z.object({ toolUseId: z.string(), name: z.string(), input: z.unknown() }) }),
  z.object({
    toolResult: z.object({
      toolUseId: z.string(),
      content: z.array(ToolResultContent),
      status: z.enum(["success", "error"]).optional(),
    }),
  }),
  Image,
  Document,
  Reasoning,
  CachePoint,
]);
export type ContentBlock = z.infer<typeof ContentBlock>;

export const ConverseMessage = z.object({ role: z.enum(["user", "assistant"]), content: z.array(ContentBlock) });
export type ConverseMessage = z.infer<typeof ConverseMessage>;

export const ConverseRequest = z.looseObject({
  messages: z.array(ConverseMessage),
  system: z.array(z.union([Text, CachePoint])).default([]),
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
          CachePoint,
        ]),
      ),
      toolChoice: z
        .union([
          z.object({ auto: z.looseObject({}) }),
          z.object({ any: z.looseObject({}) }),
          z.object({ tool: z.object({ name: z.string() }) }),
        ])
        .optional(),
    })
    .optional(),
  inferenceConfig: z
    .looseObject({
      maxTokens: z.int().optional(),
      temperature: z.number().optional(),
      topP: z.number().optional(),
      stopSequences: z.array(z.string()).optional(),
    })
    .optional(),
  additionalModelRequestFields: z.looseObject({ thinking: z.looseObject({ type: z.string() }).optional() }).nullish(),
});
export type ConverseRequest = z.infer<typeof ConverseRequest>;

/** As a response reports it. */
export interface Usage {
  /** Neither read from the cache nor written to it. */
  inputTokens: number;
  outputTokens: number;
  cacheReadInputTokens?: number;
  cacheWriteInputTokens?: number;
  cacheDetails?: { inputTokens: number; ttl: string }[];
}

/** Events of a model's response. The last two are faults, for tests. */
export type ModelEvent =
  | { type: "text"; text: string }
  | { type: "reasoning"; text: string }
  | { type: "tool"; id: string; name: string }
  /** A fragment of the tool input's JSON. */
  | { type: "tool-input"; text: string }
  /** Without a usage, the server counts. */
  | { type: "stop"; reason: "end_turn" | "tool_use" | "max_tokens" | "content_filtered"; usage?: Usage | undefined }
  | { type: "exception"; name: string; message: string }
  | { type: "cut"; how: "socket" | "half-frame" | "no-stop" };

export type Model = (request: ConverseRequest, signal: AbortSignal, modelID: string) => AsyncIterable<ModelEvent>;
