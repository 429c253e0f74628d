import type { FileEntry } from "@slipway/contract/file";

export interface Row {
  path: string;
  name: string;
  depth: number;
  isFolder: boolean;
  isOpen: boolean;
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const byName = (a: { name: string }, b: { name: string }) =>
  collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1);

/** A folder and its entries, sorted when it is first opened. */
export interface Folder {
  name: string;
  path: string;
  folders: Map<string, Folder>;
  files: { name: string; path: string }[];
  sorted?: { folders: Folder[]; files: { name: string; path: string }[] };
}

/** The tree of all files. Opening and closing folders does not rebuild it. */
export function treeOf(files: readonly FileEntry[]): Folder {
  const root: Folder = { name: "", path: "", folders: new Map(), files: [] };
  for (const { path, kind } of files) {
    let at = root;
    let from = 0;
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", from)) {
      at = folderIn(at, path.slice(from, slash), path.slice(0, slash));
      from = slash + 1;
    }
    const name = path.slice(from);
    if (kind === "folder") folderIn(at, name, path);
    else at.files.push({ name, path });
  }
  return root;
}

function folderIn(parent: Folder, name: string, path: string): Folder {
  let folder = parent.folders.get(name);
  if (!folder) {
    folder = { name, path, folders: new Map(), files: [] };
    parent.folders.set(name, folder);
  }
  return folder;
}

/** The visible rows of a tree: folders first, then by name, numbers by value. */
export function rowsOf(tree: Folder, open: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const visit = (folder: Folder, depth: number) => {
    folder.sorted ??= { folders: [...folder.folders.values()].sort(byName), files: folder.files.sort(byName) };
    for (const each of folder.sorted.folders) {
      const isOpen = open.has(each.path);
      rows.push({ path: each.path, name: each.name, depth, isFolder: true, isOpen });
      if (isOpen) visit(each, depth + 1);
    }
    for (const { path, name } of folder.sorted.files) rows.push({ path, name, depth, isFolder: false, isOpen: false });
  };
  visit(tree, 0);
  return rows;
}
