import type { Text } from "@codemirror/state";

/**
 * Characters past which a line is shown without colours and markers: a grammar takes 849 ms per key in one line of 1.9 MB.
 * VS Code draws the line at the same length.
 */
const maxLine = 20_000;

/** Whether a text has a line that is too long for colours. */
export function hasLongLine(text: string): boolean {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from);
    if ((end < 0 ? text.length : end) - from > maxLine) return true;
    if (end < 0) return false;
    from = end + 1;
  }
  return false;
}

/** The same for the lines that hold a range, such as one that was just inserted. */
export function isLongAt(doc: Text, from: number, to: number): boolean {
  for (let at = from; at <= to;) {
    const line = doc.lineAt(at);
    if (line.length > maxLine) return true;
    at = line.to + 1;
  }
  return false;
}
