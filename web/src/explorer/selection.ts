/** Selected rows of the tree. */
export interface Selection {
  paths: ReadonlySet<string>;
  /** Where a range begins. */
  anchor: string | undefined;
  /** The row that the keys move. */
  focused: string | undefined;
}

export const nothing: Selection = { paths: new Set(), anchor: undefined, focused: undefined };

export function only(path: string | undefined): Selection {
  return { paths: new Set(path === undefined ? [] : [path]), anchor: path, focused: path };
}

/** Adds a row, or removes one that is selected. */
export function toggled({ paths }: Selection, path: string): Selection {
  const next = new Set(paths);
  if (!next.delete(path)) next.add(path);
  return { paths: next, anchor: path, focused: path };
}

/** Everything from the anchor to a row. */
export function extended({ anchor, focused }: Selection, rows: readonly string[], path: string): Selection {
  const start = rows.indexOf(anchor ?? focused ?? path);
  const end = rows.indexOf(path);
  if (start < 0 || end < 0) return only(path);
  return {
    paths: new Set(rows.slice(Math.min(start, end), Math.max(start, end) + 1)),
    anchor: rows[start],
    focused: path,
  };
}

/** Paths without those inside of another one. */
export function topmost(paths: Iterable<string>): string[] {
  const all = [...paths].sort();
  return all.filter((path) => !all.some((other) => path.startsWith(`${other}/`)));
}

/** What an action on a row applies to: the selection if the row is in it, else the row. */
export function targets({ paths }: Selection, path: string): string[] {
  return paths.has(path) ? topmost(paths) : [path];
}
