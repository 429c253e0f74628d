import { editLines, findLines, foldTypography, keepTypography, type Likeness } from "./similar-lines.ts";

/** A text in a file, replaced where it is, or where the one place is that it can mean. */

export type Replaced =
  | { kind: "replaced"; text: string; likeness: Likeness | "line numbers"; line: number }
  | { kind: "none" }
  /** `likeness`: what it was compared by. */
  | { kind: "several"; likeness: Likeness; count: number };

interface Edit {
  oldText: string;
  newText: string;
  all?: boolean | undefined;
}

/** Both texts have `\n` at the end of lines. Only an exact match may be in several places, with `all`. */
export function replaceText(content: string, edit: Edit): Replaced {
  const replaced = replaceAsWritten(content, edit);
  if (replaced.kind !== "none") return replaced;
  const oldText = withoutNumbers(edit.oldText);
  if (oldText === undefined || oldText === "") return replaced;
  const unnumbered = replaceAsWritten(content, { oldText, newText: withoutNumbers(edit.newText) ?? edit.newText });
  return unnumbered.kind === "replaced" ? { ...unnumbered, likeness: "line numbers" } : unnumbered;
}

/** A text without the numbers that a reading shows before its lines; undefined when they are not that. */
function withoutNumbers(text: string): string | undefined {
  const isEnded = text.endsWith("\n");
  const lines = (isEnded ? text.slice(0, -1) : text).split("\n").map((line) => /^\s*(\d+):(?: (.*)|)$/.exec(line));
  const first = Number(lines[0]?.[1]);
  if (!lines.every((line, at) => Number(line?.[1]) === first + at)) return undefined;
  return lines.map((line) => line?.[2] ?? "").join("\n") + (isEnded ? "\n" : "");
}

function replaceAsWritten(content: string, { oldText, newText, all = false }: Edit): Replaced {
  const places = placesOf(content, oldText);
  const [first] = places;
  if (first === undefined) return replaceSimilar(content, oldText, newText);
  if (places.length > 1 && !all) return { kind: "several", likeness: "exact", count: places.length };
  const text = all
    ? content.replaceAll(oldText, () => newText)
    : content.slice(0, first) + newText + content.slice(first + oldText.length);
  return { kind: "replaced", text, likeness: "exact", line: lineAt(content, first) };
}

function replaceSimilar(content: string, oldText: string, newText: string): Replaced {
  const lines = replaceLines(content, oldText, newText);
  if (lines.kind !== "none") return lines;
  // A part of a line can differ in its quotes and dashes alone.
  const places = placesOf(foldTypography(content), foldTypography(oldText));
  const [first] = places;
  if (first === undefined) return { kind: "none" };
  if (places.length > 1) return { kind: "several", likeness: "typography", count: places.length };
  const [start, end] = [content.slice(0, first), content.slice(first + oldText.length)];
  const actual = content.slice(first, first + oldText.length);
  const text = start + keepTypography(newText, oldText, actual) + end;
  return { kind: "replaced", text, likeness: "typography", line: lineAt(content, first) };
}

function replaceLines(content: string, oldText: string, newText: string): Replaced {
  const isEnded = oldText.endsWith("\n");
  // Without its line break the new text would join the line that follows.
  if (isEnded && newText !== "" && !newText.endsWith("\n")) return { kind: "none" };
  const lines = content.split("\n");
  const quoted = (isEnded ? oldText.slice(0, -1) : oldText).split("\n");
  const edited = isEnded ? newText.split("\n").slice(0, -1) : newText.split("\n");
  const found = findLines(lines, quoted);
  if (found === undefined) return { kind: "none" };
  const { likeness, places } = found;
  const [at] = places;
  if (at === undefined) return { kind: "none" };
  if (places.length > 1) return { kind: "several", likeness, count: places.length };
  const result = editLines(lines.slice(at, at + quoted.length), { quoted, edited });
  if (result === undefined) return { kind: "none" };
  const text = [...lines.slice(0, at), ...result, ...lines.slice(at + quoted.length)].join("\n");
  return { kind: "replaced", text, likeness, line: at + 1 };
}

/** Positions, overlapping ones too: a text that overlaps itself is in two places. */
function placesOf(content: string, text: string): number[] {
  const places: number[] = [];
  for (let at = content.indexOf(text); at >= 0; at = content.indexOf(text, at + 1)) places.push(at);
  return places;
}

function lineAt(content: string, position: number): number {
  return content.slice(0, position).split("\n").length;
}
