import type { LineHunk } from "./line-hunks.ts";

/** Patches as Codex writes them: `*** Begin Patch`, a section for each file, and hunks without numbers. */

export type CodexSection =
  | { kind: "create"; path: string; lines: string[] }
  | { kind: "delete"; path: string }
  | { kind: "edit"; path: string; to: string | undefined; hunks: LineHunk[] };

const begin = /^([ \t]*)\*\*\* Begin Patch[ \t]*$/m;
const end = /^([ \t]*)\*\*\* End Patch[ \t]*$/;
const header = /^\*\*\* (Add|Update|Delete) File: *(.+?)\s*$/;

export function isCodexPatch(patch: string): boolean {
  return startsWithSection(patch) || beginning(patch) !== null;
}

function startsWithSection(patch: string): boolean {
  return /^\s*\*\*\* (?:Add|Update|Delete) File: /.test(patch);
}

/** Its first marker. An indented one below a unified diff's header is a line of that diff. */
function beginning(patch: string): RegExpExecArray | null {
  const found = begin.exec(patch);
  const isContext = found !== null && found[1] !== "" && /^(?:--- |\+\+\+ |@@)/m.test(patch.slice(0, found.index));
  return isContext ? null : found;
}

/** Its lines without the markers around them. An indented End Patch is a line of context, unless Begin Patch is indented too. */
function linesOf(patch: string): string[] {
  const first = startsWithSection(patch) ? null : beginning(patch);
  const lines = patch.slice(first?.index ?? 0).split("\n");
  const indents = ["", first?.[1] ?? ""];
  const last = lines.findLastIndex((line) => indents.includes(end.exec(line)?.[1] ?? "none"));
  return lines.slice(first === null ? 0 : 1, last === -1 ? lines.length : last);
}

/** Its sections; why it cannot be understood, if it cannot. What stands around the patch, as a shell's `<<EOF`, is left out. */
export function readCodexPatch(patch: string): CodexSection[] | { fault: string } {
  const lines = linesOf(patch);
  const sections: CodexSection[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at++] ?? "";
    if (line.trim() === "") continue;
    const [, verb, path = ""] = header.exec(line) ?? [];
    if (verb === undefined) return { fault: `"${line.slice(0, 80)}" is outside of any file's section.` };
    const from = at;
    while (at < lines.length && !header.test(lines[at] ?? "")) at++;
    const body = withoutBlankEnd(lines.slice(from, at));
    const section = readSection(verb, path, body);
    if ("fault" in section) return section;
    const before = sections.find((each) => each.kind === "edit" && each.path === path && each.to === undefined);
    // Models begin a file again for its next hunk.
    if (before?.kind === "edit" && section.kind === "edit" && section.to === undefined)
      before.hunks.push(...section.hunks);
    else sections.push(section);
  }
  return sections;
}

function readSection(verb: string, path: string, body: readonly string[]): CodexSection | { fault: string } {
  if (verb === "Delete")
    return body.length === 0 ? { kind: "delete", path } : { fault: `it holds lines for ${path}, which it deletes.` };
  if (verb === "Add") {
    const odd = body.find((line) => !line.startsWith("+") && line !== "");
    if (odd !== undefined) return { fault: `a line of the new file ${path} does not begin with "+".` };
    return { kind: "create", path, lines: body.map((line) => (line === "" ? "+" : line)) };
  }
  const [, to] = /^\*\*\* Move to: *(.+?)\s*$/.exec(body[0] ?? "") ?? [];
  const hunks = readHunks(to === undefined ? body : body.slice(1));
  if (hunks === undefined) return { fault: `a line of ${path} begins with none of " ", "+", "-" and "@@".` };
  if (hunks.length === 0 && to === undefined) return { fault: `it says nothing about ${path}.` };
  return { kind: "edit", path, to, hunks };
}

interface OpenHunk {
  anchors: string[];
  body: string[];
  isAtEnd: boolean;
}

function readHunks(lines: readonly string[]): LineHunk[] | undefined {
  const open: OpenHunk[] = [];
  const fresh = (): OpenHunk => {
    const hunk: OpenHunk = { anchors: [], body: [], isAtEnd: false };
    open.push(hunk);
    return hunk;
  };
  for (const line of lines) {
    const last = open.at(-1);
    if (line.startsWith("@@")) {
      // Several in a row name a class, then its method.
      const hunk = last !== undefined && last.body.length === 0 ? last : fresh();
      const anchor = anchorIn(line);
      if (anchor !== "") hunk.anchors.push(anchor);
    } else if (/^\*\*\* End of File\s*$/.test(line)) {
      if (last) last.isAtEnd = true;
    } else if (/^[ +-]/.test(line) || line === "") (last ?? fresh()).body.push(line);
    else return undefined;
  }
  return open.flatMap(({ anchors, body, isAtEnd }) => {
    const kept = withoutBlankEnd(body);
    // An editor takes the space from an empty line of context.
    const signed = kept.map((line) => (line === "" ? " " : line));
    // Lines without a neighbour go to the end.
    const isLast = isAtEnd || signed.every((line) => line.startsWith("+"));
    return signed.length === 0 ? [] : { anchors, lines: signed, isAtEnd: isLast };
  });
}

/** `@@ class A` names a line; `@@ -1,2 +1,3 @@ class A` has numbers too, which models guess. */
function anchorIn(line: string): string {
  return line
    .slice(2)
    .replace(/^\s*-\d+(?:,\d+)? \+\d+(?:,\d+)? @@/, "")
    .replace(/@@\s*$/, "")
    .trim();
}

/** Empty lines at the end separate it from what follows; an empty line of context has its space. */
function withoutBlankEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line !== "");
  return lines.slice(0, last + 1);
}
