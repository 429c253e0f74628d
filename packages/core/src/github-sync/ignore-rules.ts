import { ancestors } from "../file/path.ts";
import { matches, parsePattern, type Pattern } from "./wildmatch.ts";

/** Git's `.gitignore` files. What the repository tracks already is never ignored: that is the caller's part. */

interface Rule {
  pattern: Pattern;
  isNegated: boolean;
  foldersOnly: boolean;
}

/**
 * Whether a file is ignored, by the texts of all `.gitignore` files by path. The last matching line of the deepest file
 * decides; nothing inside an ignored folder can be included again.
 */
export function ignoreRules(files: ReadonlyMap<string, string>): (path: string) => boolean {
  const rules = new Map<string, Rule[]>();
  for (const [path, text] of files) rules.set(path.slice(0, -".gitignore".length), parseRules(text));
  if (rules.size === 0) return () => false;
  const folders = new Map<string, boolean>();

  function decide(path: string, isFolder: boolean): boolean {
    for (const folder of [...ancestors(path).map((each) => `${each}/`), ""].toSorted((a, b) => b.length - a.length)) {
      const inside = path.slice(folder.length);
      const last = rules
        .get(folder)
        ?.findLast(({ pattern, foldersOnly }) => (isFolder || !foldersOnly) && matches(pattern, inside));
      if (last) return !last.isNegated;
    }
    return false;
  }

  return (path) => {
    for (const folder of ancestors(path)) {
      let isIgnored = folders.get(folder);
      if (isIgnored === undefined) folders.set(folder, (isIgnored = decide(folder, true)));
      if (isIgnored) return true;
    }
    return decide(path, false);
  };
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
