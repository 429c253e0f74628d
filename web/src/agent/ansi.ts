/**
 * The output of a command as parts of text with a class for colour and weight. Only colours, bold and dim are kept of what a
 * terminal would do; a line that was overwritten is shown as it was left. The output is a stranger's: the result is text.
 */
export interface Part {
  text: string;
  class: string;
}

const escape = String.fromCharCode(27);
const bell = String.fromCharCode(7);
/** A style; any other sequence, up to its end or that of the text; a lone escape. */
const sequence = new RegExp(
  `${escape}\\[([0-9;:]*)m|${escape}\\[[0-?]*[ -/]*[@-~]?|${escape}[\\]PX^_][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|${escape}[ -/]*[0-~]?`,
  "g",
);

export function partsOf(output: string): Part[] {
  const parts: Part[] = [];
  const style = { colour: "", bold: false, dim: false };
  const add = (raw: string) => {
    const text = cleaned(raw);
    if (text === "") return;
    const name = [style.colour, style.bold ? "font-semibold" : "", style.dim ? "text-quiet" : ""]
      .filter(Boolean)
      .join(" ");
    const last = parts.at(-1);
    if (last?.class === name) last.text += text;
    else parts.push({ text, class: name });
  };
  const lines = output.split("\n").map(asLeft).join("\n");
  let at = 0;
  for (const match of lines.matchAll(sequence)) {
    add(lines.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[1] !== undefined) apply(style, match[1]);
  }
  add(lines.slice(at));
  return parts;
}

/** Without styles. */
export function plainText(output: string): string {
  return partsOf(output)
    .map(({ text }) => text)
    .join("");
}

/** What a carriage return leaves of a line. Styles before it are kept. */
function asLeft(line: string): string {
  const ended = line.replace(/\r+$/, "");
  const from = ended.lastIndexOf("\r");
  if (from === -1) return ended;
  const styles = [...ended.slice(0, from).matchAll(sequence)].map(([found]) => found).join("");
  return styles + ended.slice(from + 1);
}

/** No controls but tab and line feed, and nothing that turns the direction of text. */
function cleaned(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, "");
}

/** The page's own colours, whose contrast holds in both themes. */
const colours = ["", "text-bad", "text-good", "text-warn", "text-accent", "text-accent", "text-accent", ""];

function apply(style: { colour: string; bold: boolean; dim: boolean }, codes: string): void {
  const numbers = codes === "" ? [0] : codes.split(/[;:]/).map(Number);
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at] ?? 0;
    if (code === 0) Object.assign(style, { colour: "", bold: false, dim: false });
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 22) Object.assign(style, { bold: false, dim: false });
    else if (code === 39) style.colour = "";
    else if (code === 90) style.colour = "text-quiet";
    else if ((code >= 30 && code <= 37) || (code >= 91 && code <= 97)) style.colour = colours[code % 10] ?? "";
    // A colour of 256, or of all: its numbers are none of ours.
    else if (code === 38 || code === 48) at += numbers[at + 1] === 5 ? 2 : 4;
  }
}
