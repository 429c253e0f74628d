import { indentOf } from "./indentation.ts";
import { bringsNumbers, withoutNumbers } from "./reading-numbers.ts";
import { editLines, findLines, originsOf, standsIn, type Likeness } from "./similar-lines.ts";
import { foldTypography, keepTypography, typingOf } from "./typography.ts";

/** A text in a file, replaced where it is, or where the one place is that it can mean. */

export type Replaced =
  | { kind: "replaced"; text: string; likeness: Likeness | "line numbers"; line: number }
  /** `numbers`: which numbers before new lines are a reading's is not clear. `indentation`: how deep new lines belong is not. `made`: the new text is there already. */
  | { kind: "none" | "numbers" | "indentation" | "made" }
  /** `likeness`: what it was compared by. */
  | { kind: "several"; likeness: Likeness; count: number };

type Done = Extract<Replaced, { kind: "replaced" }>;
export type Refused = Exclude<Replaced, Done>;

interface Edit {
  oldText: string;
  newText: string;
  all?: boolean | undefined;
}

/** Edits one after the other. The first that is refused ends it. */
export function replaceTexts(
  content: string,
  edits: readonly Edit[],
): { kind: "replaced"; text: string; done: Done[] } | { kind: "refused"; index: number; why: Refused } {
  let text = content;
  const done: Done[] = [];
  for (const [index, edit] of edits.entries()) {
    const replaced = replaceText(text, edit);
    if (replaced.kind !== "replaced") return { kind: "refused", index, why: replaced };
    // It fits what an earlier edit has written, and roughly what the file has.
    const isNew = replaced.likeness === "exact" && !content.includes(edit.oldText);
    if (isNew && findLines(content.split("\n"), linesOf(edit.oldText)) !== undefined)
      return { kind: "refused", index, why: { kind: "several", likeness: "typography", count: 2 } };
    text = replaced.text;
    done.push(replaced);
  }
  return { kind: "replaced", text, done };
}

/** Both texts have `\n` at the end of lines. Only an exact match may be in several places, with `all`. */
export function replaceText(content: string, edit: Edit): Replaced {
  const replaced = replaceAsWritten(content, edit);
  if (replaced.kind === "replaced") {
    const [quoted, edited] = [edit.oldText.split("\n"), edit.newText.split("\n")];
    return bringsNumbers({ quoted, edited }, replaced.line) ? { kind: "numbers" } : replaced;
  }
  if (replaced.kind !== "none") return replaced;
  const plain = withoutNumbers(edit);
  if (plain === "unclear") return { kind: "numbers" };
  if (plain === undefined || plain.oldText === "") return replaced;
  // A reading shows whole lines: `200: a` in the middle of one is the file's own.
  const unnumbered = replaceLines(content, plain.oldText, plain.newText);
  return unnumbered.kind === "replaced" ? { ...unnumbered, likeness: "line numbers" } : unnumbered;
}

function replaceAsWritten(content: string, { oldText, newText, all = false }: Edit): Replaced {
  const places = placesOf(content, oldText);
  const [first] = places;
  if (first === undefined) return replaceSimilar(content, oldText, newText);
  if (places.length > 1 && !all) return { kind: "several", likeness: "exact", count: places.length };
  if (places.some((at) => leavesOutIndentation(content, at, { oldText, newText }))) return { kind: "indentation" };
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
  const written = keepTypography(
    newText,
    oldText,
    actual,
    typingOf([[oldText, actual]], () => content === foldTypography(content)),
  );
  if (written === undefined || leavesOutIndentation(content, first, { oldText, newText })) return { kind: "none" };
  return { kind: "replaced", text: start + written + end, likeness: "typography", line: lineAt(content, first) };
}

function replaceLines(content: string, oldText: string, newText: string): Replaced {
  const isEnded = oldText.endsWith("\n");
  // Without its line break the new text would join the line that follows.
  if (isEnded && newText !== "" && !newText.endsWith("\n")) return { kind: "none" };
  const lines = content.split("\n");
  const quoted = linesOf(oldText);
  const edited = isEnded ? newText.split("\n").slice(0, -1) : newText.split("\n");
  const found = findLines(lines, quoted);
  if (found === undefined) return { kind: "none" };
  const { likeness, places } = found;
  const [at] = places;
  if (at === undefined) return { kind: "none" };
  if (places.length > 1) return { kind: "several", likeness, count: places.length };
  const result = editLines(lines, at, { quoted, origins: originsOf(quoted, edited) });
  if (result === undefined) return { kind: "none" };
  // What is merely like the old text may be another place than the one that was edited before.
  if (likeness !== "exact" && standsIn(lines, edited)) return { kind: "made" };
  const text = [...lines.slice(0, at), ...result, ...lines.slice(at + quoted.length)].join("\n");
  return { kind: "replaced", text, likeness, line: at + 1 };
}

function linesOf(text: string): string[] {
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

/** Whether a text begins within a line's indentation, and brings lines that are less deep: they may have lost theirs too. */
function leavesOutIndentation(content: string, at: number, { oldText, newText }: Edit): boolean {
  const before = content.slice(content.lastIndexOf("\n", at - 1) + 1, at);
  if (before === "" || before.trim() !== "") return false;
  // Its line would go and its indentation stay, before the next one.
  if (oldText.endsWith("\n") && !newText.endsWith("\n")) return true;
  const indent = before + indentOf(oldText);
  const quoted = new Set(oldText.split("\n").slice(1));
  const added = newText.split("\n").slice(1);
  return added.some((line) => line.trim() !== "" && !line.startsWith(indent) && !quoted.has(line));
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
