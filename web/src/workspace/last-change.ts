import type { Block, ToolChange } from "@slipway/contract/run";

/** A change by the agent, as its answer tells of it. */
export interface AgentChange {
  /** The tool call that made it. */
  block: string;
  path: string;
  /** The first line that differs, from 1. */
  line: number;
}

/** The newest change of a file that is still there. What commands write, such as a lock file, nobody wants to read. */
export function lastChange(blocks: readonly Block[]): AgentChange | undefined {
  for (const block of blocks.toReversed()) {
    if (block.type !== "tool" || block.tool === "run_command" || block.result?.state !== "completed") continue;
    const change = block.result.changes.findLast(({ op }) => op !== "deleted");
    if (change) return { block: block.id, path: change.path, line: changedLine(change) };
  }
  return undefined;
}

/** Where a unified diff first differs, in the new text. */
function changedLine({ diff = "" }: ToolChange): number {
  const lines = diff.split("\n");
  const at = lines.findIndex((line) => line.startsWith("@@"));
  const start = Number(/\+(\d+)/.exec(lines[at] ?? "")?.[1] ?? 1);
  const before = lines.slice(at + 1).findIndex((line) => !line.startsWith(" "));
  return Math.max(1, start + Math.max(0, before));
}
