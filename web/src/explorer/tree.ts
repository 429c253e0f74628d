import type { FileEntry } from "@slipway/contract/file";

export interface Row {
  path: string;
  name: string;
  depth: number;
  isFolder: boolean;
  isOpen: boolean;
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

interface Node {
  name: string;
  path: string;
  folders: Map<string, Node>;
  files: FileEntry[];
}

/** The visible rows of a tree: folders first, then by name, numbers by their value. */
export function rowsOf(files: readonly FileEntry[], open: ReadonlySet<string>): Row[] {
  const root: Node = { name: "", path: "", folders: new Map(), files: [] };
  for (const file of files) {
    const names = file.path.split("/");
    let at = root;
    for (const name of file.kind === "folder" ? names : names.slice(0, -1)) {
      let next = at.folders.get(name);
      if (!next) {
        next = { name, path: at.path === "" ? name : `${at.path}/${name}`, folders: new Map(), files: [] };
        at.folders.set(name, next);
      }
      at = next;
    }
    if (file.kind !== "folder") at.files.push(file);
  }
  const rows: Row[] = [];
  const visit = (node: Node, depth: number) => {
    for (const folder of [...node.folders.values()].sort(
      (a, b) => collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1),
    )) {
      const isOpen = open.has(folder.path);
      rows.push({ path: folder.path, name: folder.name, depth, isFolder: true, isOpen });
      if (isOpen) visit(folder, depth + 1);
    }
    const named = node.files.map((file) => ({
      path: file.path,
      name: file.path.slice(file.path.lastIndexOf("/") + 1),
    }));
    for (const { path, name } of named.sort((a, b) => collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1))) {
      rows.push({ path, name, depth, isFolder: false, isOpen: false });
    }
  };
  visit(root, 0);
  return rows;
}
