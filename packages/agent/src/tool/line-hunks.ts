import { isInScope, scopesOf } from "./anchor.ts";
import { bringsNumbers } from "./reading-numbers.ts";
import {
  editLines,
  findLines,
  isLike,
  likenesses,
  originsOf,
  standsIn,
  type LineEdit,
  type Likeness,
  type Origin,
} from "./similar-lines.ts";

/** Hunks that are found by their lines, as models write them when numbers are missing or their lines fit only roughly. */

export interface LineHunk {
  /** Lines that it stands below, outermost first. It is nowhere but in what they name. */
  anchors: readonly string[];
  /** With their signs: " ", "-" and "+". */
  lines: readonly string[];
  /** Where its numbers put it in the text, from 0: of several exact places this one counts. */
  stated?: number | undefined;
  /** Its lines are the last ones. */
  isAtEnd?: boolean;
  /** Whether the text ends in a line break afterwards; without it, that stays as it is. */
  isEnded?: boolean | undefined;
}

export type Applied =
  | { kind: "applied"; text: string; likeness: Likeness }
  | { kind: "none" | "several" | "numbers" | "made" };

interface ReadHunk extends LineHunk {
  edit: LineEdit;
}

interface Found {
  hunk: ReadHunk;
  likeness: Likeness;
  places: readonly number[];
  /** It has no lines of its own that could tell where it is. */
  isByNumber: boolean;
}

/** A hunk's place, and what it changes there: the lines from `start` to before `end`. */
interface Placed {
  at: number;
  length: number;
  start: number;
  end: number;
  lines: readonly string[];
}

/**
 * All hunks or none. Every one is found in the text as it was, so none can match what another has added. `likeness` is the
 * loosest that one of them needed.
 */
export function applyHunks(text: string, hunks: readonly LineHunk[]): Applied {
  const lines = text.split("\n");
  const found = hunks.map((each): Found => {
    const hunk = { ...each, edit: editOf(each.lines) };
    return { hunk, ...placesOf(hunk, lines) };
  });
  // Models guess numbers. They decide only if they are right wherever the lines alone can tell.
  const areNumbersRight = found.every(
    ({ hunk: { stated }, places }) => places.length !== 1 || stated === undefined || places[0] === stated,
  );
  const placed: Placed[] = [];
  for (const each of found) {
    if (each.places.length === 0 || (each.isByNumber && !areNumbersRight)) return { kind: "none" };
    const at = placeOf(each, lines, { cursor: placed.at(-1)?.end ?? 0, areNumbersRight });
    if (at === undefined) return { kind: "several" };
    const { quoted, origins } = each.hunk.edit;
    const edited = origins.map(({ line }) => line);
    if (bringsNumbers({ quoted, edited }, at + 1)) return { kind: "numbers" };
    if (isMade(each, edited, { lines, at })) return { kind: "made" };
    const change = changeAt(at, each.hunk.edit, lines);
    if (change === undefined) return { kind: "none" };
    placed.push(change);
  }
  if (placed.some((one, index) => placed.slice(index + 1).some((other) => areInEachOthersWay(one, other))))
    return { kind: "none" };
  const edited = [...lines];
  // From the bottom up, so that places stay what they are. Of two insertions at one place the first stays first.
  for (const { start, end, lines: now } of placed.toReversed().toSorted((a, b) => b.start - a.start || b.end - a.end))
    edited.splice(start, end - start, ...now);
  const likeness = found.reduce<Likeness>((loosest, each) => looser(loosest, each.likeness), "exact");
  const isEnded = hunks.findLast((hunk) => hunk.isEnded !== undefined)?.isEnded;
  return { kind: "applied", text: withEnd(edited.join("\n"), isEnded), likeness };
}

function placesOf(hunk: ReadHunk, lines: readonly string[]): Omit<Found, "hunk"> {
  const { anchors, stated, isAtEnd } = hunk;
  const { quoted } = hunk.edit;
  const end = endOf(lines);
  if (quoted.length === 0) {
    // Added lines without a neighbour: below which of the anchor's lines is not said.
    const at = end === 0 || isAtEnd ? end : stated;
    const isKnown = at !== undefined && at <= end && anchors.length === 0;
    return { likeness: "exact", places: isKnown ? [at] : [], isByNumber: at === stated };
  }
  const found = findLines(lines, quoted);
  const { likeness, places } = found ?? { likeness: "exact" as const, places: blankAt(lines, quoted, stated) };
  const scopes = scopesOf(lines, anchors);
  const last = lines.findLastIndex((line) => line.trim() !== "");
  const isAllowed = (at: number) =>
    scopes.some((scope) => isInScope(lines, scope, { at, length: quoted.length })) &&
    (!isAtEnd || at + quoted.length > last);
  return { likeness, places: places.filter(isAllowed), isByNumber: found === undefined };
}

/** Blank lines alone are where their numbers say, or nowhere. */
function blankAt(lines: readonly string[], quoted: readonly string[], stated: number | undefined): number[] {
  if (stated === undefined || stated + quoted.length > endOf(lines)) return [];
  return quoted.every((line, n) => line.trim() === "" && lines[stated + n] === line) ? [stated] : [];
}

function placeOf(
  { hunk: { anchors, stated, edit }, likeness, places }: Found,
  lines: readonly string[],
  { cursor, areNumbersRight }: { cursor: number; areNumbersRight: boolean },
): number | undefined {
  const [place, ...others] = places;
  if (others.length === 0) {
    // It fits in one place as it is written, and roughly where its numbers say.
    const isUnsure = stated !== undefined && stated !== place && isLike(lines, edit.quoted, stated);
    return isUnsure ? undefined : place;
  }
  if (stated !== undefined)
    return likeness === "exact" && areNumbersRight && places.includes(stated) ? stated : undefined;
  if (anchors.length > 0) return undefined;
  const [next, ...later] = places.filter((at) => at >= cursor);
  return later.length === 0 ? next : undefined;
}

/** Whether the result stands where the numbers say, or somewhere exactly, while what it comes from is elsewhere or only alike. */
function isMade(
  { hunk: { stated }, likeness }: Found,
  edited: readonly string[],
  { lines, at }: { lines: readonly string[]; at: number },
): boolean {
  if (stated !== undefined && stated !== at && standsIn(lines, edited, stated)) return true;
  return likeness !== "exact" && standsIn(lines, edited);
}

function changeAt(at: number, edit: LineEdit, lines: readonly string[]): Placed | undefined {
  const now = editLines(lines, at, edit);
  if (now === undefined) return undefined;
  const { quoted, origins } = edit;
  const isKept = (origin: Origin | undefined, from: number) => origin?.from === from && origin.line === quoted[from];
  let head = 0;
  while (isKept(origins[head], head)) head++;
  let tail = 0;
  while (head + tail < quoted.length && isKept(origins.at(-1 - tail), quoted.length - 1 - tail)) tail++;
  const [start, end] = [at + head, at + quoted.length - tail];
  return { at, length: quoted.length, start, end, lines: now.slice(head, now.length - tail) };
}

/** Context keeps its line. What is removed and added in one go may keep lines too. */
function editOf(lines: readonly string[]): LineEdit {
  const quoted: string[] = [];
  const origins: Origin[] = [];
  for (let at = 0; at < lines.length;) {
    if (lines[at]?.startsWith(" ")) {
      origins.push({ line: lines[at]?.slice(1) ?? "", from: quoted.length });
      quoted.push(lines[at++]?.slice(1) ?? "");
      continue;
    }
    const from = quoted.length;
    const [removed, added]: [string[], string[]] = [[], []];
    for (; at < lines.length && !lines[at]?.startsWith(" "); at++) {
      const line = lines[at] ?? "";
      if (line.startsWith("-")) removed.push(line.slice(1));
      else if (line.startsWith("+")) added.push(line.slice(1));
    }
    quoted.push(...removed);
    for (const origin of originsOf(removed, added))
      origins.push({ ...origin, from: origin.from === undefined ? undefined : from + origin.from });
  }
  return { quoted, origins };
}

/** Whether one changes lines that the other quotes. They may share lines of context. */
function areInEachOthersWay(one: Placed, other: Placed): boolean {
  const changes = (a: Placed, b: Placed) => a.start < b.at + b.length && b.at < a.end;
  return changes(one, other) || changes(other, one);
}

/** The number of lines, without the empty one after the last line break. */
function endOf(lines: readonly string[]): number {
  return lines.at(-1) === "" ? lines.length - 1 : lines.length;
}

function withEnd(text: string, isEnded: boolean | undefined): string {
  if (isEnded === undefined || text === "" || text.endsWith("\n") === isEnded) return text;
  return isEnded ? `${text}\n` : text.slice(0, -1);
}

function looser(one: Likeness, other: Likeness): Likeness {
  return likenesses.indexOf(one) > likenesses.indexOf(other) ? one : other;
}
