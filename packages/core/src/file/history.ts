import { VisibleError } from "@slipway/contract/error";
import { maxInlineBytes, type FileVersion } from "@slipway/contract/file";
import { loadText } from "./content.ts";
import { LogEntity, type LogEntry } from "./file.entity.ts";
import { parseWriter } from "./writer.ts";

/** Versions of one page, and commits that are read for it: up to 125 RRU per 500 of them. */
const maxVersions = 50;
const pageCommits = 500;
const maxPages = 6;

/**
 * Versions of a file from the log, newest first, under the names that it had. `next` leads to older ones; the log may hold
 * none of this file there.
 */
export async function versionsOf(
  projectID: string,
  path: string,
  before = Number.MAX_SAFE_INTEGER,
): Promise<{ versions: FileVersion[]; next?: { before: number; path: string } }> {
  const versions: FileVersion[] = [];
  let [name, at] = [path, before];
  for (let page = 0; page < maxPages; page++) {
    const { data, cursor } = await LogEntity.query
      .byRev({ projectID })
      .lt({ rev: at })
      .go({ limit: pageCommits, order: "desc", consistent: true });
    for (const row of data) {
      at = row.rev;
      const entry = (row.entries as LogEntry[]).find((each) => each.path === name && each.op === "put");
      if (entry?.kind === "text" && entry.hash !== undefined)
        versions.push({
          rev: row.rev,
          at: row.at,
          writer: parseWriter(row.writer),
          path: name,
          size: entry.size ?? 0,
        });
      if (entry?.from !== undefined) name = entry.from;
      if (versions.length >= maxVersions) return { versions, next: { before: at, path: name } };
    }
    if (cursor === null) return { versions };
  }
  return { versions, next: { before: at, path: name } };
}

/** @throws VisibleError not_found; payload_too_large past what a reply holds */
export async function textAt(projectID: string, path: string, rev: number): Promise<string> {
  const { data } = await LogEntity.get({ projectID, rev }).go({ consistent: true });
  const entry = (data?.entries as LogEntry[] | undefined)?.find((each) => each.path === path && each.op === "put");
  if (entry?.hash === undefined || entry.storage === undefined || entry.kind !== "text")
    throw new VisibleError("not_found", `There is no version ${rev} of "${path}".`, { path });
  if ((entry.size ?? 0) > maxInlineBytes)
    throw new VisibleError("payload_too_large", `Version ${rev} of "${path}" is larger than 4 MB.`, { path });
  return loadText(projectID, { hash: entry.hash, storage: entry.storage, kind: entry.kind });
}
