import { mergeLines } from "@slipway/contract/merge-lines";
import { diffLines } from "../code/line-diff.ts";

/** Merges two changes of one text line by line. Undefined if they change the same lines. */
export function merge(base: string, mine: string, theirs: string): string | undefined {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  const lines: string[] = [];
  for (const part of mergeLines(mine, base, theirs)) {
    if (part.conflict) return undefined;
    if (part.ok) lines.push(...part.ok);
  }
  return lines.join("\n");
}

/** The smallest replacement that turns `from` into `to`, so that a cursor outside of it does not move. */
function minimalChange(from: string, to: string): { from: number; to: number; insert: string } | undefined {
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
  const old = before.split("\n");
  const starts = startsOf(old);
  return diffLines(before, after).map(({ oldFrom, oldTo, text }) => {
    const start = starts[oldFrom] ?? before.length;
    const next = starts[oldTo] ?? before.length + 1;
    if (oldTo > oldFrom && text.length > 0) return tightened(before, start, next - 1, text.join("\n"));
    // Whole lines come or go with one line break: the one after them, or the one before the end of the text.
    const isAtEnd = oldTo === old.length;
    if (text.length === 0)
      return isAtEnd ? { from: start - 1, to: before.length, insert: "" } : { from: start, to: next, insert: "" };
    return isAtEnd
      ? { from: before.length, to: before.length, insert: `\n${text.join("\n")}` }
      : { from: start, to: start, insert: `${text.join("\n")}\n` };
  });
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
