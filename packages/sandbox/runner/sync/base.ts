import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
  fstatSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { hashOf } from "./content-hash.ts";

/**
 * What the workspace and the store last agreed on: a hash per path, and how far the store's changes have been pulled. It
 * may lag behind, when the runner was killed: then both sides are equal where they agree, and nothing is lost.
 *
 * On disk it is a whole (`base.json`) and a log of what has changed since, so one change among thousands of files costs a line.
 * The whole names its log: one that belongs to an earlier whole is never read.
 */

const Mode = z.enum(["100644", "100755"]);
const Saved = z.object({
  gen: z.int(),
  rev: z.int(),
  files: z.array(z.tuple([z.string(), z.string(), Mode])),
  folders: z.array(z.string()),
  texts: z.array(z.tuple([z.string(), z.int(), z.int()])),
  log: z.int().nonnegative().default(0),
});

const Line = z.union([
  z.tuple([z.literal("file"), z.string(), z.string(), Mode]),
  z.tuple([z.literal("folder"), z.string()]),
  z.tuple([z.literal("gone"), z.string()]),
  z.tuple([z.literal("at"), z.int(), z.int()]),
  z.tuple([z.literal("text"), z.string(), z.int(), z.int()]),
]);
type Line = z.infer<typeof Line>;

export interface BaseFile {
  hash: string;
  mode: z.infer<typeof Mode>;
}

/** Texts up to this size are kept for merging. */
const maxTextBytes = 512 * 1024;
/** The file of texts is written anew when it is larger than this and mostly garbage. */
const maxGarbageBytes = 64 * 1024 * 1024;

export class Base {
  /** How far the store's changes have been pulled. */
  gen = 0;
  rev = 0;
  /** The same, as it is on disk: up to here no file is missing. */
  #complete = { gen: 0, rev: 0 };
  readonly files = new Map<string, BaseFile>();
  readonly folders = new Set<string>();
  readonly #folder: string;
  /** Where each text is in the file of texts. */
  #texts = new Map<string, [offset: number, length: number]>();
  #pack: number;
  #packed: number;
  #log = 0;
  /** What is not written down yet. */
  #lines: Line[] = [];
  /** How many the log holds; undefined while there is no whole that names it. */
  #logged: number | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#pack = openSync(join(folder, "texts"), "a+", 0o600);
    this.#packed = fstatSync(this.#pack).size;
    this.#load();
  }

  #load(): void {
    let saved: z.infer<typeof Saved> | undefined;
    try {
      saved = Saved.safeParse(JSON.parse(readFileSync(join(this.#folder, "base.json"), "utf8"))).data;
    } catch {
      // There is none, or it is damaged: everything is compared anew.
    }
    if (!saved) return;
    this.#setComplete(saved.gen, saved.rev);
    for (const [path, hash, mode] of saved.files) this.files.set(path, { hash, mode });
    for (const path of saved.folders) this.folders.add(path);
    for (const [hash, offset, length] of saved.texts) this.#setText(hash, offset, length);
    this.#log = saved.log;
    this.#replay();
  }

  /** A last line that was cut off, and what follows a damaged one, has not happened. */
  #replay(): void {
    this.#logged = 0;
    let text = "";
    try {
      text = readFileSync(this.#logPath(), "utf8");
    } catch {
      return;
    }
    for (const line of text.split("\n").slice(0, -1)) {
      const parsed = lineOf(line);
      if (!parsed) {
        // The next save writes a whole.
        this.#logged = undefined;
        return;
      }
      this.#apply(parsed);
      this.#logged++;
    }
    if (!text.endsWith("\n") && text !== "") this.#logged = undefined;
  }

  #apply(line: Line): void {
    if (line[0] === "file") this.files.set(line[1], { hash: line[2], mode: line[3] });
    else if (line[0] === "folder") this.folders.add(line[1]);
    else if (line[0] === "text") this.#setText(line[1], line[2], line[3]);
    else if (line[0] === "at") this.#setComplete(line[1], line[2]);
    else if (!this.files.delete(line[1])) this.folders.delete(line[1]);
  }

  #setText(hash: string, offset: number, length: number): void {
    if (offset + length <= this.#packed) this.#texts.set(hash, [offset, length]);
  }

  #logPath(): string {
    return join(this.#folder, `base-${this.#log}.log`);
  }

  /** Both sides hold this now. `bytes` are kept if they are a text. */
  set(path: string, file: BaseFile, bytes?: Buffer): void {
    this.files.set(path, file);
    this.#lines.push(["file", path, file.hash, file.mode]);
    if (bytes) this.#keep(file.hash, bytes);
  }

  drop(path: string): void {
    if (this.files.delete(path) || this.folders.delete(path)) this.#lines.push(["gone", path]);
  }

  addFolder(path: string): void {
    this.folders.add(path);
    this.#lines.push(["folder", path]);
  }

  /** Where files are missing, only this process knows that it came so far: the next one pulls them again. */
  advance(gen: number, rev: number, isComplete: boolean): void {
    [this.gen, this.rev] = [gen, rev];
    if (!isComplete || (gen === this.#complete.gen && rev === this.#complete.rev)) return;
    this.#complete = { gen, rev };
    this.#lines.push(["at", gen, rev]);
  }

  get complete(): { gen: number; rev: number } {
    return this.#complete;
  }

  #setComplete(gen: number, rev: number): void {
    [this.gen, this.rev] = [gen, rev];
    this.#complete = { gen, rev };
  }

  #keep(hash: string, bytes: Buffer): void {
    if (this.#texts.has(hash) || bytes.length > maxTextBytes || bytes.includes(0)) return;
    try {
      writeSync(this.#pack, bytes);
      this.#texts.set(hash, [this.#packed, bytes.length]);
      this.#lines.push(["text", hash, this.#packed, bytes.length]);
      this.#packed += bytes.length;
    } catch {
      // A full disk: a later conflict becomes a file of its own instead of a merge.
      this.#packed = fstatSync(this.#pack).size;
    }
  }

  /** A text that both sides held, if it is still there. */
  text(hash: string): string | undefined {
    const [offset, length] = this.#texts.get(hash) ?? [];
    if (offset === undefined || length === undefined) return undefined;
    const bytes = Buffer.alloc(length);
    readSync(this.#pack, bytes, 0, length, offset);
    return hashOf(bytes) === hash ? textOf(bytes) : undefined;
  }

  /** Writes it down, if it has changed. */
  save(): void {
    if (this.#lines.length === 0) return;
    const isCompacted = this.#compact();
    if (!isCompacted && this.#logged !== undefined && this.#logged + this.#lines.length < this.#longestLog()) {
      appendFileSync(this.#logPath(), this.#lines.map((line) => `${JSON.stringify(line)}\n`).join(""), { mode: 0o600 });
      this.#logged += this.#lines.length;
      this.#lines = [];
      return;
    }
    this.#saveWhole();
  }

  /** Reading it is to cost no more than reading the whole. */
  #longestLog(): number {
    return 500 + this.files.size;
  }

  #saveWhole(): void {
    const before = this.#logPath();
    this.#log++;
    const saved: z.infer<typeof Saved> = {
      ...this.#complete,
      files: [...this.files].map(([path, { hash, mode }]) => [path, hash, mode]),
      folders: [...this.folders],
      texts: [...this.#texts].map(([hash, [offset, length]]) => [hash, offset, length]),
      log: this.#log,
    };
    const path = join(this.#folder, "base.json");
    writeFileSync(`${path}.new`, JSON.stringify(saved), { mode: 0o600 });
    rmSync(this.#logPath(), { force: true });
    renameSync(`${path}.new`, path);
    rmSync(before, { force: true });
    this.#logged = 0;
    this.#lines = [];
  }

  /** Whether texts have moved. */
  #compact(): boolean {
    if (this.#packed < maxGarbageBytes) return false;
    const wanted = new Set([...this.files.values()].map(({ hash }) => hash));
    const live = [...this.#texts].filter(([hash]) => wanted.has(hash));
    const bytes = live.reduce((sum, [, [, length]]) => sum + length, 0);
    if (bytes * 2 > this.#packed) return false;
    const path = join(this.#folder, "texts");
    const pack = openSync(`${path}.new`, "w+", 0o600);
    const texts = new Map<string, [number, number]>();
    let at = 0;
    for (const [hash, [offset, length]] of live) {
      const text = Buffer.alloc(length);
      readSync(this.#pack, text, 0, length, offset);
      writeSync(pack, text);
      texts.set(hash, [at, length]);
      at += length;
    }
    closeSync(pack);
    renameSync(`${path}.new`, path);
    closeSync(this.#pack);
    this.#pack = openSync(path, "a+", 0o600);
    this.#packed = at;
    this.#texts = texts;
    return true;
  }
}

function lineOf(text: string): Line | undefined {
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** UTF-8 without NUL, or undefined. */
export function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
