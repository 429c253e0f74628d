import { readFileSync, statSync } from "node:fs";
import { Notice } from "@slipway/contract/sandbox";

/** What the launcher did to this sandbox from outside, such as ending what used too much memory: lines of a file. */
export class Notices {
  readonly #path: string | undefined;
  #size = -1;
  #last: Notice[] = [];

  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** The last ones, oldest first. */
  read(): Notice[] {
    if (this.#path === undefined) return [];
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size === this.#size) return this.#last;
    this.#size = size;
    const lines = size === 0 ? [] : readFileSync(this.#path, "utf8").split("\n");
    this.#last = lines.flatMap((line) => parse(line)).slice(-20);
    return this.#last;
  }
}

function parse(line: string): Notice[] {
  try {
    const notice = Notice.safeParse(JSON.parse(line)).data;
    return notice ? [notice] : [];
  } catch {
    return [];
  }
}
