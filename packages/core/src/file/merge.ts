import { VisibleError } from "@slipway/contract/error";
import type { FileChange } from "@slipway/contract/file";
import { loadText } from "./content.ts";
import { LogEntity, type LogEntry } from "./file.entity.ts";
import { mergeTexts } from "@slipway/contract/merge-texts";
import type { Change } from "./plan.ts";
import { rowAt } from "./tree.ts";

/** Merging on the server, so that many people can write to one file without each having to win a race. */

type MergeChange = Extract<Change, { op: "merge" }>;

/**
 * Turns a merge into a put: the text as sent when nobody has written since its `rev`, else a three-way merge with the
 * current text. Three reads when it has changed.
 * @throws VisibleError stale_revision where both changed the same lines, or what was read is gone
 */
export async function toPut(
  projectID: string,
  gen: number,
  { path, content, rev }: MergeChange,
): Promise<Extract<FileChange, { op: "put" }>> {
  const row = await rowAt(projectID, gen, path);
  const asSent = { op: "put" as const, path, content, rev };
  if (row === undefined || row.rev === rev || row.kind !== "text") return asSent;
  const base = await versionAt(projectID, path, rev);
  if (base === undefined) return asSent;
  const [before, theirs] = await Promise.all([loadText(projectID, base), loadText(projectID, row)]);
  const merged = mergeTexts(before, content, theirs);
  if (merged === undefined)
    throw new VisibleError("stale_revision", `"${path}" has changed since it was read, in the same lines.`, {
      path,
      current: { path, kind: row.kind, size: row.size, rev: row.rev },
    });
  return { ...asSent, content: merged, rev: row.rev };
}

/** What a path held from a revision on: its ETag is the revision of the commit that wrote it. */
async function versionAt(projectID: string, path: string, rev: number) {
  const { data } = await LogEntity.get({ projectID, rev }).go({ consistent: true });
  const entry = (data?.entries as LogEntry[] | undefined)?.find((each) => each.path === path && each.op === "put");
  if (!entry?.hash || entry.kind !== "text" || !entry.storage) return undefined;
  return { hash: entry.hash, kind: entry.kind, storage: entry.storage };
}
