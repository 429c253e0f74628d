/** The part of a text that a hunk's anchors name: `class A`, and within it `def f`. */

export interface Scope {
  /** The anchor's own line. */
  anchor: number;
  /** The first line below it that is not blank. */
  first: number;
  /** Before the next line at the anchor's indentation or less. */
  end: number;
}

/** Where the innermost anchor may be, each within the one before it. */
export function scopesOf(lines: readonly string[], anchors: readonly string[]): Scope[] {
  const whole: Scope = { anchor: -1, first: 0, end: lines.length };
  return anchors.reduce((outer, anchor) => outer.flatMap((scope) => scopesIn(lines, scope, anchor)), [whole]);
}

/** Whether a block of quoted lines begins in a scope, directly below its anchor, or holds the anchor itself. */
export function isInScope(
  lines: readonly string[],
  { anchor, first, end }: Scope,
  { at, length }: { at: number; length: number },
): boolean {
  if (at <= anchor) return anchor < at + length;
  let start = at;
  while (start < at + length && isBlank(lines[start])) start++;
  return start < end || start === first;
}

function scopesIn(lines: readonly string[], { anchor: outer, end }: Scope, anchor: string): Scope[] {
  const wanted = anchor.trim();
  const placesOf = (isWanted: (line: string) => boolean) =>
    lines.flatMap((line, at) => (at > outer && at < end && isWanted(line.trim()) ? [at] : []));
  const whole = placesOf((line) => line === wanted);
  const begun = placesOf(
    (line) => line.startsWith(wanted) && !/^\w\w/.test(wanted.slice(-1) + line.charAt(wanted.length)),
  );
  // The start of a line says which one only if one line alone has it.
  const places = whole.length > 0 ? whole : begun.length === 1 ? begun : [];
  return places.map((at) => ({
    anchor: at,
    first: lines.findIndex((line, index) => index > at && !isBlank(line)),
    end: Math.min(end, endOfScope(lines, at)),
  }));
}

function endOfScope(lines: readonly string[], at: number): number {
  const indent = indentOf(lines[at] ?? "");
  const isWithin = (line: string) =>
    isBlank(line) || (line.startsWith(indent) && /^\s/.test(line.slice(indent.length))) || continuesHead(line);
  const end = lines.findIndex((line, index) => index > at && !isWithin(line));
  return end === -1 ? lines.length : end;
}

/** `{` below a function's name, or `): string {` below its parameters. */
function continuesHead(line: string): boolean {
  return /^\s*(?:\{|[)\]>].*[{:(])\s*$/.test(line);
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? "";
}

function isBlank(line: string | undefined): boolean {
  return line?.trim() === "";
}
