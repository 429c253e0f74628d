import { headOf } from "@slipway/contract/cut";
import type { Block, ToolChange } from "@slipway/contract/run";

/** An answer as a conversation stores it: at most about 1.5 MB of JSON, so that every page of messages can be read. */

const maxLength = 1_500_000;
/** Characters that are left of each cut text. */
const headLength = 4000;

/** Cuts the longest texts, inputs and diffs first, until the rest fits. The run's events keep everything. */
export function fitBlocks(blocks: readonly Block[]): Block[] {
  const fitted = [...blocks];
  let length = lengthOf(fitted);
  if (length <= maxLength) return fitted;
  const bySize = fitted.map((block, index) => ({ index, length: lengthOf(block) })).sort((a, b) => b.length - a.length);
  for (const { index, length: before } of bySize) {
    const block = fitted[index];
    if (length <= maxLength || block === undefined) break;
    const shorter = cut(block);
    fitted[index] = shorter;
    length -= before - lengthOf(shorter);
  }
  // Thousands of short blocks: the last ones tell how it ended.
  while (length > maxLength && fitted.length > 1) length -= lengthOf(fitted.shift());
  return fitted;
}

function cut(block: Block): Block {
  if (block.type !== "tool") return { ...block, text: cutText(block.text) };
  const { result } = block;
  return {
    ...block,
    input: lengthOf(block.input) > headLength ? cutInput(block.input) : block.input,
    ...(result ? { result: { ...result, changes: result.changes.slice(0, 100).map(withoutDiff) } } : {}),
  };
}

function withoutDiff({ path, op, from }: ToolChange): ToolChange {
  return { path, op, ...(from === undefined ? {} : { from }) };
}

/** What a card's heading names is kept. */
function cutInput(input: unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return {};
  return Object.fromEntries(
    Object.entries(input)
      .slice(0, 20)
      .map(([name, value]) => [
        name,
        typeof value === "string" ? cutText(value) : lengthOf(value) < 1000 ? value : "[cut]",
      ]),
  );
}

function cutText(text: string): string {
  return text.length > headLength
    ? `${headOf(text, headLength)}\n\n[cut at ${headLength} of ${text.length} characters]`
    : text;
}

function lengthOf(value: unknown): number {
  return JSON.stringify(value ?? null).length;
}
