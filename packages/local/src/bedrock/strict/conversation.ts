import type { ContentBlock, ConverseMessage, ConverseRequest } from "../converse.ts";
import { modelRefuses, refuse } from "../refusal.ts";
import type { ServedModel } from "../served-models.ts";

/** Roles, texts, and calls with their results. @throws ModelRefusal */
export function validateConversation({ messages, system, toolConfig }: ConverseRequest, model: ServedModel): void {
  for (const [at, block] of system.entries())
    if ("text" in block) validateText(block.text, `system.${at}`, "SystemContentBlock");
  if (messages[0]?.role !== "user")
    refuse(
      "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
    );
  const used = new Set<string>();
  let pending: readonly string[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === messages[index - 1]?.role)
      refuse(
        "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
      );
    validateContent(message, index, model);
    if (toolConfig === undefined && message.content.some((block) => "toolUse" in block || "toolResult" in block))
      refuse("The toolConfig field must be defined when using toolUse and toolResult content blocks.");
    validateResults(message, index, pending);
    pending = callsIn(message);
    for (const id of pending) {
      if (used.has(id)) modelRefuses(`messages.${index}.content: \`tool_use\` ids must be unique`);
      used.add(id);
    }
  }
  if (!model.prefill && messages.at(-1)?.role === "assistant")
    modelRefuses(
      "This model does not support assistant message prefill. The conversation must end with a user message.",
    );
}

function validateContent({ role, content }: ConverseMessage, index: number, model: ServedModel): void {
  if (!content.some((block) => !("cachePoint" in block)))
    refuse(
      `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
    );
  for (const [at, block] of content.entries()) {
    const path = `messages.${index}.content.${at}`;
    validateRole(block, role, path);
    validateBlock(block, path);
    if ("reasoningContent" in block && model.thinking === undefined)
      refuse("This model doesn't support the reasoningContent field. Remove reasoningContent and try again.");
  }
}

/** Calls and thinking are the model's; results, images and documents are the user's. */
function validateRole(block: ContentBlock, role: ConverseMessage["role"], at: string): void {
  const field = Object.keys(block)[0] ?? "";
  const owner = ["toolUse", "reasoningContent"].includes(field) ? "assistant" : "user";
  const isBoth = ["text", "cachePoint"].includes(field);
  if (!isBoth && owner !== role)
    refuse(
      `The ${field} content block at ${at} isn't supported in messages of the ${role} role. Remove it and try again.`,
    );
}

/** Each call of the message before has one result here, before anything else. */
function validateResults({ content }: ConverseMessage, index: number, pending: readonly string[]): void {
  const at = `messages.${index}.content`;
  const results = content.flatMap((block) => ("toolResult" in block ? [block.toolResult.toolUseId] : []));
  if (results.length > pending.length)
    refuse(`The number of toolResult blocks at ${at} exceeds the number of toolUse blocks of previous turn.`);
  const twice = results.filter((id, position) => results.indexOf(id) !== position);
  if (twice.length > 0) refuse(`The toolResult blocks at ${at} contain duplicate Ids: ${twice.join(", ")}`);
  const missing = pending.filter((id) => !results.includes(id));
  if (missing.length > 0) refuse(`Expected toolResult blocks at ${at} for the following Ids: ${missing.join(", ")}`);
  const other = content.findIndex((block) => !("toolResult" in block) && !("cachePoint" in block));
  if (other >= 0 && content.slice(other).some((block) => "toolResult" in block))
    modelRefuses(
      `${at}: \`tool_result\` blocks must come before any other content in the message that follows \`tool_use\` blocks`,
    );
}

function callsIn({ content }: ConverseMessage): string[] {
  return content.flatMap((block) => ("toolUse" in block ? [block.toolUse.toolUseId] : []));
}

function validateBlock(block: ContentBlock, at: string): void {
  if ("text" in block) validateText(block.text, at, "ContentBlock");
  if ("toolUse" in block) {
    const { input } = block.toolUse;
    if (typeof input !== "object" || input === null || Array.isArray(input))
      refuse(
        `The format of the value at ${at}.toolUse.input is invalid. Provide a json object for the field and try again.`,
      );
    if (!isWellFormed(input)) noSurrogate(`${at}.tool_use.input`);
  }
  if ("toolResult" in block) {
    const { content, status } = block.toolResult;
    if (content.length === 0 && status === "error")
      refuse(`The content field at ${at}.toolResult cannot be empty when status value is error.`);
    for (const [part, each] of content.entries())
      if ("text" in each) validateText(each.text, `${at}.toolResult.content.${part}`, "ToolResultContentBlock");
  }
}

function validateText(text: string, at: string, kind: string): void {
  if (text.trim() === "")
    refuse(`The text field in the ${kind} object at ${at} is blank. Add text to the text field, and try again.`);
  if (!text.isWellFormed()) noSurrogate(at);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  return typeof value !== "object" || value === null || Object.values(value).every(isWellFormed);
}

/** The model's server reads JSON more strictly than JavaScript writes it. */
function noSurrogate(at: string): never {
  modelRefuses(`${at}: str is not valid UTF-8: surrogates not allowed`);
}
