import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeSync,
  type Stats,
} from "node:fs";
import { join } from "node:path";
import { hasCode } from "../failure.ts";
import { inFolder, isAbsent, namesOf, setMode } from "../files.ts";
import type { BaseFile } from "./base.ts";

/**
 * Changes of the workspace that lose nothing: a program may write to the same file at any moment. A file is replaced in one
 * step, and only if it still is what it was when it was compared; a file that is removed is looked at once more first.
 */

/** `changed`: compare again. `blocked`: a file or a link is where a folder has to be, or the other way round. */
export type Written = "done" | "changed" | "blocked";

export class Writer {
  readonly #root: string;
  readonly #owner: number | undefined;
  /** On the same file system as the workspace, and not in it: no one who watches it sees half a file. */
  readonly #incoming: string;
  #count = 0;

  constructor(options: { root: string; incoming: string; owner: number | undefined }) {
    this.#root = options.root;
    this.#owner = options.owner;
    this.#incoming = options.incoming;
    rmSync(this.#incoming, { recursive: true, force: true });
    mkdirSync(this.#incoming, { recursive: true, mode: 0o700 });
  }

  /** Puts bytes at a path at which there is `expected`: nothing, or that very file. */
  put(path: string, bytes: Buffer, mode: BaseFile["mode"], expected: Stats | undefined): Written {
    const made = this.#write(bytes, mode === "100755" ? 0o755 : 0o644);
    try {
      return this.#inParent(path, true, (target) => {
        const now = lstatSync(target, { throwIfNoEntry: false });
        if (now && !now.isFile()) return "blocked";
        if (expected) return this.#replace(made, target, expected);
        if (now) return "changed";
        linkSync(made, target);
        return "done";
      });
    } catch (error) {
      if (hasCode(error, "EEXIST") || hasCode(error, "ENOENT")) return "changed";
      throw error;
    } finally {
      removeFile(made);
    }
  }

  /**
   * In one step, which is all that a program that watches the file sees. What is replaced stays open meanwhile, not linked: a link
   * would be an event of its own, with the old content, and watchers ignore what follows within milliseconds.
   */
  #replace(made: string, target: string, expected: Stats): Written {
    const held = openSync(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if (!isUnchanged(fstatSync(held), expected)) return "changed";
      const { ino } = lstatSync(made);
      renameSync(made, target);
      if (isSameContent(fstatSync(held), expected)) return "done";
      // Written to in between: it comes back, to be compared again.
      const { mode } = awaitQuiet(held);
      const back = this.#write(readFileSync(held), mode & 0o777);
      // Unless a program has put a newer one there.
      if (lstatSync(target, { throwIfNoEntry: false })?.ino === ino) renameSync(back, target);
      else removeFile(back);
      return "changed";
    } finally {
      closeSync(held);
    }
  }

  setMode(path: string, mode: BaseFile["mode"]): void {
    this.#inParent(path, false, (target) => {
      const file = openSync(target, "r");
      try {
        setMode(file, mode === "100755" ? 0o755 : 0o644, undefined);
      } finally {
        closeSync(file);
      }
      return "done";
    });
  }

  /** Removes a file that still is what it was, and the folders above that it leaves empty. */
  remove(path: string, expected: Stats, keepFolder: (path: string) => boolean): Written {
    const taken = this.#name();
    const result = this.#inParent(path, false, (target) => {
      renameSync(target, taken);
      const now = lstatSync(taken);
      if (now.ino === expected.ino && isSameContent(now, expected)) return "done";
      try {
        linkSync(taken, target);
      } catch (error) {
        // Written anew in between: that is the newer one.
        if (!hasCode(error, "EEXIST")) throw error;
      }
      return "changed";
    });
    removeFile(taken);
    if (result !== "done") return result;
    for (let at = parentOf(path); at !== "" && !keepFolder(at) && this.removeFolder(at);) at = parentOf(at);
    return result;
  }

  makeFolder(path: string): Written {
    try {
      inFolder(this.#root, namesOf(path), () => undefined, { owner: this.#owner });
      return "done";
    } catch (error) {
      if (isAbsent(error)) return "blocked";
      throw error;
    }
  }

  /** Whether it was empty, and is gone. */
  removeFolder(path: string): boolean {
    try {
      this.#inParent(path, false, (target) => {
        rmdirSync(target);
        return "done";
      });
      return true;
    } catch (error) {
      if (["ENOTEMPTY", "ENOTDIR", "EBUSY", "EACCES"].some((code) => hasCode(error, code))) return false;
      throw error;
    }
  }

  /** Gives what is at a path, or blocks the way to it, another name. The new path; undefined if nothing was there. */
  moveAside(path: string, time: string): string | undefined {
    const names = namesOf(path);
    for (let depth = 0; depth < names.length; depth++) {
      const above = names.slice(0, depth);
      const name = names[depth] ?? "";
      const isLast = depth === names.length - 1;
      const moved = inFolder(this.#root, above, (folder) => {
        const stat = lstatSync(`${folder}/${name}`, { throwIfNoEntry: false });
        if (!stat) return null;
        if (!isLast && stat.isDirectory()) return undefined;
        const free = freeName(`${cut(name)}.conflict-${time}`, new Set(readdirSync(folder)));
        renameSync(`${folder}/${name}`, `${folder}/${free}`);
        return free;
      });
      if (moved === null) return undefined;
      if (moved !== undefined) return [...above, moved].join("/");
    }
    return undefined;
  }

  #write(bytes: Buffer, mode: number): string {
    const path = this.#name();
    const file = openSync(path, "wx");
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      setMode(file, mode, this.#owner);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    return path;
  }

  #name(): string {
    return join(this.#incoming, String(this.#count++));
  }

  #inParent(path: string, create: boolean, use: (target: string) => Written): Written {
    const names = namesOf(path);
    const name = names.pop() ?? "";
    try {
      return inFolder(
        this.#root,
        names,
        (folder) => use(`${folder}/${name}`),
        create ? { owner: this.#owner } : undefined,
      );
    } catch (error) {
      if (create && (hasCode(error, "ENOTDIR") || hasCode(error, "ELOOP"))) return "blocked";
      if (!create && isAbsent(error)) return "changed";
      throw error;
    }
  }
}

/** `rmSync` takes several times as long. */
function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let free = wanted;
  for (let count = 2; taken.has(free); count++) free = `${wanted}-${count}`;
  return free;
}

const quietMs = 20;
const maxQuietMs = 1000;

/** Whoever has the file open may still be writing to it. This is rare enough to stop everything for. */
function awaitQuiet(file: number): Stats {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  let stat = fstatSync(file);
  for (let waited = 0; waited < maxQuietMs; waited += quietMs) {
    Atomics.wait(clock, 0, 0, quietMs);
    const next = fstatSync(file);
    if (isSameContent(next, stat)) break;
    stat = next;
  }
  return stat;
}

function isUnchanged(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.ctimeMs === b.ctimeMs && isSameContent(a, b);
}

/** Links and renames change a file's `ctime`, so it cannot be compared after them. */
function isSameContent(a: Stats, b: Stats): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** Leaves room for what is added to a name of at most 255 bytes. */
export function cut(name: string): string {
  // A character that is cut in two decodes to this one.
  return Buffer.from(name)
    .subarray(0, 200)
    .toString()
    .replace(/\uFFFD$/, "");
}
