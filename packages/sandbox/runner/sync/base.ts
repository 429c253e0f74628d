import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
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
 */

const Mode = z.enum(["100644", "100755"]);
const Saved = z.object({
  gen: z.int(),
  rev: z.int(),
  files: z.array(z.tuple([z.string(), z.string(), Mode])),
  folders: z.array(z.string()),
  texts: z.array(z.tuple([z.string(), z.int(), z.int()])),
});

export interface BaseFile {
  hash: string;
  mode: z.infer<typeof Mode>;
}

/** Texts up to this size are kept for merging. */
const maxTextBytes = 512 * 1024;
/** The file of texts is written anew when it is larger than this and mostly garbage. */
const maxGarbageBytes = 64 * 1024 * 1024;

export class Base {
  gen = 0;
  rev = 0;
  readonly files = new Map<string, BaseFile>();
  readonly folders = new Set<string>();
  readonly #folder: string;
  /** Where each text is in the file of texts. */
  #texts = new Map<string, [offset: number, length: number]>();
  #pack: number;
  #packed: number;
  #isChanged = false;

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
    this.gen = saved.gen;
    this.rev = saved.rev;
    for (const [path, hash, mode] of saved.files) this.files.set(path, { hash, mode });
    for (const path of saved.folders) this.folders.add(path);
    for (const [hash, offset, length] of saved.texts)
      if (offset + length <= this.#packed) this.#texts.set(hash, [offset, length]);
  }

  /** Both sides hold this now. `bytes` are kept if they are a text. */
  set(path: string, file: BaseFile, bytes?: Buffer): void {
    this.files.set(path, file);
    this.#isChanged = true;
    if (bytes) this.#keep(file.hash, bytes);
  }

  drop(path: string): void {
    this.#isChanged = this.files.delete(path) || this.folders.delete(path) || this.#isChanged;
  }

  addFolder(path: string): void {
    this.folders.add(path);
    this.#isChanged = true;
  }

  advance(gen: number, rev: number): void {
    this.#isChanged ||= gen !== this.gen || rev !== this.rev;
    this.gen = gen;
    this.rev = rev;
  }

  #keep(hash: string, bytes: Buffer): void {
    if (this.#texts.has(hash) || bytes.length > maxTextBytes || bytes.includes(0)) return;
    try {
      writeSync(this.#pack, bytes);
      this.#texts.set(hash, [this.#packed, bytes.length]);
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
    if (!this.#isChanged) return;
    this.#compact();
    const saved: z.infer<typeof Saved> = {
      gen: this.gen,
      rev: this.rev,
      files: [...this.files].map(([path, { hash, mode }]) => [path, hash, mode]),
      folders: [...this.folders],
      texts: [...this.#texts].map(([hash, [offset, length]]) => [hash, offset, length]),
    };
    const path = join(this.#folder, "base.json");
    writeFileSync(`${path}.new`, JSON.stringify(saved), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    this.#isChanged = false;
  }

  #compact(): void {
    const wanted = new Set([...this.files.values()].map(({ hash }) => hash));
    const live = [...this.#texts].filter(([hash]) => wanted.has(hash));
    const bytes = live.reduce((sum, [, [, length]]) => sum + length, 0);
    if (this.#packed < maxGarbageBytes || bytes * 2 > this.#packed) return;
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
