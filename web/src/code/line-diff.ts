import { diffArrays } from "diff/lib/diff/array.js";

/** Replaces lines `oldFrom` to `oldTo` with `text`. */
export interface LineChange {
  oldFrom: number;
  oldTo: number;
  text: string[];
}

/** Lines that come or go before two texts count as different altogether: the time grows with their square. */
const maxEdits = 3000;

/** The changes that turn one text into another, in order. One change for everything between, if too much differs. */
export function diffLines(before: string, after: string): LineChange[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const parts = diffArrays(old, now, { maxEditLength: maxEdits });
  if (parts === undefined) return [between(old, now)];
  const changes: LineChange[] = [];
  let at = 0;
  let open: LineChange | undefined;
  for (const { added, removed, value } of parts) {
    if (!added && !removed) {
      open = undefined;
      at += value.length;
      continue;
    }
    if (open === undefined) changes.push((open = { oldFrom: at, oldTo: at, text: [] }));
    if (added) open.text.push(...value);
    else open.oldTo = at += value.length;
  }
  return changes;
}

/** What both texts begin and end with is no change. */
function between(old: readonly string[], now: readonly string[]): LineChange {
  const shortest = Math.min(old.length, now.length);
  let head = 0;
  while (head < shortest && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shortest - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return { oldFrom: head, oldTo: old.length - tail, text: now.slice(head, now.length - tail) };
}

/** The same as text for the model: `-` removed and `+` added lines, with line numbers. */
export function asDiff(before: string, after: string): string {
  const old = before.split("\n");
  return diffLines(before, after)
    .map(({ oldFrom, oldTo, text }) =>
      [
        `@@ line ${oldFrom + 1} @@`,
        ...old.slice(oldFrom, oldTo).map((line) => `-${line}`),
        ...text.map((line) => `+${line}`),
      ].join("\n"),
    )
    .join("\n");
}
