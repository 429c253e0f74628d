import { headOf } from "@slipway/contract/cut";
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
  const refuse = (message: string): never => {
    const shown = path.length > 80 ? `${headOf(path, 80)}…` : path;
    throw new VisibleError("invalid_path", message, { path: shown });
  };
  if (trimmed === "") refuse("A name can't be empty.");
  if (!trimmed.isWellFormed()) refuse("Names must be valid Unicode.");
  if (/\p{Cc}/u.test(trimmed)) refuse("Names can't contain control characters.");
  if (trimmed.startsWith("/") || /^[A-Za-z]:[\\/]/.test(trimmed))
    refuse("A path must start in the project, not at / or a drive.");
  if (trimmed.includes("\\")) refuse("Names can't contain \\. Use / between folders.");
  if (Buffer.byteLength(trimmed) > maxPathBytes) refuse(`The path is longer than ${maxPathBytes} bytes.`);
  for (const name of trimmed.split("/")) {
    if (name === "") refuse("The name of a folder is empty.");
    // Windows drops dots and spaces at the end: such a name is empty there, or leads out of its folder.
    if (/^[. ]+$/.test(name)) refuse(name.includes("..") ? `Names can't contain "..".` : `"${name}" can't be a name.`);
    if (gitOnNTFS.test(name.replace(ignoredByHFS, ""))) refuse("The name .git is reserved, in every spelling.");
    if (Buffer.byteLength(name) > maxNameBytes) refuse(`A name is longer than ${maxNameBytes} bytes.`);
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
