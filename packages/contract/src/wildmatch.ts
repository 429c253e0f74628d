/**
 * Git's patterns for paths (`wildmatch`): `*` and `?` stay within a name, `**` spans folders. Names are compared by a
 * scan with one point to return to, so no pattern takes more than pattern × path steps; a regular expression could.
 */

export interface Pattern {
  /** Matches the last name only. */
  isName: boolean;
  names: readonly string[];
}

export function parsePattern(text: string): Pattern {
  const plain = text.replace(/^\//, "");
  return { isName: !text.includes("/"), names: plain.split("/") };
}

/** Whether a pattern matches a whole path, relative to the pattern's folder. */
export function matches({ isName, names }: Pattern, path: string): boolean {
  if (isName) return matchName(names[0] ?? "", path.slice(path.lastIndexOf("/") + 1));
  return matchNames(names, path.split("/"));
}

function matchNames(pattern: readonly string[], path: readonly string[]): boolean {
  let [p, s] = [0, 0];
  let back: { p: number; s: number } | undefined;
  for (;;) {
    const want = pattern[p];
    if (want === "**" && p === pattern.length - 1) return s < path.length;
    if (want === "**") {
      back = { p: ++p, s };
      continue;
    }
    if (s === path.length && p === pattern.length) return true;
    const name = path[s];
    if (want !== undefined && name !== undefined && matchName(want, name)) [p, s] = [p + 1, s + 1];
    else if (back && back.s < path.length) [p, s] = [back.p, ++back.s];
    else return false;
  }
}

/** One name against one part of a pattern. */
function matchName(pattern: string, name: string): boolean {
  let [p, s] = [0, 0];
  let back: { p: number; s: number } | undefined;
  for (;;) {
    if (pattern[p] === "*") {
      back = { p: ++p, s };
      continue;
    }
    if (s === name.length && p === pattern.length) return true;
    const next = s < name.length ? matchOne(pattern, p, name[s] ?? "") : undefined;
    if (next !== undefined) [p, s] = [next, s + 1];
    else if (back && back.s < name.length) [p, s] = [back.p, ++back.s];
    else return false;
  }
}

/** Where the pattern continues after one character, or undefined. */
function matchOne(pattern: string, at: number, char: string): number | undefined {
  const want = pattern[at];
  if (want === undefined) return undefined;
  if (want === "?") return at + 1;
  if (want === "\\") return pattern[at + 1] === char ? at + 2 : undefined;
  if (want === "[") return matchClass(pattern, at + 1, char);
  return want === char ? at + 1 : undefined;
}

const classes = new Map(
  Object.entries({
    alnum: /[A-Za-z0-9]/,
    alpha: /[A-Za-z]/,
    blank: /[ \t]/,
    cntrl: /\p{Cc}/u,
    digit: /[0-9]/,
    graph: /[!-~]/,
    lower: /[a-z]/,
    print: /[ -~]/,
    punct: /[!-/:-@[-`{-~]/,
    space: /\s/,
    upper: /[A-Z]/,
    xdigit: /[0-9A-Fa-f]/,
  }),
);

function matchClass(pattern: string, start: number, char: string): number | undefined {
  let at = start;
  const isNegated = pattern[at] === "!" || pattern[at] === "^";
  if (isNegated) at++;
  let isMatch = false;
  for (let isFirst = true; ; isFirst = false) {
    let low = pattern[at];
    if (low === undefined) return undefined;
    if (low === "]" && !isFirst) break;
    const named = low === "[" && pattern[at + 1] === ":" ? pattern.indexOf(":]", at + 2) : -1;
    if (named > 0) {
      const known = classes.get(pattern.slice(at + 2, named));
      if (!known) return undefined;
      isMatch ||= known.test(char);
      at = named + 2;
      continue;
    }
    if (low === "\\") low = pattern[++at] ?? "";
    at++;
    let high = low;
    if (pattern[at] === "-" && pattern[at + 1] !== "]" && pattern[at + 1] !== undefined) {
      high = pattern[++at] ?? "";
      if (high === "\\") high = pattern[++at] ?? "";
      at++;
    }
    isMatch ||= low <= char && char <= high;
  }
  return isMatch === isNegated ? undefined : at + 1;
}
