/** Line numbers that a reading shows before its lines, and that models copy into edits. */

interface Edit {
  oldText: string;
  newText: string;
}

const numbered = /^\s*(\d+):(?: (.*)|)$/;

/** An edit without them. Undefined when the old text has none, "unclear" when not every number of the new one is theirs. */
export function withoutNumbers({ oldText, newText }: Edit): Edit | "unclear" | undefined {
  const [old, now] = [linesOf(oldText), linesOf(newText)];
  const [first] = old.numbers;
  if (first === undefined || !old.numbers.every((number, at) => number === first + at)) return undefined;
  const plain = joined(old.rest, old.isEnded);
  const given = now.numbers.filter((number) => number !== undefined);
  if (given.length === 0) return { oldText: plain, newText };
  const last = first + Math.max(old.numbers.length, now.numbers.length);
  const areTheirs = given.every((number, at) => number >= (given[at - 1] ?? first) && number <= last);
  // A file may itself hold lines that begin with numbers.
  if (!areTheirs || linesOf(plain).numbers.some((number) => number !== undefined)) return "unclear";
  return { oldText: plain, newText: joined(now.rest, now.isEnded) };
}

/** Whether new lines begin with the numbers of the place that they come to, though those they replace do not. */
export function bringsNumbers(
  { quoted, edited }: { quoted: readonly string[]; edited: readonly string[] },
  line: number,
): boolean {
  if (quoted.length === 0 || quoted.some((each) => numbered.test(each))) return false;
  const last = line + Math.max(quoted.length, edited.length);
  return edited.some((each) => {
    const number = Number(numbered.exec(each)?.[1]);
    return number >= line && number <= last;
  });
}

function linesOf(text: string): { numbers: (number | undefined)[]; rest: string[]; isEnded: boolean } {
  const isEnded = text.endsWith("\n");
  const lines = (isEnded ? text.slice(0, -1) : text).split("\n");
  const found = lines.map((line) => numbered.exec(line));
  return {
    numbers: found.map((match) => (match === null ? undefined : Number(match[1]))),
    rest: found.map((match, at) => (match === null ? (lines[at] ?? "") : (match[2] ?? ""))),
    isEnded,
  };
}

function joined(lines: readonly string[], isEnded: boolean): string {
  return lines.join("\n") + (isEnded ? "\n" : "");
}
