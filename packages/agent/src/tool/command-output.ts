import { stripVTControlCharacters } from "node:util";
import { headOf, tailOf } from "@slipway/contract/cut";
import { quote } from "../prompt/note.ts";

/** What a command wrote, for a model and for a card. It is its program's word, and may be anything. */

export const maxLines = 2000;
export const maxTold = 50_000;
/** Bytes of the head and the tail that are read for it. */
export const edgeBytes = 64 * 1024;

/** As a model reads it: no colours or other control characters, a line that was overwritten only as it was left. */
export function plain(output: string): string {
  return stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.replace(/\r+$/, "").replace(/^.*\r/, ""))
    .join("\n")
    .replace(/[^\P{Cc}\t\n]/gu, "")
    .replace(/[\u2028\u2029\u202A-\u202E\u2066-\u2069]/g, "")
    .replace(/<(?=\s*\/?\s*slipway-note)/gi, "&lt;");
}

/**
 * Head and tail of an output, with how much is missing between them, and the `command` whose output `read_output` reads
 * whole. `head` and `tail` are its first and last bytes, `total`
 * all of them; where they meet, `tail` is empty.
 */
export function bounded(
  { head, tail, total, command }: { head: string; tail: string; total: number; command?: string },
  limits = { lines: maxLines, characters: maxTold },
): string {
  const first = plain(head);
  if (tail === "" && first.length <= limits.characters && lineCount(first) <= limits.lines) return first;
  const last = tail === "" ? first : plain(tail);
  const half = { lines: Math.floor(limits.lines / 2), characters: Math.floor(limits.characters / 2) };
  const start = firstLines(headOf(first, half.characters), half.lines);
  const end = lastLines(tailOf(last, half.characters), half.lines);
  const missing = Math.max(0, total - Buffer.byteLength(start) - Buffer.byteLength(end));
  const how = command === undefined ? "" : `; read_output with id ${quote(command)} reads them`;
  const [left, all] = [missing, total].map((bytes) => bytes.toLocaleString("en"));
  return `${start}\n[… ${left} bytes of ${all} are left out here${how} …]\n${end}`;
}

function lineCount(text: string): number {
  return text.split("\n").length;
}

function firstLines(text: string, count: number): string {
  return text.split("\n").slice(0, count).join("\n");
}

function lastLines(text: string, count: number): string {
  return text.split("\n").slice(-count).join("\n");
}

/** The end of a growing output, decoded as it comes. */
export class Tail {
  readonly #decoder = new TextDecoder();
  readonly #limit: number;
  text = "";
  /** Where the next byte belongs. */
  offset: number;

  constructor(limit: number, offset = 0) {
    this.#limit = limit;
    this.offset = offset;
  }

  add(offset: number, bytes: Uint8Array): void {
    if (offset > this.offset && this.text !== "") this.text += "\n[…]\n";
    this.offset = offset + bytes.byteLength;
    this.text = tailOf(this.text + this.#decoder.decode(bytes, { stream: true }), this.#limit);
  }
}
