import { watch, type FSWatcher } from "node:fs";

/**
 * Hears of changes below the folders that are synced. One watch per folder: those that are ignored, with their tens of
 * thousands of files, cost nothing.
 */
export class Watcher {
  readonly #root: string;
  readonly #onChange: () => void;
  readonly #watches = new Map<string, FSWatcher>();
  /** The system watches no more folders: only scans find changes in the others. */
  #isFull = false;

  constructor(root: string, onChange: () => void) {
    this.#root = root;
    this.#onChange = onChange;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Watches exactly these folders, and the root. Whether there are new ones: what happened in them before was not heard. */
  update(folders: ReadonlySet<string>): boolean {
    for (const [path, watched] of this.#watches) {
      if (path === "" || folders.has(path)) continue;
      watched.close();
      this.#watches.delete(path);
    }
    this.#isFull = false;
    const before = this.#watches.size;
    for (const path of ["", ...folders]) if (!this.#watches.has(path) && !this.#add(path)) break;
    return this.#watches.size > before;
  }

  #add(path: string): boolean {
    try {
      const watched = watch(path === "" ? this.#root : `${this.#root}/${path}`, { persistent: false }, this.#onChange);
      watched.on("error", () => {
        watched.close();
        this.#watches.delete(path);
      });
      this.#watches.set(path, watched);
    } catch (error) {
      const isGone = error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
      // Gone since the scan: the change of its parent is heard.
      if (isGone) return true;
      this.#isFull = true;
      return false;
    }
    return true;
  }

  close(): void {
    for (const watched of this.#watches.values()) watched.close();
    this.#watches.clear();
  }
}
