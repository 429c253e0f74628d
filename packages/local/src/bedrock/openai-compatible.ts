import { ModelRefusal, type Model } from "./converse.ts";
import { toEvents } from "./openai/answer.ts";
import { refusalOf } from "./openai/refusal.ts";
import { toMessages, toTools } from "./openai/request.ts";

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
    if (!reply.ok || reply.body === null) throw refusalOf(reply, await reply.text());
    yield* toEvents(reply.body, request);
  };
}
