import { headOf } from "@slipway/contract/cut";

/** A part of a text: for people as it is, for the model with numbered lines and how to read the rest. */

const maxLines = 2000;
/** Characters of one reading, and of one of its lines when it is not read alone. */
const maxText = 50_000;
const maxLineLength = 2000;

export function readLines(
  text: string,
  { path, startLine, endLine }: { path: string; startLine: number; endLine?: number | undefined },
): { output: string; told?: string } {
  if (text === "") return { output: `${path} is empty.` };
  const isEnded = text.endsWith("\n");
  const lines = (isEnded ? text.slice(0, -1) : text).split("\n");
  if (startLine > lines.length) return { output: `${path} ends at line ${lines.length}.` };
  const wanted = lines.slice(startLine - 1, Math.min(endLine ?? lines.length, startLine + maxLines - 1));
  if (wanted.length === 0) return { output: `Line ${endLine} is before line ${startLine}: there is nothing between.` };
  const limit = wanted.length === 1 ? maxText : maxLineLength;
  const shown: string[] = [];
  let length = 0;
  for (const [at, line] of wanted.entries()) {
    const kept = bounded(line, { limit, number: startLine + at });
    length += kept.length + 1;
    if (length > maxText && shown.length > 0) break;
    shown.push(kept);
  }
  const last = startLine + shown.length - 1;
  const isWhole = startLine === 1 && last === lines.length;
  const next = last < lines.length ? `; read on with startLine: ${last + 1}` : "";
  const range = `[lines ${startLine}–${last} of ${lines.length}`;
  const numbered = shown.map((line, at) => `${startLine + at}: ${line}`).join("\n");
  const unended = last === lines.length && !isEnded ? `\n${noLineBreak}` : "";
  return {
    output: shown.join("\n") + (isWhole ? "" : `\n${range}]`),
    told: numbered + unended + (isWhole ? "" : `\n${range}${next}]`),
  };
}

const noLineBreak = "[the last line has no line break]";

function bounded(line: string, { limit, number }: { limit: number; number: number }): string {
  if (line.length <= limit) return line;
  const how = limit === maxText ? "" : `; read line ${number} alone to see more of it`;
  return `${headOf(line, limit)}… [cut: ${line.length} characters${how}]`;
}
