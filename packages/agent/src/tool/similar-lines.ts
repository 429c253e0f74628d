import { diffArrays } from "diff";
import { indentingOf, indentOf } from "./indentation.ts";
import { foldTypography, keepTypography, typingOf } from "./typography.ts";

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

/** Where a block of lines is, by the strictest likeness with which it is anywhere. Undefined when it is nowhere. */
export function findLines(
  lines: readonly string[],
  block: readonly string[],
): { likeness: Likeness; places: number[] } | undefined {
  if (!block.some((line) => line.trim() !== "")) return undefined;
  for (const likeness of likenesses) {
    const fold = folds[likeness];
    const [folded, wanted] = [lines.map(fold), block.map(fold)];
    const places = folded.flatMap((_, at) => (wanted.every((line, n) => folded[at + n] === line) ? [at] : []));
    if (places.length > 0) return { likeness, places };
  }
  return undefined;
}

/**
 * The lines of the file after the edit that turns `quoted` into `edited`. A line that the edit keeps stays as the file
 * has it; a new one gets the file's indentation. Undefined when that cannot be told.
 */
export function editLines(
  actual: readonly string[],
  { quoted, edited }: { quoted: readonly string[]; edited: readonly string[] },
): string[] | undefined {
  const indenting = indentingOf(actual, { quoted, edited });
  const typing = typingOf(quoted.map((line, at) => [line.trim(), actual[at]?.trim() ?? ""] as const));
  const origins = originsOf(quoted, edited);
  if (indenting === undefined && !keepsDepths(actual, quoted, origins)) return undefined;
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
    if (before === undefined || own === undefined || before.trim() === "") return inPlace(typing(line));
    const typed = keepTypography(line, before, own, typing);
    const [start, end] = [indentOf, spaceAfter].map((spaceOf) => spaceOf(before) === spaceOf(line));
    return inPlace(typed, { indent: start ? indentOf(own) : undefined, after: end ? spaceAfter(own) : undefined });
  }

  /** With the file's space around it: that of the line which it was, where the edit leaves it alone. */
  function inPlace(
    line: string | undefined,
    { indent, after }: { indent?: string | undefined; after?: string | undefined } = {},
  ): string | undefined {
    if (line === undefined || line.trim() === "") return line;
    const ours = indent ?? indenting?.(indentOf(line));
    return ours === undefined ? undefined : ours + line.trim() + (after ?? spaceAfter(line));
  }
}

type Origin = { line: string; from: number | undefined };

/** Whether an edit keeps each line as deep as it was, for all that can be seen. */
function keepsDepths(actual: readonly string[], quoted: readonly string[], origins: readonly Origin[]): boolean {
  const isOneDepth = new Set(actual.filter((line) => line.trim() !== "").map(indentOf)).size < 2;
  const changed = origins.filter(({ line, from }) => from === undefined || quoted[from] !== line);
  const isInPlace = origins.length === quoted.length && origins.every(({ from }, at) => from === at);
  if (changed.length === 0) return isOneDepth || isInPlace;
  const haveShape = changed.every(({ line, from }) => shapeOf(line) === shapeOf(quoted[from ?? -1] ?? ""));
  return isInPlace && haveShape && (isOneDepth || changed.length === 1);
}

/** Whether a line opens or closes a block, from which those around it get their depth. */
function shapeOf(line: string): string {
  return [/^\s*[)\]}]/.test(line), /[([{:]\s*$/.test(line), line.trim() === ""].join();
}

function spaceAfter(line: string): string {
  return line.slice(line.trimEnd().length);
}

/** Each line of an edit with the line that it was before, if it was any. */
function originsOf(quoted: readonly string[], edited: readonly string[]): Origin[] {
  const changes = diffArrays([...quoted], [...edited]);
  const kept = changes.reduce((sum, { added, removed, count }) => sum + (added || removed ? 0 : count), 0);
  const inPlace = edited.filter((line, at) => line === quoted[at]).length;
  // Among equal lines the diff may pair one with another's place: [a, a] to [b, a] keeps the second.
  if (quoted.length === edited.length && inPlace >= kept) return edited.map((line, from) => ({ line, from }));
  const origins: Origin[] = [];
  let at = 0;
  let removed: { from: number; count: number } | undefined;
  for (const { added, removed: isRemoved, value, count } of changes) {
    const from = added ? (removed?.count === count ? removed.from : undefined) : at;
    removed = isRemoved ? { from: at, count } : undefined;
    if (!isRemoved) origins.push(...value.map((line, n) => ({ line, from: from === undefined ? from : from + n })));
    if (!added) at += count;
  }
  return origins;
}
