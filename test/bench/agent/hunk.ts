/** How an edit is written down. */
export type Form = "unified" | "codex" | "replace";

/** One place of an edit: lines with their signs, as in a diff. */
export interface Hunk {
  /** From 1, before and after the edit. */
  from: number;
  to: number;
  lines: readonly string[];
}

export function headerOf({ from, to, lines }: Hunk): string {
  const count = (sign: string) => lines.filter((line) => line.startsWith(" ") || line.startsWith(sign)).length;
  const [old, now] = [count("-"), count("+")];
  return `@@ -${old === 0 ? from - 1 : from},${old} +${now === 0 ? to - 1 : to},${now} @@`;
}
