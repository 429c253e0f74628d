import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { maxKeptBytes, maxTailBytes } from "../src/protocol.ts";
import { ChangeSignal } from "./change-signal.ts";

/**
 * What a command writes. Its first 64 MB are in a file, its last 128 KB in memory; offsets count from its start. Reading
 * never holds up writing, so a slow reader costs no memory.
 */
export class Output {
  readonly changed = new ChangeSignal();
  readonly #path: string;
  #file: number | undefined;
  #total = 0;
  #kept = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "wx", 0o600);
  }

  get total(): number {
    return this.#total;
  }

  /** Bytes from the start that can be read at any time. Fewer than `total` beyond the limit, or when the disk is full. */
  get kept(): number {
    return this.#kept;
  }

  write(chunk: Buffer): void {
    const isWhole = this.#kept === this.#total;
    this.#total += chunk.length;
    if (isWhole && this.#file !== undefined) this.#kept += this.#keep(chunk.subarray(0, maxKeptBytes - this.#kept));
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    while (this.#tailBytes - (this.#tail[0]?.length ?? 0) >= maxTailBytes)
      this.#tailBytes -= this.#tail.shift()?.length ?? 0;
    this.changed.notify();
  }

  /** A full disk ends what is kept. The command itself learns of it by its own writes. */
  #keep(chunk: Buffer): number {
    let at = 0;
    try {
      while (at < chunk.length && this.#file !== undefined) at += writeSync(this.#file, chunk, at);
    } catch {
      this.end();
    }
    return at;
  }

  /** The bytes from `start` on that are still there, up to `end`, and where they begin. */
  async read(start: number, end: number): Promise<{ start: number; bytes: Buffer }> {
    const tailStart = this.#total - this.#tailBytes;
    const last = Math.min(end, this.#total);
    if (start >= tailStart || start >= this.#kept) {
      const from = Math.max(start, tailStart);
      return {
        start: from,
        bytes: Buffer.concat(this.#tail).subarray(from - tailStart, Math.max(0, last - tailStart)),
      };
    }
    const file = await open(this.#path, "r");
    try {
      const bytes = Buffer.alloc(Math.max(0, Math.min(last, this.#kept) - start));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
      return { start, bytes: bytes.subarray(0, bytesRead) };
    } finally {
      await file.close();
    }
  }

  /** The last lines, as text. */
  lastLines(count: number): string[] {
    const text = Buffer.concat(this.#tail).toString().trimEnd();
    return text === "" ? [] : text.split("\n").slice(-count);
  }

  end(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  remove(): void {
    this.end();
    this.#tail = [];
    this.#tailBytes = 0;
    rmSync(this.#path, { force: true });
  }
}
