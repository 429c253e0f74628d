import { z } from "zod";
import {
  inputTokens,
  ModelRefusal,
  type ConverseMessage,
  type ConverseRequest,
  type Model,
  type ModelEvent,
} from "./converse.ts";

/**
 * An OpenAI-compatible server (Ollama, LM Studio, vLLM, OpenRouter …) as a Bedrock model: text, reasoning, parallel tool
 * calls, images, usage, and errors as Bedrock's.
 */
export function openAiCompatible(options: { url: string; model: string; key: string | undefined }): Model {
  const base = options.url.replace(/\/+$/, "");
  return async function* (request, signal) {
    const reply = await fetch(`${base}/chat/completions`, {
      method: "POST",
      signal,
      headers: {
        "content-type": "application/json",
        ...(options.key ? { authorization: `Bearer ${options.key}` } : {}),
      },
      body: JSON.stringify({
        model: options.model,
        stream: true,
        stream_options: { include_usage: true },
        messages: toMessages(request),
        ...toTools(request),
        ...(request.inferenceConfig?.maxTokens ? { max_tokens: request.inferenceConfig.maxTokens } : {}),
      }),
    }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new ModelRefusal(503, "ServiceUnavailableException", `No model answers at ${base}. Is the server running?`);
    });
    if (!reply.ok || reply.body === null) throw refusal(reply, await reply.text());
    yield* toEvents(reply.body, request);
  };
}

const Chunk = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: z
          .looseObject({
            content: z.string().nullish(),
            reasoning: z.string().nullish(),
            reasoning_content: z.string().nullish(),
            tool_calls: z
              .array(
                z.looseObject({
                  index: z.int().optional(),
                  id: z.string().nullish(),
                  function: z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() }).optional(),
                }),
              )
              .nullish(),
          })
          .optional(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  // Servers report none, null, or nonsense: that must not fail an answer.
  usage: z
    .looseObject({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() })
    .nullish()
    .catch(null),
  error: z.looseObject({ message: z.string().default("the model failed") }).optional(),
});

interface PendingTool {
  id: string;
  name: string;
  input: string;
}

async function* toEvents(body: ReadableStream<Uint8Array>, request: ConverseRequest): AsyncGenerator<ModelEvent> {
  const tools = new Map<number, PendingTool>();
  let finish: string | undefined;
  let usage: { inputTokens: number; outputTokens: number } | undefined;
  let characters = 0;
  for await (const data of serverSentEvents(body)) {
    if (data === "[DONE]") break;
    const chunk = Chunk.parse(JSON.parse(data));
    if (chunk.error) {
      yield { type: "exception", name: "modelStreamErrorException", message: chunk.error.message };
      return;
    }
    if (chunk.usage) usage = { inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens };
    const choice = chunk.choices[0];
    const delta = choice?.delta;
    finish = choice?.finish_reason ?? finish;
    const reasoning = delta?.reasoning_content ?? delta?.reasoning;
    if (reasoning) yield { type: "reasoning", text: reasoning };
    if (delta?.content) {
      characters += delta.content.length;
      yield { type: "text", text: delta.content };
    }
    for (const call of delta?.tool_calls ?? []) {
      const at = call.index ?? tools.size;
      const tool = tools.get(at) ?? { id: call.id ?? `call_${at}_${Date.now().toString(36)}`, name: "", input: "" };
      tool.name += call.function?.name ?? "";
      tool.input += call.function?.arguments ?? "";
      tools.set(at, tool);
    }
  }
  // Calls may arrive interleaved, but Bedrock sends them one after another, so they are sent at the end.
  for (const tool of tools.values()) {
    yield { type: "tool", id: tool.id, name: tool.name };
    yield { type: "tool-input", text: tool.input === "" ? "{}" : tool.input };
    characters += tool.input.length;
  }
  if (finish === undefined && tools.size === 0) {
    yield { type: "cut", how: "no-stop" };
    return;
  }
  yield {
    type: "stop",
    reason:
      tools.size > 0
        ? "tool_use"
        : finish === "length"
          ? "max_tokens"
          : finish === "content_filter"
            ? "content_filtered"
            : "end_turn",
    usage: usage ?? { inputTokens: inputTokens(request), outputTokens: Math.ceil(characters / 4) },
  };
}

/** The `data:` of each event, however the bytes are split. */
async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let buffer = "";
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    buffer += decoder.decode(bytes, { stream: true });
    for (let end = buffer.search(/\r?\n/); end >= 0; end = buffer.search(/\r?\n/)) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(buffer[end] === "\r" ? end + 2 : end + 1);
      if (line.startsWith("data:")) yield line.slice(5).trim();
    }
  }
  if (buffer.startsWith("data:")) yield buffer.slice(5).trim();
}

function toMessages(request: ConverseRequest): unknown[] {
  const system = request.system.flatMap((block) => ("text" in block ? [block.text] : [])).join("\n\n");
  return [...(system === "" ? [] : [{ role: "system", content: system }]), ...request.messages.flatMap(toMessage)];
}

function toMessage({ role, content }: ConverseMessage): unknown[] {
  const text = content.flatMap((block) => ("text" in block ? [block.text] : [])).join("");
  if (role === "assistant") {
    const calls = content.flatMap((block) =>
      "toolUse" in block
        ? [
            {
              id: block.toolUse.toolUseId,
              type: "function",
              function: { name: block.toolUse.name, arguments: JSON.stringify(block.toolUse.input) },
            },
          ]
        : [],
    );
    return [{ role, content: text === "" ? null : text, ...(calls.length > 0 ? { tool_calls: calls } : {}) }];
  }
  const results = content.flatMap((block) => ("toolResult" in block ? [block.toolResult] : []));
  const images = content.flatMap((block) => ("image" in block ? [block.image] : []));
  const said =
    images.length === 0
      ? text
      : [
          ...(text === "" ? [] : [{ type: "text", text }]),
          ...images.map((image) => ({
            type: "image_url",
            image_url: { url: `data:image/${image.format};base64,${image.source.bytes ?? ""}` },
          })),
        ];
  return [
    ...results.map((result) => ({
      role: "tool",
      tool_call_id: result.toolUseId,
      content: result.content.map((part) => ("text" in part ? String(part.text) : JSON.stringify(part))).join("\n"),
    })),
    ...(said === "" ? [] : [{ role: "user", content: said }]),
  ];
}

function toTools(request: ConverseRequest): Record<string, unknown> {
  const tools = (request.toolConfig?.tools ?? []).flatMap((tool) =>
    "toolSpec" in tool
      ? [
          {
            type: "function",
            function: {
              name: tool.toolSpec.name,
              description: tool.toolSpec.description,
              parameters: tool.toolSpec.inputSchema.json,
            },
          },
        ]
      : [],
  );
  return tools.length > 0 ? { tools } : {};
}

function refusal({ status, headers }: Response, body: string): ModelRefusal {
  const parsed = z
    .looseObject({ error: z.union([z.string(), z.looseObject({ message: z.string() })]) })
    .safeParse(parseJson(body));
  const told = parsed.success
    ? typeof parsed.data.error === "string"
      ? parsed.data.error
      : parsed.data.error.message
    : `status ${status}`;
  const message = `The model server answered: ${told}`.slice(0, 500);
  if (status === 401 || status === 403) return new ModelRefusal(403, "AccessDeniedException", message);
  const retryAfter = headers.get("retry-after") ?? undefined;
  if (status === 429) return new ModelRefusal(429, "ThrottlingException", message, retryAfter);
  if (status >= 500) return new ModelRefusal(503, "ServiceUnavailableException", message, retryAfter);
  return new ModelRefusal(400, "ValidationException", message);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
