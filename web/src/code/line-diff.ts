import { diffPatch } from "node-diff3";

/** Replaces lines `oldFrom` to `oldTo` with `text`. */
export interface LineChange {
  oldFrom: number;
  oldTo: number;
  text: string[];
}

/** The changes that turn one text into another, in order. */
export function diffLines(before: string, after: string): LineChange[] {
  return diffPatch(before.split("\n"), after.split("\n")).map(({ buffer1, buffer2 }) => ({
    oldFrom: buffer1.offset,
    oldTo: buffer1.offset + buffer1.length,
    text: buffer2.chunk,
  }));
}

/** The same as text for the model: `-` removed and `+` added lines, with line numbers. */
export function asDiff(before: string, after: string): string {
  const old = before.split("\n");
  return diffLines(before, after)
    .map(({ oldFrom, oldTo, text }) =>
      [
        `@@ line ${oldFrom + 1} @@`,
        ...old.slice(oldFrom, oldTo).map((line) => `-${line}`),
        ...text.map((line) => `+${line}`),
      ].join("\n"),
    )
    .join("\n");
}
