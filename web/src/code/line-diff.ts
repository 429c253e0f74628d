import { diffPatch } from "node-diff3";

/** Lines `oldFrom` to `oldTo` of a text give way to `text`. */
export interface LineChange {
  oldFrom: number;
  oldTo: number;
  text: string[];
}

/** What makes one text of another, line by line, in order. */
export function diffLines(before: string, after: string): LineChange[] {
  return diffPatch(before.split("\n"), after.split("\n")).map(({ buffer1, buffer2 }) => ({
    oldFrom: buffer1.offset,
    oldTo: buffer1.offset + buffer1.length,
    text: buffer2.chunk,
  }));
}

/** The same as a model reads it: `-` lines that go, `+` lines that come, with where. */
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
