/** Lines that are read to find out how a file indents. */
const sample = 500;

/** What one level of indentation is in a text: a tab, or spaces. Undefined if nothing is indented. */
export function indentationOf(text: string): string | undefined {
  let tabs = 0;
  const steps = new Map<number, number>();
  let before = 0;
  for (const line of text.split("\n", sample)) {
    if (line.trim() === "") continue;
    if (line.startsWith("\t")) tabs++;
    const spaces = /^ */.exec(line)?.[0].length ?? 0;
    // A step of one is an aligned comment, not a level.
    const step = spaces - before;
    if (step > 1 && step <= 8) steps.set(step, (steps.get(step) ?? 0) + 1);
    before = spaces;
  }
  const [width, count] = [...steps].sort(([, a], [, b]) => b - a)[0] ?? [0, 0];
  if (tabs > count) return "\t";
  return count > 0 ? " ".repeat(width) : undefined;
}
