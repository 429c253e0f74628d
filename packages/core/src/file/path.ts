import { VisibleError } from "@slipway/contract/error";
import { maxNameBytes, maxPathBytes } from "@slipway/contract/file";

/**
 * A path as it is stored: relative, `/` between names, no trailing slash. Case and Unicode form are kept as they are,
 * because keys are exact and a repository may hold names that differ only by them.
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
    if (name === "." || name === "..") refuse(`"${name}" is not allowed`);
    if (name.toLowerCase() === ".git") refuse("a folder .git belongs to git alone");
    if (Buffer.byteLength(name) > maxNameBytes) refuse(`a name is longer than ${maxNameBytes} bytes`);
  }
  return trimmed;
}

/** `a/b/c` → `a`, `a/b`. */
export function ancestors(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join("/"));
}

/** What a path becomes when the folder that holds it moves. */
export function movedPath(path: string, from: string, to: string): string {
  return path === from ? to : to + path.slice(from.length);
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).toWellFormed();
}
