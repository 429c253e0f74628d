import { VisibleError } from "@slipway/contract/error";
import { maxChanges, type FoundFile, type FoundLine, type SearchQuery } from "@slipway/contract/file";
import picomatch from "picomatch";
import { RE2JS, RE2JSException } from "re2js";
import { now } from "../clock/clock.ts";
import type { Change, Meta } from "./commit.ts";
import { loadTexts } from "./content.ts";
import { MetaEntity } from "./file.entity.ts";

/** Search and replace over a project, a page of files at a time: each page costs what it reads, and shows at once. */

/** Of one page; whichever is reached first ends it. */
const pageFiles = 500;
const pageHits = 300;
const pageBytes = 8 * 1024 * 1024;
const pageMilliseconds = 1500;
const batch = 100;
const maxTextSize = 2 * 1024 * 1024;
const maxHitsInFile = 100;
/** Characters of a line that are shown, and how many of them before the match. */
const maxLine = 240;
const beforeMatch = 60;

export interface FoundPage {
  files: FoundFile[];
  searched: number;
  /** Path to go on after; absent at the end. */
  cursor?: string;
}

/** @throws VisibleError invalid_input for what is no expression */
export async function findPage(
  projectID: string,
  gen: number,
  query: SearchQuery & { replacement?: string | undefined; cursor?: string | undefined },
): Promise<FoundPage> {
  const pattern = compile(query);
  const isWanted = filter(query);
  const replacement =
    query.replacement === undefined ? undefined : replacementOf({ ...query, replacement: query.replacement });
  const began = now();
  const files: FoundFile[] = [];
  let { cursor } = query;
  let [searched, hits, bytes] = [0, 0, 0];
  for (;;) {
    const keys = MetaEntity.query.byPath({ projectID, gen });
    const { data } = await (cursor === undefined ? keys : keys.gt({ path: cursor })).go({ limit: batch, pages: 1 });
    const texts = data.filter(({ kind, size, path }) => kind === "text" && size <= maxTextSize && isWanted(path));
    const contents = await loadTexts(projectID, texts);
    for (const meta of texts) {
      const lines = findIn(contents.get(meta.hash) ?? "", pattern, replacement);
      if (lines.length > 0) files.push({ path: meta.path, rev: meta.rev, lines });
      hits += lines.length;
      bytes += meta.size;
    }
    searched += data.length;
    cursor = data.at(-1)?.path;
    if (data.length < batch || cursor === undefined) return { files, searched };
    const isFull = searched >= pageFiles || hits >= pageHits || bytes >= pageBytes || now() - began > pageMilliseconds;
    if (isFull) return { files, searched, cursor };
  }
}

/** Every match of some files, replaced: the changes of one commit, which each still need the file as it was found. */
export async function replaceChanges(
  projectID: string,
  metas: readonly Meta[],
  query: SearchQuery & { replacement: string },
): Promise<{ changes: Change[]; replaced: number }> {
  const pattern = compile(query);
  const contents = await loadTexts(projectID, metas);
  const changes: Change[] = [];
  let replaced = 0;
  for (const meta of metas.slice(0, maxChanges)) {
    const before = contents.get(meta.hash) ?? "";
    const matcher = pattern.matcher(before);
    let count = 0;
    while (matcher.find()) if (matcher.end() > matcher.start()) count++;
    if (count === 0) continue;
    // Line by line, as it was found: an expression does not see the next line.
    const content = before
      .split("\n")
      .map((line) => pattern.matcher(line).replaceAll(replacementOf(query)))
      .join("\n");
    if (content === before) continue;
    replaced += count;
    changes.push({ op: "put", path: meta.path, content, rev: meta.rev });
  }
  return { changes, replaced };
}

function findIn(content: string, pattern: RE2JS, replacement: string | undefined): FoundLine[] {
  const found: FoundLine[] = [];
  for (const [index, line] of content.split("\n").entries()) {
    const matcher = pattern.matcher(line);
    while (matcher.find()) {
      const [start, end] = [matcher.start(), matcher.end()];
      if (end === start) continue;
      const from = line.length <= maxLine ? 0 : Math.max(0, start - beforeMatch);
      const text = line.slice(from, from + maxLine);
      found.push({
        line: index + 1,
        column: start,
        length: end - start,
        text,
        at: start - from,
        ...(replacement === undefined
          ? {}
          : { replacement: pattern.matcher(line.slice(start, end)).replaceFirst(replacement) }),
      });
      if (found.length >= maxHitsInFile) return found;
    }
  }
  return found;
}

function compile({ query, isRegex, caseSensitive, wholeWord }: SearchQuery): RE2JS {
  const source = isRegex ? query : RE2JS.quote(query);
  try {
    return RE2JS.compile(wholeWord ? `\\b(?:${source})\\b` : source, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new VisibleError("invalid_input", `"${query}" is not a regular expression: ${error.message}`, {}, error);
  }
}

/** `$1` and `$&` mean something in an expression's replacement alone. */
function replacementOf({ isRegex, replacement }: SearchQuery & { replacement: string }): string {
  return isRegex ? replacement : RE2JS.quoteReplacement(replacement);
}

/** "*.ts, docs" → files of that name anywhere, and everything in a folder of that name. */
function filter({ include, exclude }: SearchQuery): (path: string) => boolean {
  const [wanted, unwanted] = [globs(include), globs(exclude)];
  return (path) => (wanted === undefined || wanted(path)) && !(unwanted?.(path) ?? false);
}

function globs(text: string | undefined): ((path: string) => boolean) | undefined {
  const patterns = (text ?? "")
    .split(",")
    .map((each) => each.trim().replace(/^\.?\/+|\/+$/g, ""))
    .filter((each) => each !== "")
    .flatMap((each) => {
      const anywhere = each.includes("/") ? each : `**/${each}`;
      return [anywhere, `${anywhere}/**`];
    });
  if (patterns.length === 0) return undefined;
  return picomatch(patterns, { dot: true, noextglob: true, nonegate: true });
}
