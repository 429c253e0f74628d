import type { FileEntry } from "@slipway/contract/file";

/** The files that `@path` or `@"a path"` in a text names, of those that there are. */
export function mentionedIn(text: string, files: readonly FileEntry[]): FileEntry[] {
  const byPath = new Map(files.filter(({ kind }) => kind === "text").map((file) => [file.path, file]));
  const found = new Set<FileEntry>();
  for (const [, quoted, plain = ""] of text.matchAll(/(?<!\S)@(?:"([^"\n]+)"|(\S+))/g)) {
    // Punctuation may follow it.
    const names = quoted === undefined ? [plain, plain.replace(/[.,;:!?)\]}'"]+$/, "")] : [quoted];
    const file = names.map((name) => byPath.get(name)).find((each) => each !== undefined);
    if (file) found.add(file);
  }
  return [...found];
}
