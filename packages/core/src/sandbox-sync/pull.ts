import { VisibleError } from "@slipway/contract/error";
import { Revision } from "@slipway/contract/id";
import type { PullLine } from "@slipway/contract/routes/sandbox-sync";
import { z } from "zod";
import * as Cursor from "../cursor/cursor.ts";
import * as File from "../file/file.ts";
import type { Meta } from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import type { Access } from "./access.ts";
import { contentsOf, toEntry } from "./entry.ts";

/** A page's bytes of lines, of Lambda's 6 MB. */
const pageBytes = 3 * 1024 * 1024;
/** Files whose contents are read at once, as many as one request to the table takes. */
const together = 100;

/** Rows that are read at once, of a whole project. */
const rowsTogether = 1000;

const cursors = Cursor.define(
  "sandbox-sync",
  z.object({ rev: Revision, gen: Revision, after: z.string().max(1000), isWhole: z.boolean() }),
);

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
  // A whole project needs no log: each page reads its own rows alone.
  const isKnown = since === 0 || page?.isWhole === true;
  const at = isKnown ? await FileStore.head(projectID) : await File.changesSince(actor, projectID, since, gen);
  if (page !== undefined && page.gen !== at.gen)
    throw new VisibleError("reload_required", "The project's files have been replaced. Begin again.");
  const isWhole = isKnown || ("reload" in at && at.reload);
  const rev = page?.rev ?? at.rev;
  const after = page?.after ?? "";
  const lines: PullLine[] = [{ type: "head", rev, gen: at.gen, isWhole }];
  let sent = 0;
  for await (const part of isWhole
    ? allRows(projectID, at.gen, after)
    : changedRows(projectID, at.gen, "commits" in at ? pathsOf(at.commits) : [], after)) {
    const contents = await contentsOf(
      projectID,
      part.flatMap(({ meta }) => meta ?? []),
    );
    for (const { path, meta } of part) {
      const entry = await toEntry(projectID, path, meta, contents);
      if (entry === undefined) continue;
      lines.push(entry);
      sent += JSON.stringify(entry).length;
      if (sent <= pageBytes) continue;
      lines.push({ type: "end", next: cursors.encode({ rev, gen: at.gen, after: path, isWhole }) });
      return lines;
    }
  }
  lines.push({ type: "end" });
  return lines;
}

interface Row {
  path: string;
  meta: Meta | undefined;
}

/** In the table's order. */
async function* allRows(projectID: string, gen: number, after: string): AsyncGenerator<Row[], void> {
  for (let last = after; ;) {
    const metas = await FileStore.metasAfter(projectID, gen, last, rowsTogether);
    for (let at = 0; at < metas.length; at += together)
      yield metas.slice(at, at + together).map((meta) => ({ path: meta.path, meta }));
    if (metas.length < rowsTogether) return;
    last = metas.at(-1)?.path ?? last;
  }
}

async function* changedRows(
  projectID: string,
  gen: number,
  changed: readonly string[],
  after: string,
): AsyncGenerator<Row[], void> {
  const paths = changed.filter((path) => path > after).toSorted((one, other) => (one < other ? -1 : 1));
  for (let at = 0; at < paths.length; at += together) {
    const part = paths.slice(at, at + together);
    const metas = await FileStore.versionsAt(projectID, gen, part);
    yield part.map((path) => ({ path, meta: metas.get(path) }));
  }
}

function pathsOf(commits: readonly { changes: readonly { path: string }[] }[]): string[] {
  return [...new Set(commits.flatMap(({ changes }) => changes.map(({ path }) => path)))];
}
