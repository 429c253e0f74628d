import { text } from "#text/explorer.ts";

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/**
 * What a typed name means: without spaces around it, unless the old name had them, and in the Unicode form that keyboards
 * and models write, so that no two names look the same.
 */
export function readName(typed: string, before = ""): string {
  if (typed === before) return typed;
  const kept = before === before.trim() ? typed.trim() : typed;
  return kept.normalize("NFC");
}

/** Why a path cannot be created; undefined if it can, as far as the page knows. */
export function problemOf(path: string, paths: ReadonlySet<string>): string | undefined {
  if (path.startsWith("/")) return text.leadingSlash;
  if (path.includes("\\")) return text.backslash;
  if (/\p{Cc}/u.test(path)) return text.controlCharacter;
  const names = path.replace(/\/$/, "").split("/");
  if (names.includes("")) return text.emptyFolder;
  if (names.some((name) => /^[. ]+$/.test(name))) return text.dots;
  const alike = path.normalize("NFC");
  for (const each of paths) if (each.normalize("NFC") === alike) return text.exists(nameOf(path));
  return undefined;
}

/** A free name for a copy: `a copy.txt`, `a copy 2.txt`. */
export function copyName(path: string, taken: ReadonlySet<string>): string {
  const slash = path.lastIndexOf("/");
  const dot = path.lastIndexOf(".");
  const [stem, ending] = dot > slash + 1 ? [path.slice(0, dot), path.slice(dot)] : [path, ""];
  let to = `${stem} copy${ending}`;
  for (let n = 2; taken.has(to); n++) to = `${stem} copy ${n}${ending}`;
  return to;
}
