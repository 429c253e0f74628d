import { z } from "zod";
import { refuseUnless, words, type Protocol } from "./protocol.ts";

/** Anthropic's Messages API. It takes back only thinking that it signed, and results right after their calls. */

const Block = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text"), text: z.string().min(1) }),
  z.looseObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
  z.looseObject({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.looseObject({}) }),
  z.looseObject({ type: z.literal("tool_result"), tool_use_id: z.string(), content: z.unknown() }),
  z.looseObject({ type: z.literal("image") }),
]);
const Request = z.strictObject({
  model: z.string(),
  max_tokens: z.int(),
  stream: z.boolean().optional(),
  system: z.array(z.looseObject({ type: z.literal("text"), text: z.string() })).optional(),
  messages: z.array(z.strictObject({ role: z.enum(["user", "assistant"]), content: z.array(Block).min(1) })),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: z.looseObject({}) })).optional(),
  tool_choice: z.unknown().optional(),
  thinking: z.looseObject({ type: z.string() }).optional(),
  output_config: z.looseObject({ effort: z.string() }).optional(),
});

const signature = "signed-by-anthropic";

export const anthropic: Protocol = {
  base: "/anthropic/v1",
  keyOf: (headers) => [headers["x-api-key"]].flat()[0],
  list: (models) => ({
    data: models.map((id) => ({ type: "model", id, display_name: id, created_at: "2026-10-01T00:00:00Z" })),
    has_more: false,
  }),
  parse(path, body) {
    if (path !== "/messages") return undefined;
    const parsed = Request.safeParse(body);
    refuseUnless(parsed.success, z.prettifyError(parsed.error ?? new z.ZodError([])));
    const { model, messages } = parsed.data ?? { model: "", messages: [] };
    let open: string[] = [];
    for (const [at, { role, content }] of messages.entries()) {
      refuseUnless(role === (at % 2 === 0 ? "user" : "assistant"), "roles must alternate");
      const answered = content.flatMap((block) => (block.type === "tool_result" ? [block.tool_use_id] : []));
      refuseUnless(
        open.length === answered.length && open.every((id) => answered.includes(id)),
        "`tool_use` ids were found without `tool_result` blocks immediately after",
      );
      open = content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
      for (const block of content) {
        if (block.type === "tool_use") refuseUnless(/^[a-zA-Z0-9_-]{1,64}$/.test(block.id), "invalid id");
        if (block.type === "thinking")
          refuseUnless(block.signature.startsWith(signature), "Invalid `signature` in `thinking` block");
      }
    }
    const blocks = messages.flatMap(({ role, content }) => (role === "user" ? content : []));
    return {
      model,
      prompts: blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])),
      results: blocks.flatMap((block) => (block.type === "tool_result" ? [JSON.stringify(block.content)] : [])),
    };
  },
  whole: ({ text = "" }) => ({
    type: "message",
    id: "msg_1",
    model: "claude",
    role: "assistant",
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 20, output_tokens: 5 },
  }),
  *events({ thinking, text, tools = [] }) {
    const usage = { input_tokens: 120, output_tokens: 1, cache_read_input_tokens: 40, cache_creation_input_tokens: 0 };
    yield say("message_start", { message: { id: "msg_1", model: "claude", role: "assistant", content: [], usage } });
    let index = 0;
    if (thinking !== undefined) {
      yield say("content_block_start", { index, content_block: { type: "thinking", thinking: "", signature: "" } });
      for (const word of words(thinking))
        yield say("content_block_delta", { index, delta: { type: "thinking_delta", thinking: word } });
      yield say("content_block_delta", { index, delta: { type: "signature_delta", signature } });
      yield say("content_block_stop", { index: index++ });
    }
    if (text !== undefined) {
      yield say("content_block_start", { index, content_block: { type: "text", text: "" } });
      for (const word of words(text))
        yield say("content_block_delta", { index, delta: { type: "text_delta", text: word } });
      yield say("content_block_stop", { index: index++ });
    }
    for (const { name, input } of tools) {
      yield say("content_block_start", {
        index,
        content_block: { type: "tool_use", id: `toolu_${index}`, name, input: {} },
      });
      const json = JSON.stringify(input);
      for (const half of [json.slice(0, 5), json.slice(5)])
        yield say("content_block_delta", { index, delta: { type: "input_json_delta", partial_json: half } });
      yield say("content_block_stop", { index: index++ });
    }
    const stop = { stop_reason: tools.length > 0 ? "tool_use" : "end_turn", stop_sequence: null };
    yield say("message_delta", { delta: stop, usage: { output_tokens: 30 } });
    yield say("message_stop", {});
  },
  refusal: (status, message) => ({ type: "error", error: { type: typeOf(status), message } }),
};

function say(type: string, fields: object): { event: string; data: unknown } {
  return { event: type, data: { type, ...fields } };
}

function typeOf(status: number): string {
  return status === 401 ? "authentication_error" : status === 429 ? "rate_limit_error" : "invalid_request_error";
}
