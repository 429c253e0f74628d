import { z } from "zod";
import { refuseUnless, words, type Protocol } from "./protocol.ts";

/** OpenAI's Responses API. It keeps nothing, so it refuses references to what it once said, and others' thinking. */

const Item = z.union([
  z.looseObject({ role: z.enum(["system", "developer"]), content: z.string() }),
  z.looseObject({
    role: z.literal("user"),
    content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  }),
  z.looseObject({
    role: z.literal("assistant"),
    content: z.union([z.string().min(1), z.array(z.looseObject({ type: z.literal("output_text"), text: z.string() }))]),
  }),
  z.looseObject({ type: z.literal("function_call"), call_id: z.string(), name: z.string(), arguments: z.string() }),
  z.looseObject({ type: z.literal("function_call_output"), call_id: z.string(), output: z.unknown() }),
  z.looseObject({ type: z.literal("reasoning"), encrypted_content: z.string() }),
]);
const Request = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  store: z.literal(false),
  max_output_tokens: z.int().optional(),
  input: z.array(Item),
  tools: z.array(z.looseObject({ type: z.literal("function"), name: z.string() })).optional(),
  reasoning: z.looseObject({ effort: z.string().optional(), summary: z.string().optional() }).optional(),
});

const encrypted = "encrypted-by-openai";

export const openai: Protocol = {
  base: "/openai/v1",
  keyOf: bearer,
  list: (models) => ({
    object: "list",
    data: [...models, "text-embedding-3-large", "gpt-4o-realtime-preview"].map((id) => ({ id, object: "model" })),
  }),
  parse(path, body) {
    if (path !== "/responses") return undefined;
    const parsed = Request.safeParse(body);
    refuseUnless(parsed.success, z.prettifyError(parsed.error ?? new z.ZodError([])));
    const { model, input } = parsed.data ?? { model: "", input: [] };
    const called = new Set<string>();
    const prompts: string[] = [];
    const results: string[] = [];
    for (const item of input) {
      if ("role" in item && item.role === "user" && Array.isArray(item.content))
        prompts.push(...item.content.flatMap((part) => (typeof part.text === "string" ? [part.text] : [])));
      if (!("type" in item)) continue;
      if (item.type === "function_call") {
        refuseUnless(String(item.call_id).length <= 64, "call_id: string too long");
        called.add(String(item.call_id));
      }
      if (item.type === "function_call_output") {
        refuseUnless(called.delete(String(item.call_id)), "No tool call found for function call output");
        results.push(JSON.stringify(item.output));
      }
      if (item.type === "reasoning")
        refuseUnless(item.encrypted_content === encrypted, "The encrypted content could not be verified.");
    }
    refuseUnless(called.size === 0, "No tool output found for function call");
    return { model, prompts, results };
  },
  whole: ({ text = "" }) => ({
    id: "resp_1",
    created_at: 1,
    model: "gpt",
    output: [
      { type: "message", role: "assistant", id: "msg_1", content: [{ type: "output_text", text, annotations: [] }] },
    ],
    usage: { input_tokens: 20, output_tokens: 5 },
  }),
  *events({ thinking, text, tools = [] }) {
    let sequence = 0;
    const say = (type: string, fields: object) => ({
      event: type,
      data: { type, sequence_number: sequence++, ...fields },
    });
    yield say("response.created", { response: { id: "resp_1", created_at: 1, model: "gpt" } });
    let at = 0;
    if (thinking !== undefined) {
      const id = "rs_1";
      yield say("response.output_item.added", { output_index: at, item: { type: "reasoning", id, summary: [] } });
      yield say("response.reasoning_summary_part.added", { item_id: id, summary_index: 0 });
      for (const delta of words(thinking))
        yield say("response.reasoning_summary_text.delta", { item_id: id, summary_index: 0, delta });
      yield say("response.reasoning_summary_part.done", { item_id: id, summary_index: 0 });
      yield say("response.output_item.done", {
        output_index: at++,
        item: {
          type: "reasoning",
          id,
          encrypted_content: encrypted,
          summary: [{ type: "summary_text", text: thinking }],
        },
      });
    }
    if (text !== undefined) {
      const item = { type: "message", id: "msg_1", role: "assistant", status: "completed", content: [] };
      yield say("response.output_item.added", { output_index: at, item });
      for (const delta of words(text))
        yield say("response.output_text.delta", {
          item_id: "msg_1",
          output_index: at,
          content_index: 0,
          delta,
          logprobs: [],
        });
      yield say("response.output_item.done", {
        output_index: at++,
        item: { ...item, content: [{ type: "output_text", text, annotations: [] }] },
      });
    }
    for (const { name, input } of tools) {
      const json = JSON.stringify(input);
      const item = { type: "function_call", id: `fc_${at}`, call_id: `call_${at}`, name, status: "completed" };
      yield say("response.output_item.added", { output_index: at, item: { ...item, arguments: "" } });
      for (const delta of [json.slice(0, 5), json.slice(5)])
        yield say("response.function_call_arguments.delta", { item_id: item.id, output_index: at, delta });
      yield say("response.function_call_arguments.done", { item_id: item.id, output_index: at, arguments: json });
      yield say("response.output_item.done", { output_index: at++, item: { ...item, arguments: json } });
    }
    yield say("response.completed", {
      response: {
        usage: {
          input_tokens: 160,
          input_tokens_details: { cached_tokens: 40 },
          output_tokens: 30,
          output_tokens_details: { reasoning_tokens: 10 },
        },
      },
    });
  },
  refusal: (status, message) => ({
    error: { message, type: "invalid_request_error", code: String(status), param: null },
  }),
};

export function bearer(headers: { authorization?: string | undefined }): string | undefined {
  return /^Bearer (.*)$/.exec(headers.authorization ?? "")?.[1];
}
