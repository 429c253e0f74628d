import type { FileEntry } from "@slipway/contract/file";

/**
 * The files that `@path` or `@"a path"` in a text names, of those that there are. A mention needs no spaces around it,
 * because many languages write none; only an address of mail is none. The longest path that fits counts.
 */
export function mentionedIn(text: string, files: readonly FileEntry[]): FileEntry[] {
  const byPath = new Map(files.filter(({ kind }) => kind === "text").map((file) => [file.path.normalize(), file]));
  const found = new Set<FileEntry>();
  for (const [, quoted, plain = ""] of text.matchAll(/(?<![\w.+-])@(?:"([^"\n]+)"|(\S+))/g)) {
    const file = quoted === undefined ? longest(plain.normalize(), byPath) : byPath.get(quoted.normalize());
    if (file) found.add(file);
  }
  return [...found];
}

/** Longest paths are 1,024 bytes. */
const maxPath = 1024;

function longest(text: string, byPath: ReadonlyMap<string, FileEntry>): FileEntry | undefined {
  for (let length = Math.min(text.length, maxPath); length > 0; length--) {
    const file = byPath.get(text.slice(0, length));
    // What follows must not be more of a path: `a.ts.bak` does not mention `a.ts`.
    if (file && !/^\.*[\w/-]/.test(text.slice(length))) return file;
  }
  return undefined;
}
