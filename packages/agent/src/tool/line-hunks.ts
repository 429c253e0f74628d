import { editLines, findLines, likenesses, type Likeness } from "./similar-lines.ts";

/** Hunks that are found by their lines, as models write them when numbers are missing or their lines fit only roughly. */

export interface LineHunk {
  /** Lines that stand before it, outermost first: they tell equal places apart. */
  anchors: readonly string[];
  quoted: readonly string[];
  edited: readonly string[];
  /** Where its numbers put it in the text, from 0: of several exact places this one counts. */
  stated?: number | undefined;
  /** Its lines are the last ones. */
  isAtEnd?: boolean;
}

export type Applied = { kind: "applied"; text: string; likeness: Likeness } | { kind: "none" | "several" };

/** All hunks in their order, or none. `likeness` is the loosest that one of them needed. */
export function applyHunks(text: string, hunks: readonly LineHunk[]): Applied {
  let lines = text.split("\n");
  let likeness: Likeness = "exact";
  let cursor = 0;
  let drift = 0;
  for (const hunk of hunks) {
    const { quoted, edited } = hunk;
    if (quoted.length === 0) {
      // Lines without a neighbour go to the end; after which of the lines that stand before them is not said.
      if (hunk.stated !== undefined || (hunk.anchors.length > 0 && !hunk.isAtEnd)) return { kind: "none" };
      const end = endOf(lines);
      lines = [...lines.slice(0, end), ...edited, ...lines.slice(end)];
      continue;
    }
    const found = findLines(lines, quoted);
    if (found === undefined) return { kind: "none" };
    const at = placeOf(hunk, found, { lines, cursor, drift });
    if (at === undefined) return { kind: "several" };
    const result = editLines(lines.slice(at, at + quoted.length), { quoted, edited });
    if (result === undefined) return { kind: "none" };
    lines = [...lines.slice(0, at), ...result, ...lines.slice(at + quoted.length)];
    likeness = looser(likeness, found.likeness);
    cursor = at + result.length;
    drift += result.length - quoted.length;
  }
  return { kind: "applied", text: lines.join("\n"), likeness };
}

function placeOf(
  { anchors, quoted, stated, isAtEnd }: LineHunk,
  { likeness, places }: { likeness: Likeness; places: readonly number[] },
  { lines, cursor, drift }: { lines: readonly string[]; cursor: number; drift: number },
): number | undefined {
  if (places.length === 1) return places[0];
  if (stated !== undefined) return likeness === "exact" && places.includes(stated + drift) ? stated + drift : undefined;
  if (isAtEnd) return places.find((at) => at + quoted.length >= endOf(lines));
  if (anchors.length > 0) {
    const anchor = anchorAt(lines, anchors, cursor);
    return anchor === undefined ? undefined : places.find((at) => at >= anchor);
  }
  const [next, ...others] = places.filter((at) => at >= cursor);
  return others.length === 0 ? next : undefined;
}

/** Where the innermost anchor is. The outermost one must be in one place alone, and the others follow it. */
function anchorAt(lines: readonly string[], anchors: readonly string[], cursor: number): number | undefined {
  let from = cursor;
  for (const [depth, anchor] of anchors.entries()) {
    const wanted = anchor.trim();
    const places = lines.flatMap((line, at) => (at >= from && line.trim().startsWith(wanted) ? [at] : []));
    const [first] = places;
    if (first === undefined || (depth === 0 && places.length > 1)) return undefined;
    from = first;
  }
  return from;
}

/** The number of lines, without the empty one after the last line break. */
function endOf(lines: readonly string[]): number {
  return lines.at(-1) === "" ? lines.length - 1 : lines.length;
}

function looser(one: Likeness, other: Likeness): Likeness {
  return likenesses.indexOf(one) > likenesses.indexOf(other) ? one : other;
}
