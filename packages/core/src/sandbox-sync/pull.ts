import { VisibleError } from "@slipway/contract/error";
import { Revision } from "@slipway/contract/id";
import type { PullLine } from "@slipway/contract/routes/sandbox-sync";
import { z } from "zod";
import * as Cursor from "../cursor/cursor.ts";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import type { Access } from "./access.ts";
import { contentsOf, toEntry } from "./entry.ts";

/** A page's bytes of lines, of Lambda's 6 MB. */
const pageBytes = 3 * 1024 * 1024;
/** Files whose contents are read at once, as many as one request to the table takes. */
const together = 100;

const cursors = Cursor.define("sandbox-sync", z.object({ rev: Revision, gen: Revision, after: z.string().max(1000) }));

/**
 * What has changed after a revision, or everything. In pages, by path: a change that is made in between is after the first
 * page's revision, and so in the next pull.
 * @throws VisibleError reload_required when the files were replaced between two pages
 */
export async function pull(
  { actor, projectID }: Access,
  { since, gen, cursor }: { since: number; gen: number; cursor?: string | undefined },
): Promise<PullLine[]> {
  const page = cursors.decode(cursor);
  const changes = await File.changesSince(actor, projectID, since, since === 0 ? undefined : gen);
  if (page !== undefined && page.gen !== changes.gen)
    throw new VisibleError("reload_required", "The project's files have been replaced. Begin again.");
  const isWhole = since === 0 || changes.reload;
  const rev = page?.rev ?? changes.rev;
  const metas = isWhole
    ? (await FileStore.allMetas(projectID)).metas
    : [...(await FileStore.versionsAt(projectID, changes.gen, pathsOf(changes.commits))).values()];
  const byPath = new Map(metas.map((meta) => [meta.path, meta]));
  const paths = (isWhole ? [...byPath.keys()] : pathsOf(changes.commits)).filter((path) => path > (page?.after ?? ""));
  paths.sort((one, other) => (one < other ? -1 : 1));

  const lines: PullLine[] = [{ type: "head", rev, gen: changes.gen, isWhole }];
  let sent = 0;
  for (let at = 0; at < paths.length; at += together) {
    const part = paths.slice(at, at + together);
    const contents = await contentsOf(
      projectID,
      part.flatMap((path) => byPath.get(path) ?? []),
    );
    for (const path of part) {
      const entry = await toEntry(projectID, path, byPath.get(path), contents);
      if (entry === undefined) continue;
      lines.push(entry);
      sent += JSON.stringify(entry).length;
      if (sent <= pageBytes || path === paths.at(-1)) continue;
      lines.push({ type: "end", next: cursors.encode({ rev, gen: changes.gen, after: path }) });
      return lines;
    }
  }
  lines.push({ type: "end" });
  return lines;
}

function pathsOf(commits: readonly { changes: readonly { path: string }[] }[]): string[] {
  return [...new Set(commits.flatMap(({ changes }) => changes.map(({ path }) => path)))];
}
