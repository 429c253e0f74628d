import { matches, parsePattern, type Pattern } from "./wildmatch.ts";

/** Git's `.gitignore` files. What the repository tracks already is never ignored: that is the caller's part. */

interface Rule {
  pattern: Pattern;
  isNegated: boolean;
  foldersOnly: boolean;
}

/**
 * Whether a file or a folder is ignored, by the texts of `.gitignore` files by path. The last matching line of the deepest
 * file decides; nothing inside an ignored folder can be included again. A walk adds files as it meets them: a file counts
 * for paths that are asked after.
 */
export class IgnoreRules {
  readonly #rules = new Map<string, Rule[]>();
  readonly #folders = new Map<string, boolean>();

  constructor(files: ReadonlyMap<string, string> = new Map()) {
    for (const [path, text] of files) this.add(path, text);
  }

  /** @param path of the `.gitignore` */
  add(path: string, text: string): void {
    this.#rules.set(path.slice(0, -".gitignore".length), parseRules(text));
  }

  isIgnored(path: string, isFolder = false): boolean {
    if (this.#rules.size === 0) return false;
    for (const folder of foldersAbove(path)) {
      let isIgnored = this.#folders.get(folder);
      if (isIgnored === undefined) this.#folders.set(folder, (isIgnored = this.#decide(folder, true)));
      if (isIgnored) return true;
    }
    return this.#decide(path, isFolder);
  }

  #decide(path: string, isFolder: boolean): boolean {
    for (const folder of [...foldersAbove(path).map((each) => `${each}/`), ""].toSorted(
      (a, b) => b.length - a.length,
    )) {
      const inside = path.slice(folder.length);
      const last = this.#rules
        .get(folder)
        ?.findLast(({ pattern, foldersOnly }) => (isFolder || !foldersOnly) && matches(pattern, inside));
      if (last) return !last.isNegated;
    }
    return false;
  }
}

/** `a/b/c` → `a`, `a/b`. */
function foldersAbove(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join("/"));
}

function parseRules(text: string): Rule[] {
  return text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((raw): Rule[] => {
      // A space at the end counts only when it is escaped.
      let line = raw.replace(/\r$/, "").replace(/(?<!\\) +$/, "");
      if (line === "" || line.startsWith("#")) return [];
      const isNegated = line.startsWith("!");
      if (isNegated) line = line.slice(1);
      const foldersOnly = line.endsWith("/");
      if (foldersOnly) line = line.slice(0, -1);
      return line === "" ? [] : [{ pattern: parsePattern(line), isNegated, foldersOnly }];
    });
}
