import type { Block, ToolChange } from "@slipway/contract/run";
import { text } from "#text/agent.ts";

/** Its calls are cards of their own: how a command ended is what people look for. */
export const commandTool = "run_command";
export const todoTool = "update_todos";

export type ToolBlock = Extract<Block, { type: "tool" }>;

/** The subject of a tool call, for its card: a path, command, pattern or URL. */
export function subjectOf(input: unknown): string {
  if (typeof input !== "object" || input === null) return "";
  const fields = input as Record<string, unknown>;
  if (typeof fields.path === "string")
    return typeof fields.newPath === "string" ? `${fields.path} → ${fields.newPath}` : fields.path;
  if (Array.isArray(fields.paths)) return fields.paths.slice(0, 3).join(", ") + (fields.paths.length > 3 ? " …" : "");
  return (
    [fields.command, fields.pattern, fields.url, fields.question]
      .find((field) => typeof field === "string")
      ?.toString() ?? ""
  );
}

/** What people read of a result without changes. Until 0.1 the output was written for the model. */
export function outcomeOf({ state, output }: NonNullable<ToolBlock["result"]>): string {
  const isForModel = /^(?:Error|Denied): /.test(output);
  if (state === "denied" && isForModel) return text.deniedAbout;
  if (state === "unknown" && isForModel) return text.unknownAbout;
  if (state !== "failed" || !isForModel) return output;
  const [reason = ""] = output.replace(/^Error:\s*/, "").split("\n");
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}

/** "Created 8 files · 2 other steps": what several finished calls did. */
export function summaryOf(blocks: readonly ToolBlock[]): string {
  const paths: Record<ToolChange["op"], Set<string>> = {
    created: new Set(),
    edited: new Set(),
    deleted: new Set(),
    moved: new Set(),
  };
  let others = 0;
  let failed = 0;
  for (const { result } of blocks) {
    if (result?.state === "failed") failed++;
    else if (!result?.changes.length) others++;
    // A file that was created and then edited was created.
    for (const { op, path } of result?.changes ?? [])
      if (op !== "edited" || !paths.created.has(path)) paths[op].add(path);
  }
  const parts = (["created", "edited", "moved", "deleted"] as const).flatMap((op) =>
    paths[op].size > 0 ? [text.did[op](paths[op].size)] : [],
  );
  if (others > 0) parts.push(parts.length > 0 ? text.did.other(others) : text.did.steps(others));
  if (failed > 0) parts.push(text.did.failed(failed));
  return parts.join(" · ");
}

/** A part of an answer: one block, or the calls of tools that follow one another. Named by its first block. */
export interface Part {
  key: string;
  blocks: Block[];
}

/** Tools with cards of their own. */
const alone = new Set([commandTool, todoTool]);

export function partsOf(blocks: readonly Block[]): Part[] {
  const parts: Part[] = [];
  for (const block of blocks) {
    const last = parts.at(-1);
    const first = last?.blocks[0];
    const isGrouped = block.type === "tool" && !alone.has(block.tool);
    if (isGrouped && first?.type === "tool" && !alone.has(first.tool)) last?.blocks.push(block);
    else parts.push({ key: block.id, blocks: [block] });
  }
  return parts;
}
