import { text } from "#text/explorer.ts";
import type { MenuItem } from "../components/menu.tsx";
import type { Row } from "./tree.ts";

export interface MenuActions {
  hasClipboard(): boolean;
  /** What an action on a row applies to. */
  targets(row: Row): readonly string[];
  create(kind: "file" | "folder", row: Row | undefined): void;
  upload(row: Row | undefined, kind: "file" | "folder"): void;
  take(row: Row, isCut: boolean): void;
  paste(row: Row | undefined): void;
  rename(row: Row): void;
  duplicate(row: Row): void;
  copyPath(row: Row): void;
  history(row: Row): void;
  /** A file; the whole project without one. */
  download(row?: Row): void;
  remove(row: Row): void;
}

/** The menu of a row, of several selected rows, or of the tree itself. */
export function menuItems(row: Row | undefined, actions: MenuActions): MenuItem[] {
  const create: MenuItem[] = [
    { label: text.newFile, run: () => actions.create("file", row) },
    { label: text.newFolder, run: () => actions.create("folder", row) },
  ];
  const upload: MenuItem[] = [
    { label: text.uploadFiles, separated: true, run: () => actions.upload(row, "file") },
    { label: text.uploadFolder, run: () => actions.upload(row, "folder") },
  ];
  const paste: MenuItem[] = actions.hasClipboard()
    ? [{ label: text.paste, keys: "Ctrl+V", run: () => actions.paste(row) }]
    : [];
  if (!row)
    return [
      ...create,
      ...paste,
      ...upload,
      { label: text.downloadZip, separated: true, run: () => actions.download() },
    ];
  const count = actions.targets(row).length;
  const edits: MenuItem[] = [
    { label: text.cut, keys: "Ctrl+X", separated: true, run: () => actions.take(row, true) },
    { label: text.copy, keys: "Ctrl+C", run: () => actions.take(row, false) },
    ...paste,
  ];
  const copyPath: MenuItem = { label: text.copyPath, run: () => actions.copyPath(row) };
  const remove: MenuItem = {
    label: count > 1 ? text.deleteMany(count) : text.delete,
    keys: "Del",
    danger: true,
    separated: true,
    run: () => actions.remove(row),
  };
  if (count > 1) return [...edits, copyPath, remove];
  const ofFile: MenuItem[] = [
    { label: text.localHistory, run: () => actions.history(row) },
    { label: text.download, run: () => actions.download(row) },
  ];
  return [
    ...create,
    ...(row.isFolder ? upload : []),
    ...edits,
    { label: text.rename, keys: "F2", separated: true, run: () => actions.rename(row) },
    { label: text.duplicate, run: () => actions.duplicate(row) },
    copyPath,
    ...(row.isFolder ? [] : ofFile),
    remove,
  ];
}
