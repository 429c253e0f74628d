import { createHash } from "node:crypto";
import { ancestors } from "../file/path.ts";
import { matches, parsePattern, type Pattern } from "@slipway/contract/wildmatch";
import { isPointer } from "./lfs-pointer.ts";

/** Git's `.gitattributes` files, and what they make of a file on its way into a commit. */

/** `text` → true, `-text` → false, `text=auto` → "auto"; absent when unspecified. */
export type Attributes = ReadonlyMap<string, string | boolean>;

interface Line {
  pattern: Pattern;
  settings: [name: string, value: string | boolean | undefined][];
}

/** The attributes of a path, by the texts of all `.gitattributes` files by path. Later lines and deeper files win. */
export function attributeRules(files: ReadonlyMap<string, string>): (path: string) => Attributes {
  const macros = new Map<string, Line["settings"]>([
    [
      "binary",
      [
        ["diff", false],
        ["merge", false],
        ["text", false],
      ],
    ],
  ]);
  const lines = new Map<string, Line[]>();
  for (const [path, text] of [...files].toSorted(([a], [b]) => a.length - b.length)) {
    const folder = path.slice(0, -".gitattributes".length);
    lines.set(folder, parseLines(text, folder === "" ? macros : undefined));
  }
  return (path) => {
    const found = new Map<string, string | boolean>();
    for (const folder of ["", ...ancestors(path).map((each) => `${each}/`)]) {
      const inside = path.slice(folder.length);
      for (const { pattern, settings } of lines.get(folder) ?? []) if (matches(pattern, inside)) apply(settings, found);
    }
    return found;
  };

  function apply(settings: Line["settings"], to: Map<string, string | boolean>, depth = 0): void {
    for (const [name, value] of settings) {
      if (value === undefined) to.delete(name);
      else to.set(name, value);
      const macro = value === true ? macros.get(name) : undefined;
      if (macro && depth < 8) apply(macro, to, depth + 1);
    }
  }
}

/** Only the top file may define macros. */
function parseLines(text: string, macros: Map<string, Line["settings"]> | undefined): Line[] {
  return text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((raw): Line[] => {
      const line = raw.trim();
      const quoted = /^"((?:[^"\\]|\\.)*)"\s*(.*)$/.exec(line);
      const [, pattern = "", rest = ""] = quoted ?? /^(\S+)\s*(.*)$/.exec(line) ?? [];
      if (pattern === "" || pattern.startsWith("#") || pattern.startsWith("!") || pattern.endsWith("/")) return [];
      const settings = rest.split(/\s+/).filter(Boolean).map(parseSetting);
      if (pattern.startsWith("[attr]")) {
        macros?.set(pattern.slice("[attr]".length), settings);
        return [];
      }
      return [{ pattern: parsePattern(quoted ? pattern.replace(/\\(.)/g, "$1") : pattern), settings }];
    });
}

function parseSetting(text: string): [string, string | boolean | undefined] {
  if (text.startsWith("-")) return [text.slice(1), false];
  if (text.startsWith("!")) return [text.slice(1), undefined];
  const equals = text.indexOf("=");
  return equals > 0 ? [text.slice(0, equals), text.slice(equals + 1)] : [text, true];
}

export interface Cleaned {
  bytes: Uint8Array;
  /** The object that Git LFS must hold, where the bytes are its pointer. */
  object?: { oid: string; size: number };
}

/**
 * A file as git commits it: LF line ends where the attributes say text, a pointer where they say `filter=lfs`. `committed`
 * is the file's last version; git leaves one with CRLF alone unless `text` is set.
 */
export function clean(bytes: Uint8Array, attributes: Attributes, committed?: Uint8Array): Cleaned {
  if (attributes.get("filter") === "lfs") {
    if (bytes.length === 0 || isPointer(bytes)) return { bytes };
    const oid = createHash("sha256").update(bytes).digest("hex");
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`;
    return { bytes: Buffer.from(pointer), object: { oid, size: bytes.length } };
  }
  return { bytes: toLF(bytes, attributes, committed) };
}

/** Whether `clean` asks for the committed version. */
export function dependsOnCommitted(bytes: Uint8Array, attributes: Attributes): boolean {
  return attributes.get("text") === "auto" && bytes.includes(13);
}

function toLF(bytes: Uint8Array, attributes: Attributes, committed: Uint8Array | undefined): Uint8Array {
  const text = attributes.get("text");
  const isAuto = text === "auto";
  const isText = isAuto || text === true || (text === undefined && ["lf", "crlf"].includes(`${attributes.get("eol")}`));
  if (!isText || !bytes.includes(13)) return bytes;
  if (isAuto && (looksBinary(bytes) || (committed && committed.includes(13) && !looksBinary(committed)))) return bytes;
  return Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}

/** Git's measure for `text=auto` (convert.c): a NUL, a lone CR, or more than one unprintable byte in 128. */
function looksBinary(bytes: Uint8Array): boolean {
  let [printable, unprintable] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 13) {
      if (bytes[at + 1] !== 10) return true;
    } else if (byte === 0) return true;
    else if (byte === 127 || (byte < 32 && ![8, 9, 10, 12, 27].includes(byte))) unprintable++;
    else if (byte !== 10) printable++;
  }
  if (bytes.at(-1) === 26) unprintable--;
  return printable >> 7 < unprintable;
}
