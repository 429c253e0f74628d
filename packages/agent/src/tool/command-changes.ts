import type { ToolChange } from "@slipway/contract/run";
import * as FileStore from "@slipway/core/file/system";
import { boundChanges } from "./bound-changes.ts";
import type { ToolContext } from "./tool.ts";
import { diffOf } from "./write.ts";

/** Files whose difference a card shows, and the largest of them. */
const maxDiffs = 20;
const maxSize = 200_000;
const maxChanges = 200;

/** What the run has changed since a revision, for its card. `rev` is undefined when that is nothing. */
export async function changedSince(
  since: number,
  { projectID, actor }: ToolContext,
): Promise<{ rev: number | undefined; changes: ToolChange[] }> {
  const { rev } = await FileStore.head(projectID);
  if (rev === since || actor.runID === undefined) return { rev: undefined, changes: [] };
  const writer = { kind: "run" as const, id: actor.runID };
  const paths = await FileStore.pathsChangedBy(projectID, { from: since, to: rev, writer });
  const changes: ToolChange[] = [];
  for (const { path, before, after } of paths.slice(0, maxChanges)) {
    if (before === undefined && after === undefined) continue;
    const op = before === undefined ? "created" : after === undefined ? "deleted" : "edited";
    const isShown =
      changes.length < maxDiffs &&
      [before, after].every((version) => version === undefined || (version.kind === "text" && version.size <= maxSize));
    const text = async (version: typeof before) =>
      version === undefined ? "" : FileStore.textOf(projectID, version).catch(() => "");
    changes.push({
      path,
      op,
      ...(isShown ? { diff: diffOf(path, await text(before), await text(after)) } : {}),
    });
  }
  return { rev: changes.length > 0 ? rev : undefined, changes: boundChanges(changes) };
}
