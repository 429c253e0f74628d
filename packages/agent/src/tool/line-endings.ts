import { diffArrays } from "diff";

/** A text as models write it, with `\n` and without a byte order mark, and the way back to how its file is kept. */
export interface PlainText {
  text: string;
  /** The file's content for an edited text: lines that stay keep their ending, new ones get that of their neighbour. */
  restore(edited: string): string;
}

const mark = "\uFEFF";

export function plainText(content: string): PlainText {
  const start = content.startsWith(mark) ? mark : "";
  const body = content.slice(start.length);
  const text = toLF(body);
  const hasCRLF = text.length < body.length;
  if (!hasCRLF) return { text, restore: (edited) => start + edited };
  const isMixed = /(?<!\r)\n/.test(body);
  return {
    text,
    restore: (edited) => start + (isMixed ? withEndings(body, edited) : edited.replaceAll("\n", "\r\n")),
  };
}

/** A text of the model, as it is compared with a plain one. */
export function toLF(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/** Milliseconds that a comparison may take: it grows with the square of what differs. */
const timeout = 2000;

function withEndings(before: string, edited: string): string {
  const old = linesOf(before);
  const lines = edited.split("\n");
  const endings: (string | undefined)[] = [];
  let at = 0;
  const parts = diffArrays(
    old.map(({ text }) => text),
    lines,
    { timeout },
  );
  for (const { added, removed, count } of parts ?? []) {
    if (removed) at += count;
    else if (added) endings.push(...Array.from({ length: count }, () => undefined));
    else for (let n = 0; n < count; n++) endings.push(old[at++]?.ending);
  }
  const most = old.filter(({ ending }) => ending === "\r\n").length * 2 > old.length ? "\r\n" : "\n";
  let ending = endings.find((each) => each !== undefined && each !== "") ?? most;
  return lines
    .map((line, index) => {
      if (index === lines.length - 1) return line;
      ending = endings[index] || ending;
      return line + ending;
    })
    .join("");
}

function linesOf(text: string): { text: string; ending: string }[] {
  return text.split("\n").map((line, index, all) => {
    const isLast = index === all.length - 1;
    const hasReturn = !isLast && line.endsWith("\r");
    return { text: hasReturn ? line.slice(0, -1) : line, ending: isLast ? "" : hasReturn ? "\r\n" : "\n" };
  });
}
