import { applyPatch, parsePatch, type StructuredPatch } from "diff";
import { isCodexPatch, readCodexPatch } from "./codex-patch.ts";
import { toLF } from "./line-endings.ts";
import { applyHunks, type LineHunk } from "./line-hunks.ts";
import type { Likeness } from "./similar-lines.ts";
import { ToolFailure } from "./tool.ts";

/** Patches as models write them: unified diffs with wrong counts, in fences, with or without git's headers; or Codex's form. */

/** How a file's text changes. `whole`: it is deleted, whatever it holds. */
type Changes =
  | { form: "unified"; file: StructuredPatch }
  | { form: "lines"; hunks: readonly LineHunk[] }
  | { form: "whole" };

/** What a patch says about one file. */
export type PatchedFile = { path: string; changes: Changes } & (
  | { kind: "create"; mode: string | undefined }
  | { kind: "delete" }
  | { kind: "edit" }
  /** `to` is new; a copy leaves `path` where it is. */
  | { kind: "move" | "copy"; to: string }
);

/** Every file of a patch. One that cannot be applied as a whole is refused as a whole. @throws ToolFailure */
export function parse(patch: string): PatchedFile[] {
  const text = unfenced(toLF(patch));
  const files = isCodexPatch(text) ? codexFiles(text) : structured(recounted(text)).map(toFile);
  if (files.length === 0) throw refused("it holds no change.");
  return files;
}

/** The text after the file's hunks, and how loosely they were matched. @throws ToolFailure no_match */
export function apply(text: string, { changes, path }: PatchedFile): { text: string; likeness: Likeness } {
  if (changes.form === "whole") return { text: "", likeness: "exact" };
  if (changes.form === "lines") return applyLines(text, changes.hunks, path);
  const { file } = changes;
  if (file.hunks.length === 0) return { text, likeness: "exact" };
  if (isAmbiguous(text, file)) throw severalPlaces(path);
  const result = tryApply(text, file);
  if (result !== undefined) return { text: result, likeness: "exact" };
  return applyLines(text, file.hunks.map(toLineHunk), path);
}

function applyLines(text: string, hunks: readonly LineHunk[], path: string): { text: string; likeness: Likeness } {
  const applied = applyHunks(text, hunks);
  if (applied.kind === "applied") return applied;
  if (applied.kind === "several") throw severalPlaces(path);
  throw new ToolFailure("no_match", {
    shown: `The patch does not fit ${path}. Nothing was changed.`,
    told: `The patch does not fit ${path}. Read the file again: it may have been changed. Nothing was applied.`,
  });
}

function severalPlaces(path: string): ToolFailure {
  return new ToolFailure("no_match", {
    shown: `The patch fits ${path} in more than one place. Nothing was changed.`,
    told: `A hunk fits ${path} in more than one place. Add more lines of context. Nothing was applied.`,
  });
}

function toLineHunk(hunk: StructuredPatch["hunks"][number]): LineHunk {
  const side = (signs: RegExp) => hunk.lines.filter((line) => signs.test(line)).map((line) => line.slice(1));
  return { anchors: [], quoted: side(/^[ -]/), edited: side(/^[ +]/), stated: statedAt(hunk) };
}

function codexFiles(patch: string): PatchedFile[] {
  const sections = readCodexPatch(patch);
  if ("fault" in sections) throw refused(sections.fault);
  return sections.map((section): PatchedFile => {
    const { path } = section;
    switch (section.kind) {
      case "create": {
        const hunks = section.lines.length === 0 ? [] : [{ anchors: [], quoted: [], edited: section.lines }];
        return { kind: "create", path, changes: { form: "lines", hunks }, mode: undefined };
      }
      case "delete":
        return { kind: "delete", path, changes: { form: "whole" } };
      case "edit": {
        const changes = { form: "lines" as const, hunks: section.hunks };
        const { to } = section;
        return to === undefined || to === path ? { kind: "edit", path, changes } : { kind: "move", path, to, changes };
      }
    }
  });
}

function tryApply(text: string, file: StructuredPatch): string | undefined {
  const exact = applyPatch(text, file, { autoConvertLineEndings: false });
  if (exact !== false) return exact;
  // Models leave out that a file does not end in a line break.
  if (text.endsWith("\n") || text === "") return undefined;
  const ended = applyPatch(`${text}\n`, file, { autoConvertLineEndings: false });
  return ended === false ? undefined : ended.replace(/\n$/, "");
}

/**
 * Whether a hunk fits in several places and not where it says, if it says: models guess the numbers of lines. What the
 * hunks before it are off by counts for it too, as it does for the one that applies them. Blank lines fit anywhere, also
 * behind the last line break.
 */
function isAmbiguous(text: string, { hunks }: StructuredPatch): boolean {
  const lines = text.split("\n");
  let drift = 0;
  for (const hunk of hunks) {
    const block = hunk.lines.filter((line) => /^[ -]/.test(line)).map((line) => line.slice(1));
    if (block.length === 0) continue;
    const fits = lines.flatMap((_, at) => (block.every((line, n) => lines[at + n] === line) ? [at] : []));
    const [first] = fits;
    if (first === undefined) continue;
    const stated = statedAt(hunk);
    const isUnsure = fits.length > 1 || block.every((line) => line.trim() === "");
    if (isUnsure && (stated === undefined || !fits.includes(stated + drift))) return true;
    if (fits.length === 1 && stated !== undefined) drift = first - stated;
  }
  return false;
}

/** Where a hunk says that it is, from 0; undefined for one without numbers. */
function statedAt({ oldStart }: StructuredPatch["hunks"][number]): number | undefined {
  return oldStart > 0 ? oldStart - 1 : undefined;
}

function structured(patch: string): StructuredPatch[] {
  try {
    return parsePatch(patch).filter((file) => file.hunks.length > 0 || file.isGit || file.oldFileName !== undefined);
  } catch (error) {
    throw refused(
      `it is neither a unified diff nor in Codex's form: ${error instanceof Error ? error.message : "it cannot be read"}.`,
      error,
    );
  }
}

function toFile(file: StructuredPatch): PatchedFile {
  const [from, to] = pathsOf(file);
  const [path, isEmpty] = [to ?? from ?? "", file.hunks.length === 0];
  if (path === "") throw refused("it does not name the file that it changes.");
  if (file.isBinary) throw refused(`${path} is binary in it.`);
  const changes = { form: "unified" as const, file };
  if (file.isCreate || from === undefined) return { kind: "create", path, changes, mode: file.newMode };
  if (file.isDelete || to === undefined) return { kind: "delete", path: from, changes };
  if (file.isCopy) return { kind: "copy", path: from, to, changes };
  if (from !== to) return { kind: "move", path: from, to, changes };
  if (isEmpty && file.newMode !== undefined)
    throw refused(`it changes the mode of ${path}, which files here do not have.`);
  if (isEmpty) throw refused(`it says nothing about ${path}.`);
  return { kind: "edit", path, changes };
}

/** Git's `a/` and `b/` are no folders, unless both sides have the same. */
function pathsOf({ oldFileName, newFileName }: StructuredPatch): [from: string | undefined, to: string | undefined] {
  const [from, to] = [oldFileName, newFileName].map((name) => (name === "/dev/null" ? undefined : name));
  const isGit = (from ?? "a/").startsWith("a/") && (to ?? "b/").startsWith("b/");
  return isGit ? [from?.slice(2), to?.slice(2)] : [from, to];
}

function refused(why: string, cause?: unknown): ToolFailure {
  const words = {
    shown: "The patch cannot be applied as a whole. Nothing was changed.",
    told: `The patch cannot be applied: ${why} Nothing was applied.`,
  };
  return new ToolFailure("invalid_input", words, cause);
}

/** Without the fence around it. */
function unfenced(patch: string): string {
  return /^\s*```[^\n]*\n([\s\S]*?)\n```\s*$/.exec(patch)?.[1] ?? patch;
}

/** With the counts of each hunk as its lines are: models miscount, and their place is found by the lines alone. */
function recounted(patch: string): string {
  const lines = patch.replace(/\n+$/, "").split("\n");
  const counted: string[] = [];
  for (let at = 0; at < lines.length;) {
    // What git puts below a patch that it mails.
    if (lines[at] === "-- ") {
      while (at < lines.length && !/^(?:diff|---) /.test(lines[at] ?? "")) at++;
      continue;
    }
    const header = /^@@(?: -(\d+)(?:,(\d+))? \+(\d+)(?:,\d+)?)?/.exec(lines[at] ?? "");
    if (header === null) {
      counted.push(lines[at++] ?? "");
      continue;
    }
    const [, from = "0", stated = "1", to = from] = header;
    const body: string[] = [];
    const count = (signs: string) => body.filter((line) => signs.includes(line.charAt(0) || " ")).length;
    for (at++; at < lines.length && !endsHunk(lines, at, Number(stated) - count(" -")); at++)
      body.push(lines[at] ?? "");
    // Empty lines at its end separate it from what follows, unless it counts them.
    while (body.at(-1) === "" && count(" -") > Number(stated)) body.pop();
    const [old, now] = [count(" -"), count(" +")];
    const start = (line: string, length: number) => (length === 0 ? 0 : Number(line));
    counted.push(`@@ -${start(from, old)},${old} +${start(to, now)},${now} @@`);
    // An editor takes the space from an empty line of context.
    counted.push(...body.map((line) => (line === "" ? " " : line)));
  }
  return `${counted.join("\n")}\n`;
}

/** Whether a line ends the hunk before it, which lacks `left` old lines by its own count. */
function endsHunk(lines: readonly string[], at: number, left: number): boolean {
  const [line = "", next = "", third = ""] = lines.slice(at, at + 3);
  if (/^(?:@@|diff |Index: )/.test(line)) return true;
  if (line === "-- ") return /^\d+\./.test(next);
  // A removed and an added line may look like the header of the next file.
  if (line.startsWith("--- ")) return next.startsWith("+++ ") && third.startsWith("@@") && left !== 1;
  return !/^(?:[ +\\-]|$)/.test(line);
}
