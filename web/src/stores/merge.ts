import { diff3Merge, diffPatch } from "node-diff3";

/** Merges two changes of one text line by line. Undefined if they change the same lines. */
export function merge(base: string, mine: string, theirs: string): string | undefined {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  const parts = diff3Merge(mine.split("\n"), base.split("\n"), theirs.split("\n"), { excludeFalseConflicts: true });
  const lines: string[] = [];
  for (const part of parts) {
    if (part.conflict) return undefined;
    if (part.ok) lines.push(...part.ok);
  }
  return lines.join("\n");
}

/** The smallest replacement that turns `from` into `to`, so that a cursor outside of it does not move. */
export function minimalChange(from: string, to: string): { from: number; to: number; insert: string } | undefined {
  if (from === to) return undefined;
  let start = 0;
  const shortest = Math.min(from.length, to.length);
  while (start < shortest && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  // Never between the halves of a character.
  if (/[\uD800-\uDBFF]/.test(from.charAt(start - 1))) start--;
  let end = 0;
  while (end < shortest - start && from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)) end++;
  if (end > 0 && /[\uDC00-\uDFFF]/.test(from.charAt(from.length - end))) end--;
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) };
}

/** Replaces `from` to `to` (UTF-16 offsets of the text before) with `insert`. */
export interface TextChange {
  from: number;
  to: number;
  insert: string;
}

/**
 * The changes that turn one text into another: one for each hunk of lines, in order and apart, each as small as its lines
 * allow. What lies between them is untouched, so a cursor there stays in its line, and an editor applies all in one step.
 */
export function lineChanges(before: string, after: string): TextChange[] {
  if (before === after) return [];
  const [old, now] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old[old.length - 1 - tail] === now[now.length - 1 - tail])
    tail++;
  const middle = old.slice(head, old.length - tail);
  const starts = startsOf(old);
  return hunks(middle, now.slice(head, now.length - tail)).map(({ at, length, lines }) => {
    const [first, end] = [head + at, head + at + length];
    const start = starts[first] ?? before.length;
    const next = starts[end] ?? before.length + 1;
    if (length > 0 && lines.length > 0) return tightened(before, start, next - 1, lines.join("\n"));
    // Whole lines come or go with one line break: the one after them, or the one before the end of the text.
    const isAtEnd = end === old.length;
    if (lines.length === 0)
      return isAtEnd ? { from: start - 1, to: before.length, insert: "" } : { from: start, to: next, insert: "" };
    return isAtEnd
      ? { from: before.length, to: before.length, insert: `\n${lines.join("\n")}` }
      : { from: start, to: start, insert: `${lines.join("\n")}\n` };
  });
}

/** Pairs of equal lines that a comparison may visit: its time and memory grow with them. */
const maxPairs = 2_000_000;

function hunks(old: string[], now: string[]): { at: number; length: number; lines: string[] }[] {
  const counts = new Map<string, number>();
  for (const line of old) counts.set(line, (counts.get(line) ?? 0) + 1);
  const pairs = now.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
  if (pairs > maxPairs) return [{ at: 0, length: old.length, lines: now }];
  return diffPatch(old, now).map(({ buffer1, buffer2 }) => ({
    at: buffer1.offset,
    length: buffer1.length,
    lines: buffer2.chunk,
  }));
}

function startsOf(lines: readonly string[]): number[] {
  let at = 0;
  return lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
}

/** Without what both texts begin and end with. */
function tightened(before: string, from: number, to: number, insert: string): TextChange {
  const change = minimalChange(before.slice(from, to), insert);
  return change === undefined
    ? { from, to: from, insert: "" }
    : { from: from + change.from, to: from + change.to, insert: change.insert };
}
