import { VisibleError } from "@slipway/contract/error";
import { maxNameBytes, maxPathBytes } from "@slipway/contract/file";

/** What HFS+ leaves out when it compares names, as git has it (utf8.c, `next_hfs_char`). */
const ignoredByHFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;
/** NTFS drops dots and spaces at the end, has a short name for `.git`, and `:` names a stream (git: `is_ntfs_dotgit`). */
const gitOnNTFS = /^(?:\.git|git~1)[. ]*(?::.*)?$/i;

/**
 * A path as it is stored: relative, `/` between names, no trailing slash. Case and Unicode form are kept, because keys are
 * exact and a repository may hold names that differ only by them.
 * @throws VisibleError invalid_path that says what is wrong
 */
export function normalisePath(path: string): string {
  const trimmed = path.replace(/^\.\//, "").replace(/\/$/, "");
  const refuse = (why: string): never => {
    const shown = path.length > 80 ? `${path.slice(0, 80)}…` : path;
    throw new VisibleError("invalid_path", `"${printable(shown)}" is not a path for a file: ${why}.`, { path: shown });
  };
  if (trimmed === "") refuse("it is empty");
  if (!trimmed.isWellFormed()) refuse("it is not valid Unicode");
  if (/\p{Cc}/u.test(trimmed)) refuse("it holds a control character");
  if (trimmed.startsWith("/") || /^[A-Za-z]:[\\/]/.test(trimmed)) refuse("it must be relative to the project");
  if (trimmed.includes("\\")) refuse("use / between folders, not \\");
  if (Buffer.byteLength(trimmed) > maxPathBytes) refuse(`it is longer than ${maxPathBytes} bytes`);
  for (const name of trimmed.split("/")) {
    if (name === "") refuse("it has an empty folder name");
    // Windows drops dots and spaces at the end: such a name is empty there, or leads out of its folder.
    if (/^[. ]+$/.test(name)) refuse(`"${name}" is not allowed`);
    if (gitOnNTFS.test(name.replace(ignoredByHFS, ""))) refuse("it is a name of git's own folder .git");
    if (Buffer.byteLength(name) > maxNameBytes) refuse(`a name is longer than ${maxNameBytes} bytes`);
  }
  return trimmed;
}

/** `a/b/c` → `a`, `a/b`. */
export function ancestors(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join("/"));
}

/** The path of a file after a folder above it has moved. */
export function movedPath(path: string, from: string, to: string): string {
  return path === from ? to : to + path.slice(from.length);
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).toWellFormed();
}
