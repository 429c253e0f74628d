import type { ConverseMessage, ConverseRequest, ToolResultContent } from "../converse.ts";

/** A Converse request in OpenAI's format. */

export function toMessages(request: ConverseRequest): unknown[] {
  const system = request.system.flatMap((block) => ("text" in block ? [block.text] : [])).join("\n\n");
  return [...(system === "" ? [] : [{ role: "system", content: system }]), ...request.messages.flatMap(toMessage)];
}

function toMessage({ role, content }: ConverseMessage): unknown[] {
  // Texts of one message may be messages of their own: two of a person in a row, or a note and the person's words.
  const text = content.flatMap((block) => ("text" in block || "document" in block ? [toText(block)] : [])).join("\n\n");
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
  // Messages of tools are text alone, so the person's message brings the images of results too.
  const images = [...results.flatMap((result) => result.content), ...content].flatMap((block) =>
    "image" in block ? [block.image] : [],
  );
  const said =
    images.length === 0
      ? text
      : [
          ...(text === "" ? [] : [{ type: "text", text }]),
          ...images.map((image) => ({
            type: "image_url",
            image_url: { url: `data:image/${image.format};base64,${image.source.bytes}` },
          })),
        ];
  return [
    ...results.map((result) => ({
      role: "tool",
      tool_call_id: result.toolUseId,
      content: result.content.map(toText).join("\n"),
    })),
    ...(said === "" ? [] : [{ role: "user", content: said }]),
  ];
}

function toText(part: ToolResultContent): string {
  if ("text" in part) return part.text;
  if ("image" in part) return "[The image follows.]";
  if ("document" in part) return `[The document ${JSON.stringify(part.document.name)} cannot be shown.]`;
  return JSON.stringify(part.json);
}

export function toTools(request: ConverseRequest): Record<string, unknown> {
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

export function namesOfTools(request: ConverseRequest): string[] {
  return (request.toolConfig?.tools ?? []).flatMap((tool) => ("toolSpec" in tool ? [tool.toolSpec.name] : []));
}
