import { diff3Merge } from "node-diff3";

/** Line by line. Lines that both inserted at one place, with nothing replaced, are all kept. Undefined on a conflict. */
export function mergeTexts(base: string, mine: string, theirs: string): string | undefined {
  const lines: string[] = [];
  const parts = diff3Merge(mine.split("\n"), base.split("\n"), theirs.split("\n"), { excludeFalseConflicts: true });
  for (const { ok, conflict } of parts) {
    if (ok) lines.push(...ok);
    else if (conflict) {
      const inserted = bothInserted(conflict);
      if (!inserted) return undefined;
      lines.push(...inserted);
    }
  }
  return lines.join("\n");
}

/** Both sides of a conflict where each only added to what was there: theirs first. */
function bothInserted({ a, o, b }: { a: string[]; o: string[]; b: string[] }): string[] | undefined {
  const startsWith = (side: string[]) => o.every((line, at) => side[at] === line);
  return startsWith(a) && startsWith(b) ? [...b, ...a.slice(o.length)] : undefined;
}
