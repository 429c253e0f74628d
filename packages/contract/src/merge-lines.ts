import { diff3Merge } from "node-diff3";

/** Lines that both sides agree on, or what each has in one place. */
export interface MergedPart {
  ok?: string[];
  conflict?: { a: string[]; o: string[]; b: string[] };
}

/** Pairs of equal lines that a comparison may visit: its time and memory grow with them. */
const maxPairs = 500_000;

/**
 * Merges two changes of one text line by line, in the browser as on the server. Lines at both ends that nobody changed are
 * not compared. What is between them is one conflict, if it would take too long.
 */
export function mergeLines(mine: string, base: string, theirs: string): MergedPart[] {
  const [a, o, b] = [mine.split("\n"), base.split("\n"), theirs.split("\n")];
  const shortest = Math.min(a.length, o.length, b.length);
  let head = 0;
  while (head < shortest && a[head] === o[head] && b[head] === o[head]) head++;
  let tail = 0;
  while (tail < shortest - head && a.at(-1 - tail) === o.at(-1 - tail) && b.at(-1 - tail) === o.at(-1 - tail)) tail++;
  const middle = (lines: string[]) => lines.slice(head, lines.length - tail);
  const [ours, common, others] = [middle(a), middle(o), middle(b)];
  const parts: MergedPart[] =
    pairs(ours, common) + pairs(others, common) > maxPairs
      ? [{ conflict: { a: ours, o: common, b: others } }]
      : diff3Merge(ours, common, others, { excludeFalseConflicts: true });
  return [
    ...(head > 0 ? [{ ok: o.slice(0, head) }] : []),
    ...parts,
    ...(tail > 0 ? [{ ok: o.slice(o.length - tail) }] : []),
  ];
}

function pairs(one: readonly string[], other: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of other) counts.set(line, (counts.get(line) ?? 0) + 1);
  return one.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
}
