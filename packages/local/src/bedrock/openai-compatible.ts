import type { ConverseRequest, Model } from "./converse.ts";
import { toEvents } from "./openai/answer.ts";
import { refusalOf } from "./openai/refusal.ts";
import { toMessages, toTools } from "./openai/request.ts";
import { ModelRefusal } from "./refusal.ts";

/**
 * An OpenAI-compatible server (Ollama, LM Studio, vLLM, OpenRouter …) as a Bedrock model: text, reasoning, parallel tool
 * calls, images, usage, and errors as Bedrock's.
 */
export function openAiCompatible(options: { url: string; model: string; key: string | undefined }): Model {
  const base = options.url.replace(/\/+$/, "");
  /** Fields that this server has refused. Models differ in which they take, and in how many tokens they may write. */
  const refused = new Set<string>();

  function post(request: ConverseRequest, signal: AbortSignal): Promise<Response> {
    const { maxTokens } = request.inferenceConfig ?? {};
    const optional = { stream_options: { include_usage: true }, ...(maxTokens ? { max_tokens: maxTokens } : {}) };
    return fetch(`${base}/chat/completions`, {
      method: "POST",
      signal,
      headers: {
        "content-type": "application/json",
        ...(options.key ? { authorization: `Bearer ${options.key}` } : {}),
      },
      body: JSON.stringify({
        model: options.model,
        stream: true,
        messages: toMessages(request),
        ...toTools(request),
        ...Object.fromEntries(Object.entries(optional).filter(([name]) => !refused.has(name))),
      }),
    }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new ModelRefusal(503, "ServiceUnavailableException", `No model answers at ${base}. Is the server running?`);
    });
  }

  return async function* (request, signal) {
    for (;;) {
      const reply = await post(request, signal);
      if (reply.ok && reply.body !== null) return yield* toEvents(reply.body, request);
      const body = await reply.text();
      const field = fieldRefusedIn(reply.status, body);
      if (field === undefined || refused.has(field)) throw refusalOf(reply, body);
      refused.add(field);
    }
  };
}

/** The optional field that a request was refused for. Some servers count what may be written as if it had been. */
function fieldRefusedIn(status: number, body: string): string | undefined {
  if (status !== 400 && status !== 422) return undefined;
  if (/stream_options/.test(body)) return "stream_options";
  return /max_(?:completion_|new_)?tokens|in the completion/i.test(body) ? "max_tokens" : undefined;
}
