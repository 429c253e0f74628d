import { z } from "zod";
import { bearer } from "./openai.ts";
import { refuseUnless, words, type Protocol } from "./protocol.ts";

/** OpenAI's older chat completions, which OpenRouter and most other servers speak. */

const Message = z.discriminatedUnion("role", [
  z.looseObject({ role: z.literal("system"), content: z.string() }),
  z.looseObject({
    role: z.literal("user"),
    content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]),
  }),
  z.looseObject({
    role: z.literal("assistant"),
    content: z.string().nullish(),
    tool_calls: z
      .array(z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) }))
      .optional(),
  }),
  z.looseObject({ role: z.literal("tool"), tool_call_id: z.string(), content: z.unknown() }),
]);
const Request = z.looseObject({ model: z.string(), stream: z.boolean().optional(), messages: z.array(Message).min(1) });

export const chat: Protocol = {
  base: "/chat/v1",
  keyOf: bearer,
  list: (models) => ({
    object: "list",
    data: models.map((id) => ({
      id,
      name: `Listed ${id}`,
      object: "model",
      context_length: 65_536,
      architecture: { input_modalities: ["text", "image"] },
      supported_parameters: ["tools", "reasoning"],
      pricing: { prompt: "0.0000003", completion: "0.0000009", input_cache_read: "0.00000003" },
    })),
  }),
  parse(path, body) {
    if (path !== "/chat/completions") return undefined;
    const parsed = Request.safeParse(body);
    refuseUnless(parsed.success, z.prettifyError(parsed.error ?? new z.ZodError([])));
    const { model, messages } = parsed.data ?? { model: "", messages: [] };
    const called = new Set<string>();
    const prompts: string[] = [];
    const results: string[] = [];
    for (const message of messages) {
      if (message.role === "tool") {
        refuseUnless(called.delete(message.tool_call_id), "an unexpected tool_call_id");
        results.push(JSON.stringify(message.content));
        continue;
      }
      refuseUnless(called.size === 0, "tool_calls must be followed by tool messages");
      if (message.role === "assistant") {
        refuseUnless(Boolean(message.content) || Boolean(message.tool_calls?.length), "an empty message");
        for (const { id } of message.tool_calls ?? []) called.add(id);
      }
      if (message.role === "user")
        prompts.push(
          ...(typeof message.content === "string"
            ? [message.content]
            : message.content.flatMap(({ text }) => (text === undefined ? [] : [text]))),
        );
    }
    return { model, prompts, results };
  },
  whole: ({ text = "" }) => ({
    id: "1",
    object: "chat.completion",
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
  }),
  *events({ thinking, text, tools = [] }) {
    const say = (delta: object, finish: string | null = null) => ({
      data: {
        id: "1",
        object: "chat.completion.chunk",
        model: "m",
        choices: [{ index: 0, delta, finish_reason: finish }],
      },
    });
    for (const word of words(thinking ?? "")) yield say({ reasoning_content: word });
    for (const word of words(text ?? "")) yield say({ content: word });
    for (const [index, { name, input }] of tools.entries()) {
      const json = JSON.stringify(input);
      yield say({
        tool_calls: [{ index, id: `call ${index}`, type: "function", function: { name, arguments: json.slice(0, 5) } }],
      });
      yield say({ tool_calls: [{ index, function: { arguments: json.slice(5) } }] });
    }
    yield say({}, tools.length > 0 ? "tool_calls" : "stop");
    yield {
      data: {
        choices: [],
        usage: {
          prompt_tokens: 160,
          completion_tokens: 30,
          total_tokens: 190,
          prompt_tokens_details: { cached_tokens: 40 },
        },
      },
    };
    yield { data: "[DONE]" };
  },
  refusal: (status, message) => ({ error: { message, code: status } }),
};
