/** What the lines of an edit are indented by in the file, when the quote is indented in another way. */

/** The file's indentation for a line of the edit; undefined when the quote does not show it. */
export type Indenting = (line: string) => string | undefined;

export function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? "";
}

/** Undefined when the quote has lost how its lines are indented among themselves, or may have. */
export function indentingOf(
  actual: readonly string[],
  { quoted, edited }: { quoted: readonly string[]; edited: readonly string[] },
): Indenting | undefined {
  const known = new Map<string, string>();
  const others = new Map<string, string>();
  for (const [at, line] of quoted.entries()) {
    if (line.trim() === "") continue;
    const [theirs, ours] = [indentOf(line), indentOf(actual[at] ?? "")];
    const depths = isInComment(line) ? others : known;
    if ((depths.get(theirs) ?? ours) !== ours) return undefined;
    depths.set(theirs, ours);
  }
  const pairs = [...known];
  if ([...pairs, ...others].every(([theirs, ours]) => theirs === ours)) return indentOf;
  if (new Set(known.values()).size < known.size) return undefined;
  // Without any indentation, lines of several depths look as if they were of one.
  if ([...quoted, ...edited].every((line) => indentOf(line) === "" || line.trim() === "")) return undefined;
  const [first, second] = pairs;
  // One depth does not tell how far apart two are.
  const shift = first !== undefined && second !== undefined ? shiftOf(first, pairs) : undefined;
  return (line) => (isInComment(line) ? others : known).get(indentOf(line)) ?? shift?.(indentOf(line));
}

/** The lines of a comment that begin with a star, one space deeper than the code. */
function isInComment(line: string): boolean {
  return /^\s*\*(?!\*)/.test(line);
}

function shiftOf(
  [theirs, ours]: [string, string],
  pairs: readonly [string, string][],
): ((indent: string) => string | undefined) | undefined {
  if (ours.endsWith(theirs)) {
    const more = ours.slice(0, ours.length - theirs.length);
    if (pairs.every((pair) => pair[1] === more + pair[0])) return (indent) => more + indent;
  }
  if (theirs.endsWith(ours)) {
    const less = theirs.slice(0, theirs.length - ours.length);
    if (pairs.every((pair) => pair[0] === less + pair[1]))
      return (indent) => (indent.startsWith(less) ? indent.slice(less.length) : undefined);
  }
  return undefined;
}
