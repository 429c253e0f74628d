import { diffArrays } from "diff";
import { indentingOf, indentOf } from "./indentation.ts";
import { foldTypography, keepTypography, sharedEnds, typingOf } from "./typography.ts";

/** Lines of a file that models quote almost as they are: where they are, and how an edit of the quote applies to them. */

/** What two texts may differ in and still be the same, from the strictest on. */
export const likenesses = ["exact", "trailing space", "indentation", "typography"] as const;
export type Likeness = (typeof likenesses)[number];

const folds: Record<Likeness, (line: string) => string> = {
  exact: (line) => line,
  "trailing space": (line) => line.trimEnd(),
  indentation: (line) => line.trim(),
  typography: (line) => foldTypography(line).trim(),
};

/**
 * Where a block of lines is as it is written, or else where it is by the strictest likeness that finds it anywhere. Places
 * that the loosest one finds beside these count too: which was meant is not known. Undefined when it is nowhere.
 */
export function findLines(
  lines: readonly string[],
  block: readonly string[],
): { likeness: Likeness; places: number[] } | undefined {
  if (!block.some((line) => line.trim() !== "")) return undefined;
  const exact = placesOf(lines, block, "exact");
  if (exact.length > 0) return { likeness: "exact", places: exact };
  const places = placesOf(lines, block, "typography");
  if (places.length === 0) return undefined;
  const likeness = likenesses.find((each) => placesOf(lines, block, each).length > 0) ?? "typography";
  return { likeness, places };
}

/** Whether a block is at a place, apart from spaces and typography. */
export function isLike(lines: readonly string[], block: readonly string[], at: number): boolean {
  const fold = folds.typography;
  return block.every((line, n) => fold(line) === fold(lines[at + n] ?? ""));
}

/** Whether a block stands somewhere, or at a place, exactly as it is written. */
export function standsIn(lines: readonly string[], block: readonly string[], at?: number): boolean {
  if (!block.some((line) => line.trim() !== "")) return false;
  return at === undefined
    ? placesOf(lines, block, "exact").length > 0
    : block.every((line, n) => line === lines[at + n]);
}

function placesOf(lines: readonly string[], block: readonly string[], likeness: Likeness): number[] {
  const fold = folds[likeness];
  const [folded, wanted] = [lines.map(fold), block.map(fold)];
  return folded.flatMap((_, at) => (wanted.every((line, n) => folded[at + n] === line) ? [at] : []));
}

/** What an edit makes of lines: those that it quotes, and each line of the result with the one that it was before. */
export interface LineEdit {
  quoted: readonly string[];
  origins: readonly Origin[];
}

export interface Origin {
  line: string;
  /** In the quoted lines, from 0; undefined for a new line. */
  from: number | undefined;
  /** Found by comparing the texts before and after. */
  isGuessed?: boolean;
}

/**
 * The lines from `at` on after an edit that quotes lines like them. A line that it keeps stays as the file has it; a new
 * one gets the file's indentation. Undefined when that cannot be told.
 */
export function editLines(lines: readonly string[], at: number, { quoted, origins }: LineEdit): string[] | undefined {
  const actual = lines.slice(at, at + quoted.length);
  const indenting = indentingOf(actual, { quoted, edited: origins.map(({ line }) => line) });
  const pairs = quoted.map((line, n) => [line.trim(), actual[n]?.trim() ?? ""] as const);
  const typing = typingOf(pairs, () => lines.every((line) => line === foldTypography(line)));
  if (isUnclearWhichStays(actual, quoted, origins)) return undefined;
  if (indenting === undefined && !keepsDepths(actual, quoted, origins)) return undefined;
  const isPadded = quoted.some(
    (line, n) => line.trimEnd() !== line && spaceAfter(line) !== spaceAfter(actual[n] ?? ""),
  );
  const result: string[] = [];
  for (const { line, from } of origins) {
    const before = from === undefined ? undefined : quoted[from];
    const own = from === undefined ? undefined : actual[from];
    const written = before === line ? own : rewritten(line, before, own);
    if (written === undefined) return undefined;
    result.push(written);
  }
  return result;

  function rewritten(line: string, before: string | undefined, own: string | undefined): string | undefined {
    if (before === undefined || own === undefined || before.trim() === "") return inPlace(typing.added(line));
    const typed = keepTypography(line, before, own, typing);
    const [start, end] = [indentOf, spaceAfter].map((spaceOf) => spaceOf(before) === spaceOf(line));
    return inPlace(typed, { indent: start ? indentOf(own) : undefined, after: end ? spaceAfter(own) : undefined });
  }

  /** With the file's space around it: that of the line which it was, where the edit leaves it alone. */
  function inPlace(
    line: string | undefined,
    { indent, after }: { indent?: string | undefined; after?: string | undefined } = {},
  ): string | undefined {
    if (line === undefined) return undefined;
    if (line.trim() === "") return isPadded ? "" : line;
    const ours = indent ?? indenting?.(line);
    return ours === undefined ? undefined : ours + line.trim() + (after ?? (isPadded ? "" : spaceAfter(line)));
  }
}

/** Of equal quoted lines that differ in the file, or beside a new line like one, the edit must say which it keeps. */
function isUnclearWhichStays(
  actual: readonly string[],
  quoted: readonly string[],
  origins: readonly Origin[],
): boolean {
  return origins.some(({ line, from, isGuessed }) => {
    if (isGuessed !== true || from === undefined || line !== quoted[from] || line === actual[from]) return false;
    const now = origins.filter((other) => other.line === line).length;
    return now !== quoted.filter((other) => other === line).length;
  });
}

/** Whether an edit keeps each line as deep as it was, for all that can be seen. */
function keepsDepths(actual: readonly string[], quoted: readonly string[], origins: readonly Origin[]): boolean {
  const isOneDepth = new Set(actual.filter((line) => line.trim() !== "").map(indentOf)).size < 2;
  const changed = origins.filter(({ line, from }) => from === undefined || quoted[from] !== line);
  const isInPlace = origins.length === quoted.length && origins.every(({ from }, at) => from === at);
  if (changed.length === 0) return isOneDepth || isInPlace;
  const areEdits = changed.every(({ line, from }) => isEditOf(line.trim(), quoted[from ?? -1]?.trim() ?? ""));
  return isInPlace && areEdits && (isOneDepth || changed.length === 1);
}

/** Whether a line is the other with a part of it changed, and not one in its place that may be deeper or less deep. */
function isEditOf(line: string, before: string): boolean {
  const { head, tail } = sharedEnds(line, before);
  return shapeOf(line) === shapeOf(before) && (head + tail) * 2 >= Math.max(line.length, before.length);
}

/** Whether a line opens or closes a block, from which those around it get their depth. */
function shapeOf(line: string): string {
  return [/^\s*[)\]}]/.test(line), /[([{:]\s*$/.test(line), line.trim() === ""].join();
}

function spaceAfter(line: string): string {
  return line.slice(line.trimEnd().length);
}

/** Each line of an edited text with the line that it was before, if it was any. */
export function originsOf(quoted: readonly string[], edited: readonly string[]): Origin[] {
  const changes = diffArrays([...quoted], [...edited]);
  const kept = changes.reduce((sum, { added, removed, count }) => sum + (added || removed ? 0 : count), 0);
  const inPlace = edited.filter((line, at) => line === quoted[at]).length;
  // Among equal lines the diff may pair one with another's place: [a, a] to [b, a] keeps the second.
  if (quoted.length === edited.length && inPlace >= kept)
    return edited.map((line, from) => ({ line, from, isGuessed: true }));
  const origins: Origin[] = [];
  let at = 0;
  let removed: { from: number; count: number } | undefined;
  for (const { added, removed: isRemoved, value, count } of changes) {
    const from = added ? (removed?.count === count ? removed.from : undefined) : at;
    removed = isRemoved ? { from: at, count } : undefined;
    const originOf = (n: number) => ({ from: from === undefined ? undefined : from + n, isGuessed: true });
    if (!isRemoved) origins.push(...value.map((line, n) => ({ line, ...originOf(n) })));
    if (!added) at += count;
  }
  return origins;
}
