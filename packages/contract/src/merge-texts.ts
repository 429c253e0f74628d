import { mergeLines } from "./merge-lines.ts";

/**
 * Merges line by line. Lines that both appended to the end are all kept, since a log or a list has many writers; anything
 * else in one place is a conflict, and undefined.
 */
export function mergeTexts(base: string, mine: string, theirs: string): string | undefined {
  const lines: string[] = [];
  const parts = mergeLines(mine, base, theirs);
  for (const [at, { ok, conflict }] of parts.entries()) {
    if (ok) lines.push(...ok);
    else if (conflict) {
      const isLast = parts.slice(at + 1).every((part) => part.ok?.join("\n") === "");
      const appended = isLast ? bothAppended(conflict) : undefined;
      if (!appended) return undefined;
      lines.push(...appended);
    }
  }
  return lines.join("\n");
}

/** Both sides, theirs first, where each only added lines. */
function bothAppended({ a, o, b }: { a: string[]; o: string[]; b: string[] }): string[] | undefined {
  const startsWith = (side: string[]) => o.every((line, at) => side[at] === line);
  return startsWith(a) && startsWith(b) ? [...b, ...a.slice(o.length)] : undefined;
}
