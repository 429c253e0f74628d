import { diffArrays } from "diff";

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

/** Quotes, dashes and spaces as a keyboard has them. Every character stays one, so positions are the same in both. */
export function foldTypography(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201A\u201B\u2032]/g, "'")
    .replace(/[\u201C\u201D\u201E\u201F\u2033]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u00A0\u2002-\u200A\u202F\u205F\u3000]/g, " ");
}

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
  const indent = indenting(actual, quoted);
  const result: (string | undefined)[] = [];
  for (const { line, from } of originsOf(quoted, edited)) {
    const before = from === undefined ? undefined : quoted[from];
    const own = from === undefined ? undefined : actual[from];
    if (before === undefined || own === undefined) result.push(indent(line));
    else result.push(before === line ? own : indent(keepTypography(line, before, own)));
  }
  return result.every((line) => line !== undefined) ? result : undefined;
}

/** Each line of an edit with the line that it was before, if it was any. */
function originsOf(quoted: readonly string[], edited: readonly string[]): { line: string; from: number | undefined }[] {
  const changes = diffArrays([...quoted], [...edited]);
  const kept = changes.reduce((sum, { added, removed, count }) => sum + (added || removed ? 0 : count), 0);
  const inPlace = edited.filter((line, at) => line === quoted[at]).length;
  // Among equal lines the diff may pair one with another's place: [a, a] to [b, a] keeps the second.
  if (quoted.length === edited.length && inPlace >= kept) return edited.map((line, from) => ({ line, from }));
  const origins: { line: string; from: number | undefined }[] = [];
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

/**
 * A text that replaces a quoted one, with the file's own characters before and after what the edit changes. Between them
 * it stays as it was written: which of its quotes are meant to be typographic is not known.
 */
export function keepTypography(edited: string, quoted: string, actual: string): string {
  const [before, after, own] = [quoted.trim(), edited.trim(), actual.trim()];
  if (before === own || before.length !== own.length) return edited;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const kept = own.slice(0, head) + after.slice(head, after.length - tail) + own.slice(own.length - tail);
  const start = edited.length - edited.trimStart().length;
  return edited.slice(0, start) + kept + edited.slice(start + after.length);
}

const indentOf = (line: string) => /^\s*/.exec(line)?.[0] ?? "";

/** Gives a line of the edit the indentation that the file would have there; undefined when the file does not show it. */
function indenting(actual: readonly string[], quoted: readonly string[]): (line: string) => string | undefined {
  const pairs = quoted.flatMap((line, at) =>
    line.trim() === "" ? [] : [{ theirs: indentOf(line), ours: indentOf(actual[at] ?? "") }],
  );
  const change = changeOf(pairs);
  return (line) => {
    if (line.trim() === "") return line;
    const indent = change(indentOf(line));
    return indent === undefined ? undefined : indent + line.trimStart();
  };
}

function changeOf(pairs: readonly { theirs: string; ours: string }[]): (indent: string) => string | undefined {
  const [first] = pairs;
  if (first === undefined) return (indent) => indent;
  const { theirs, ours } = first;
  if (ours.endsWith(theirs)) {
    const more = ours.slice(0, ours.length - theirs.length);
    if (pairs.every((pair) => pair.ours === more + pair.theirs)) return (indent) => more + indent;
  }
  if (theirs.endsWith(ours)) {
    const less = theirs.slice(0, theirs.length - ours.length);
    const isMore = pairs.every((pair) => pair.theirs === less + pair.ours);
    if (isMore) return (indent) => (indent.startsWith(less) ? indent.slice(less.length) : undefined);
  }
  const known = new Map(pairs.map((pair) => [pair.theirs, pair.ours]));
  if (pairs.some((pair) => known.get(pair.theirs) !== pair.ours)) return () => undefined;
  return (indent) => known.get(indent);
}
