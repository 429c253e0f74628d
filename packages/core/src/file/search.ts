import { headOf, tailOf } from "@slipway/contract/cut";
import type { FoundFile, FoundLine, IncompleteFile, SearchQuery } from "@slipway/contract/file";
import * as Budget from "../budget/budget.ts";
import type { Meta } from "./plan.ts";
import { loadTexts } from "./content.ts";
import { MetaEntity } from "./file.entity.ts";
import { compileGlobs, compilePattern, linesOf, type Pattern } from "./pattern.ts";
import { expand, templateOf, type Template } from "./template.ts";

/** Search over a project: the one engine behind the search panel, page by page, and the agent's `search_files`. */

/** The first of these that is reached ends the page. */
export interface SearchLimits {
  files: number;
  hits: number;
  bytes: number;
  milliseconds: number;
}
/** One request of the search panel. */
export const pageLimits: SearchLimits = { files: 500, hits: 300, bytes: 8 * 1024 * 1024, milliseconds: 1000 };
/** One call of the agent's tool. */
export const toolLimits: SearchLimits = { files: 10_000, hits: 200, bytes: 32 * 1024 * 1024, milliseconds: 8000 };

/** Of one file: with a page's own limit, a request ends within about 1.5 s. */
const fileMilliseconds = 500;
const maxHitsInFile = 100;
const maxTextSize = 2 * 1024 * 1024;
/** Rows of a query, and bytes of contents held at a time. */
const batch = 100;
const batchBytes = 4 * 1024 * 1024;
/** Characters of a line that are shown, and how many of them before the match. */
const maxShown = 240;
const beforeMatch = 60;

export type SearchOptions = Omit<SearchQuery, "isRegex" | "caseSensitive" | "wholeWord"> & {
  isRegex?: boolean;
  caseSensitive?: boolean;
  wholeWord?: boolean;
  replacement?: string | undefined;
  /** Match names instead of contents: the files found have no lines. */
  names?: boolean;
  /** Only below this folder, or in this file. */
  below?: string | undefined;
  /** Only paths after this one. */
  after?: string | undefined;
  signal?: AbortSignal | undefined;
};

export interface SearchPage {
  files: FoundFile[];
  /** Files that were looked at, of any kind. */
  searched: number;
  /** Files of which only a part was searched, or nothing. */
  incomplete: IncompleteFile[];
  /** Last path that was searched; absent at the end of the project. */
  next?: string;
}

/** @throws VisibleError invalid_input for a pattern that is none or too complex; the signal's reason once it is aborted */
export async function searchPage(
  projectID: string,
  gen: number,
  options: SearchOptions,
  limits: SearchLimits,
): Promise<SearchPage> {
  const pattern = await compilePattern(options);
  const template =
    options.replacement === undefined
      ? undefined
      : templateOf(pattern.expression, options.replacement, options.isRegex === true);
  const isWanted = await filterOf(options);
  const budget = Budget.start(limits.milliseconds, options.signal);
  const page: SearchPage = { files: [], searched: 0, incomplete: [] };
  let [hits, bytes] = [0, 0];
  let last = options.after;
  for (;;) {
    const { metas, isEnd } = await nextMetas(projectID, gen, options.below, last);
    const isFull = () =>
      page.searched >= limits.files || hits >= limits.hits || bytes >= limits.bytes || budget.isSpent();
    for (const part of partsOf(metas, (meta) => options.names !== true && isSearched(meta) && isWanted(meta.path))) {
      const contents = await loadTexts(projectID, part.texts);
      for (const meta of part.metas) {
        last = meta.path;
        page.searched++;
        if (!isWanted(meta.path) || meta.kind === "folder") continue;
        if (options.names === true) {
          if (!pattern.expression.test(meta.path)) continue;
          page.files.push({ path: meta.path, rev: meta.rev, lines: [] });
          hits++;
          continue;
        }
        if (meta.kind !== "text") continue;
        if (!isSearched(meta)) {
          page.incomplete.push({ path: meta.path, reason: "too_large" });
          continue;
        }
        const { lines, cut } = await searchText(contents.get(meta.hash) ?? "", { pattern, template, budget });
        if (lines.length > 0) page.files.push({ path: meta.path, rev: meta.rev, lines });
        if (cut !== undefined) page.incomplete.push({ path: meta.path, reason: cut });
        hits += lines.length;
        bytes += meta.size;
        if (isFull()) return isEnd && last === metas.at(-1)?.path ? page : { ...page, next: last };
      }
      if (budget.isDue()) await budget.yieldTurn();
    }
    if (isEnd) return page;
    if (isFull() && last !== undefined) return { ...page, next: last };
  }
}

interface LineSearch {
  pattern: Pattern;
  template: Template | undefined;
  budget: Budget.Budget;
}

/** Line by line; the clock is checked at each line and each match. */
async function searchText(
  content: string,
  { pattern, template, budget }: LineSearch,
): Promise<{ lines: FoundLine[]; cut?: IncompleteFile["reason"] }> {
  const own = Budget.start(fileMilliseconds);
  const found: FoundLine[] = [];
  let cut: IncompleteFile["reason"] | undefined;
  let number = 0;
  for (const whole of linesOf(content)) {
    number++;
    if (own.isSpent()) return { lines: found, cut: "out_of_time" };
    if (budget.isDue()) await budget.yieldTurn();
    const line = headOf(whole, pattern.maxLine);
    if (line.length < whole.length) cut = "long_line";
    if (!pattern.expression.test(line)) continue;
    const matcher = pattern.expression.matcher(line);
    while (matcher.find()) {
      if (own.isSpent()) return { lines: found, cut: "out_of_time" };
      const [start, end] = [matcher.start(), matcher.end()];
      if (end === start) continue;
      if (found.length >= maxHitsInFile) return { lines: found, cut: "too_many_matches" };
      const from = line.length <= maxShown ? 0 : start - tailOf(line.slice(0, start), beforeMatch).length;
      found.push({
        line: number,
        column: start,
        length: end - start,
        text: headOf(line.slice(from), maxShown),
        at: start - from,
        ...(template === undefined ? {} : { replacement: expand(template, matcher, maxShown) }),
      });
    }
  }
  return cut === undefined ? { lines: found } : { lines: found, cut };
}

function isSearched({ kind, size }: Meta): boolean {
  return kind === "text" && size <= maxTextSize;
}

/** The next rows by path. All paths that begin with a folder's are contiguous. */
async function nextMetas(
  projectID: string,
  gen: number,
  below: string | undefined,
  after: string | undefined,
): Promise<{ metas: Meta[]; isEnd: boolean }> {
  const keys = MetaEntity.query.byPath({ projectID, gen });
  const from =
    after === undefined ? (below === undefined ? keys : keys.gte({ path: below })) : keys.gt({ path: after });
  const { data } = await from.go({ limit: batch, pages: 1, consistent: true });
  const metas = below === undefined ? data : data.filter(({ path }) => path.startsWith(below));
  return { metas, isEnd: data.length < batch || metas.length < data.length };
}

/** Cuts rows into parts whose texts fit into memory together. */
function* partsOf(
  metas: readonly Meta[],
  isRead: (meta: Meta) => boolean,
): Generator<{ metas: Meta[]; texts: Meta[] }> {
  let part: { metas: Meta[]; texts: Meta[] } = { metas: [], texts: [] };
  let bytes = 0;
  for (const meta of metas) {
    part.metas.push(meta);
    if (!isRead(meta)) continue;
    part.texts.push(meta);
    bytes += meta.size;
    if (bytes < batchBytes) continue;
    yield part;
    part = { metas: [], texts: [] };
    bytes = 0;
  }
  yield part;
}

async function filterOf({ include, exclude, below }: SearchOptions): Promise<(path: string) => boolean> {
  const [wanted, unwanted] = await Promise.all([compileGlobs(include), compileGlobs(exclude)]);
  return (path) =>
    (below === undefined || path === below || path.startsWith(`${below}/`)) &&
    (wanted === undefined || wanted(path)) &&
    !(unwanted?.(path) ?? false);
}
