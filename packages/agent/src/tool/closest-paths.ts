import { quote } from "../prompt/note.ts";

/** Paths that a wrong one may have meant: the same name elsewhere, in another case or with another ending, or a slip. */

const maxShown = 3;
const maxSlips = 2;

export function closestPaths(wrong: string, paths: readonly string[]): string[] {
  const wanted = nameOf(wrong).toLowerCase();
  return paths
    .flatMap((path) => {
      const unlikeness = compare(wanted, nameOf(path).toLowerCase());
      return unlikeness === undefined ? [] : [{ path, unlikeness, shared: sharedEnd(wrong, path) }];
    })
    .sort((a, b) => a.unlikeness - b.unlikeness || b.shared - a.shared || a.path.localeCompare(b.path))
    .slice(0, maxShown)
    .map(({ path }) => path);
}

/** What a model is told after a wrong path. */
export function hintOf(wrong: string, paths: readonly string[]): string {
  const closest = closestPaths(wrong, paths);
  return closest.length === 0
    ? " list_files shows what there is."
    : ` Did you mean ${closest.map(quote).join(" or ")}?`;
}

/** 0 for the same name; undefined for names that have nothing to do with each other. */
function compare(wanted: string, name: string): number | undefined {
  if (name === wanted) return 0;
  const slips = slipsBetween(wanted, name);
  if (slips !== undefined && slips * 3 <= wanted.length) return slips;
  return stemOf(wanted) !== "" && stemOf(wanted) === stemOf(name) ? maxSlips + 1 : undefined;
}

/** Characters that were added, left out, changed or swapped with their neighbour; undefined for more than a few. */
function slipsBetween(one: string, other: string): number | undefined {
  if (Math.abs(one.length - other.length) > maxSlips || one.length > 100) return undefined;
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      const changed = (row[j - 1] ?? 0) + (isSame ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(changed, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  const slips = row.at(-1) ?? Infinity;
  return slips <= maxSlips ? slips : undefined;
}

/** How many folders above the name are the same. */
function sharedEnd(one: string, other: string): number {
  const [a, b] = [one, other].map((path) => path.toLowerCase().split("/").slice(0, -1).toReversed());
  let shared = 0;
  while (a?.[shared] !== undefined && a[shared] === b?.[shared]) shared++;
  return shared;
}

function nameOf(path: string): string {
  return path.replace(/\/+$/, "").split("/").at(-1) ?? path;
}

function stemOf(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, "");
}
