import type { ToolChange } from "@slipway/contract/run";

/** Characters of all diffs of one call. */
const maxDiffs = 200_000;

/** Drops the diffs that do not fit, and keeps every path. */
export function boundChanges(changes: readonly ToolChange[]): ToolChange[] {
  let left = maxDiffs;
  return changes.map(({ diff, ...change }) => {
    if (diff === undefined || diff.length > left) return change;
    left -= diff.length;
    return { ...change, diff };
  });
}
