import type { ContentBlock, ConverseRequest, ToolResultContent } from "../converse.ts";
import { violates } from "../refusal.ts";

/** What the API's own schema allows of each field, whatever the model. */

const name = /^[a-zA-Z0-9_-]+$/;
const imageFormats = ["png", "jpeg", "gif", "webp"];
const documentFormats = ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"];
const longestStops = 2500;

/** @throws ModelRefusal */
export function validateSchema(request: ConverseRequest): void {
  for (const [index, { content }] of request.messages.entries())
    for (const [at, block] of content.entries())
      validateBlock(block, `messages.${index + 1}.member.content.${at + 1}.member`);
  if (request.toolConfig) {
    const { tools } = request.toolConfig;
    if (tools.length === 0) tooFew("toolConfig.tools", tools);
    for (const [at, tool] of tools.entries()) {
      if (!("toolSpec" in tool)) continue;
      const path = `toolConfig.tools.${at + 1}.member.toolSpec`;
      validateName(tool.toolSpec.name, `${path}.name`);
      if (tool.toolSpec.description === "") tooFew(`${path}.description`, "");
    }
  }
  const { maxTokens, temperature, topP, stopSequences } = request.inferenceConfig ?? {};
  validateRange(maxTokens, "inferenceConfig.maxTokens", 1, 2 ** 31 - 1);
  validateRange(temperature, "inferenceConfig.temperature", 0, 1);
  validateRange(topP, "inferenceConfig.topP", 0, 1);
  if ((stopSequences?.length ?? 0) > longestStops)
    violates(
      "inferenceConfig.stopSequences",
      stopSequences,
      `Member must have length less than or equal to ${longestStops}`,
    );
  for (const [at, stop] of stopSequences?.entries() ?? [])
    if (stop === "") tooFew(`inferenceConfig.stopSequences.${at + 1}.member`, stop);
  const points = [
    ...request.system.map((block, at) => [block, `system.${at + 1}.member`] as const),
    ...(request.toolConfig?.tools ?? []).map((block, at) => [block, `toolConfig.tools.${at + 1}.member`] as const),
  ];
  for (const [block, at] of points) validateLifetime(block, at);
}

type Part = ContentBlock | ToolResultContent;

function validateBlock(block: Part, at: string): void {
  validateLifetime(block, at);
  if ("toolUse" in block) {
    validateName(block.toolUse.toolUseId, `${at}.toolUse.toolUseId`);
    validateName(block.toolUse.name, `${at}.toolUse.name`);
  } else if ("toolResult" in block) {
    validateName(block.toolResult.toolUseId, `${at}.toolResult.toolUseId`);
    for (const [part, each] of block.toolResult.content.entries())
      validateBlock(each, `${at}.toolResult.content.${part + 1}.member`);
  } else if ("image" in block) {
    validateOneOf(block.image.format, `${at}.image.format`, imageFormats);
  } else if ("document" in block) {
    validateOneOf(block.document.format, `${at}.document.format`, documentFormats);
    validateLength(block.document.name, `${at}.document.name`, 200);
  }
}

function validateLifetime(block: object, at: string): void {
  const { cachePoint } = block as { cachePoint?: { ttl?: string | undefined } };
  if (cachePoint?.ttl !== undefined) validateOneOf(cachePoint.ttl, `${at}.cachePoint.ttl`, ["5m", "1h"]);
}

function validateName(value: string, at: string): void {
  validateLength(value, at, 64);
  if (!name.test(value)) violates(at, value, "Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+");
}

function validateLength(value: string, at: string, longest: number): void {
  if (value === "") tooFew(at, value);
  if (value.length > longest) violates(at, value, `Member must have length less than or equal to ${longest}`);
}

function validateOneOf(value: string, at: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) violates(at, value, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
}

function validateRange(value: number | undefined, at: string, least: number, most: number): void {
  if (value === undefined) return;
  if (value < least) violates(at, value, `Member must have value greater than or equal to ${least}`);
  if (value > most) violates(at, value, `Member must have value less than or equal to ${most}`);
}

function tooFew(at: string, value: unknown): never {
  violates(at, value, "Member must have length greater than or equal to 1");
}
