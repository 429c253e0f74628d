import type { Row } from "./tree.ts";
import { folderOf } from "./names.ts";

export interface TreeActions {
  rows(): readonly Row[];
  focused(): Row | undefined;
  indexOf(path: string): number;
  /** Rows that fit on the screen. */
  page(): number;
  /** Moves to a row; `extends` selects everything on the way. */
  go(index: number, extend: boolean): void;
  toggle(path: string, to: boolean): void;
  choose(row: Row, pinned: boolean): void;
  rename(row: Row): void;
  remove(row: Row): void;
  menu(row: Row | undefined): void;
  selectAll(): void;
  /** Selects the focused row alone. Returns whether others were selected. */
  clear(): boolean;
  take(row: Row, isCut: boolean): void;
  paste(row: Row | undefined): void;
  undo(): void;
}

/** The keys of the tree, as in VS Code. @returns whether the key was one of them */
export function onTreeKey(event: KeyboardEvent, tree: TreeActions): boolean {
  const rows = tree.rows();
  const row = tree.focused();
  const at = row ? tree.indexOf(row.path) : -1;
  const go = (index: number) => tree.go(Math.max(0, Math.min(rows.length - 1, index)), event.shiftKey);
  const isMod = event.ctrlKey || event.metaKey;
  const plain: Record<string, () => void> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    PageDown: () => go(at + tree.page()),
    PageUp: () => go(at - tree.page()),
    Home: () => go(0),
    End: () => go(rows.length - 1),
    ArrowRight: () => row?.isFolder && (row.isOpen ? go(at + 1) : tree.toggle(row.path, true)),
    ArrowLeft: () => {
      if (row?.isFolder && row.isOpen) tree.toggle(row.path, false);
      else if (row && folderOf(row.path) !== "") go(tree.indexOf(folderOf(row.path)));
    },
    Enter: () => row && tree.choose(row, true),
    " ": () => row && tree.choose(row, false),
    F2: () => row && tree.rename(row),
    Delete: () => row && tree.remove(row),
    ContextMenu: () => tree.menu(row),
  };
  const withMod: Record<string, () => void> = {
    z: () => tree.undo(),
    a: () => tree.selectAll(),
    c: () => row && tree.take(row, false),
    x: () => row && tree.take(row, true),
    v: () => tree.paste(row),
    backspace: () => event.metaKey && row && tree.remove(row),
  };
  // Without a selection, Escape closes the panel that lies over the editor.
  if (event.key === "Escape") return tree.clear();
  if (event.key === "F10" && event.shiftKey) tree.menu(row);
  else if (event.altKey) return false;
  else if (isMod) {
    const action = event.shiftKey ? undefined : withMod[event.key.toLowerCase()];
    if (!action) return false;
    action();
  } else if (plain[event.key]) plain[event.key]?.();
  else if (event.key.length === 1 && event.key !== "?") {
    // Type-ahead: the next name that starts with the letter.
    const letter = event.key.toLowerCase();
    const found = [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find(({ name }) =>
      name.toLowerCase().startsWith(letter),
    );
    if (found) tree.go(tree.indexOf(found.path), false);
  } else return false;
  return true;
}
