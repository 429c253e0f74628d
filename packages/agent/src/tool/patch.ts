import { parsePatch, type StructuredPatch } from "diff";
import { isCodexPatch, readCodexPatch } from "./codex-patch.ts";
import { toLF } from "./line-endings.ts";
import { applyHunks, type LineHunk } from "./line-hunks.ts";
import type { Likeness } from "./similar-lines.ts";
import { ToolFailure } from "./tool.ts";

/** Patches as models write them: unified diffs with wrong counts, in fences, with or without git's headers; or Codex's form. */

/** How a file's text changes. `whole`: it is deleted, whatever it holds. */
type Changes = { form: "lines"; hunks: readonly LineHunk[] } | { form: "whole" };

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
  const applied = applyHunks(text, changes.hunks);
  if (applied.kind === "applied") return applied;
  if (applied.kind === "several") throw severalPlaces(path);
  if (applied.kind === "made")
    throw new ToolFailure("no_match", {
      shown: `What the patch writes is in ${path} already. Nothing was changed.`,
      told: `What a hunk writes is in ${path} already: it may have been applied before. Read the file again, and add more lines of context. Nothing was applied.`,
    });
  if (applied.kind === "numbers")
    throw new ToolFailure("no_match", {
      shown: `The patch begins new lines of ${path} with line numbers. Nothing was changed.`,
      told: `The patch begins new lines of ${path} with numbers, as read_file shows them. Leave them out. Nothing was applied.`,
    });
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

type Hunk = StructuredPatch["hunks"][number];

function toLineHunks(hunks: readonly Hunk[]): LineHunk[] {
  let growth = 0;
  return hunks.map((hunk) => {
    const isEnded = endAfter(hunk);
    const stated = statedAt(hunk, growth);
    growth += hunk.newLines - hunk.oldLines;
    return { anchors: [], lines: hunk.lines, stated, isEnded, isAtEnd: isEnded !== undefined };
  });
}

/**
 * Where a hunk says that it is, from 0; undefined for one without numbers. Added lines alone have nothing else, so both of
 * their numbers must say the same. `-0,0` is a file that is not there, or empty.
 */
function statedAt({ oldStart, oldLines, newStart }: Hunk, growth: number): number | undefined {
  const at = oldStart - 1;
  if (oldLines > 0) return at >= 0 ? at : undefined;
  return at > 0 && newStart - 1 === at + growth ? at : undefined;
}

/** Whether the text ends in a line break after a hunk that changes this. */
function endAfter({ lines }: Hunk): boolean | undefined {
  const unended = lines.flatMap((_, at) => (lines[at + 1]?.startsWith("\\") ? [lines[at]?.charAt(0)] : []));
  const [before, after] = ["-", "+"].map((sign) => unended.includes(sign));
  return before === after ? undefined : before;
}

function codexFiles(patch: string): PatchedFile[] {
  const sections = readCodexPatch(patch);
  if ("fault" in sections) throw refused(sections.fault);
  return sections.map((section): PatchedFile => {
    const { path } = section;
    switch (section.kind) {
      case "create": {
        const hunks = section.lines.length === 0 ? [] : [{ anchors: [], lines: section.lines }];
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
  const changes = { form: "lines" as const, hunks: toLineHunks(file.hunks) };
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
    // Numbers that count old lines, where there are none, say nothing about added ones.
    const place = old === 0 && stated !== "0" ? "0" : from;
    counted.push(`@@ -${place},${old} +${to},${now} @@`);
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
