import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, type Dirent, type Stats } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { maxPathBytes } from "@slipway/contract/file";
import { IgnoreRules } from "@slipway/contract/ignore-rules";
import { maxSyncedBytes } from "@slipway/contract/routes/sandbox-sync";
import { Failure, hasCode } from "../failure.ts";
import { isAbsent, readFile, statOf } from "../files.ts";
import { isHarmless, reasons } from "../not-kept.ts";
import type { Base, BaseFile } from "./base.ts";
import { hashOf } from "./content-hash.ts";
import { isAlwaysIgnored } from "./ignored.ts";

/** What the workspace holds. 5,000 files that have not changed take 40 ms: a stat each. */

export interface Scan {
  files: Map<string, BaseFile>;
  /** All folders that are not ignored. */
  folders: Set<string>;
  emptyFolders: string[];
  /** What cannot be synced, with the reason. */
  localOnly: Map<string, string>;
  /** Folders that could not be read: what is in them is unknown. */
  unreadable: string[];
}

interface Seen {
  stat: Pick<Stats, "ino" | "size" | "mtimeMs" | "ctimeMs">;
  hash: string;
  /** It changed so shortly before it was read that a later change could bear the same time. */
  isYoung: boolean;
}

const youngMs = 100;
const maxDepth = 200;
const maxRulesBytes = 512 * 1024;
/** Entries between two looks at what else waits. */
const slice = 500;

export class Scanner {
  readonly #root: string;
  #seen = new Map<string, Seen>();

  constructor(root: string) {
    this.#root = root;
  }

  async scan(base: Base): Promise<Scan> {
    const scan: Scan = {
      files: new Map(),
      folders: new Set(),
      emptyFolders: [],
      localOnly: new Map(),
      unreadable: [],
    };
    const walk = { scan, base, rules: new IgnoreRules(), skipped: new Set<string>(), count: 0 };
    const root = openSync(this.#root, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await this.#walk(walk, root, "", 0);
    } finally {
      closeSync(root);
    }
    this.#addTracked(walk);
    for (const path of this.#seen.keys()) if (!scan.files.has(path)) this.#seen.delete(path);
    return scan;
  }

  /** One file as it is now. Undefined if it is none. */
  file(path: string): (BaseFile & { stat: Stats }) | undefined {
    const stat = statOf(this.#root, path);
    if (!stat?.isFile()) return undefined;
    const hash = this.#hash(path, stat);
    return hash === undefined ? undefined : { hash, mode: modeOf(stat), stat };
  }

  async #walk(walk: Walk, folder: number, prefix: string, depth: number): Promise<void> {
    const { scan, base, rules } = walk;
    const here = `/proc/self/fd/${folder}`;
    const entries = readdirSync(here, { withFileTypes: true });
    if (entries.some((entry) => entry.name === ".gitignore" && entry.isFile())) this.#readRules(rules, prefix);
    let kept = 0;
    for (const entry of entries) {
      if (++walk.count % slice === 0) await setImmediate();
      const path = prefix + entry.name;
      const unnamed = unnamable(entry.name, path);
      if (unnamed !== undefined) {
        scan.localOnly.set(path, unnamed);
        kept++;
        continue;
      }
      const isIgnored = isAlwaysIgnored(entry.name) || rules.isIgnored(path, entry.isDirectory());
      if (entry.isDirectory()) {
        if (isIgnored || depth === maxDepth) walk.skipped.add(path);
        else if (await this.#descend(walk, here, entry, path, depth)) kept++;
        continue;
      }
      if (isIgnored && !base.files.has(path)) continue;
      kept++;
      const reason = reasonOf(entry, `${here}/${entry.name}`, prefix);
      if (reason !== undefined) scan.localOnly.set(path, reason);
      else this.#addFile(scan, path, lstatSync(`${here}/${entry.name}`, { throwIfNoEntry: false }));
    }
    if (prefix !== "" && kept === 0 && entries.length === 0) scan.emptyFolders.push(prefix.slice(0, -1));
  }

  async #descend(walk: Walk, here: string, { name }: Dirent, path: string, depth: number): Promise<boolean> {
    const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
    let folder: number;
    try {
      folder = openSync(`${here}/${name}`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    } catch (error) {
      if (isAbsent(error)) return false;
      if (!hasCode(error, "EACCES") && !hasCode(error, "EPERM")) throw error;
      walk.scan.unreadable.push(path);
      walk.scan.folders.add(path);
      return true;
    }
    try {
      walk.scan.folders.add(path);
      await this.#walk(walk, folder, `${path}/`, depth + 1);
    } finally {
      closeSync(folder);
    }
    return true;
  }

  #readRules(rules: IgnoreRules, prefix: string): void {
    try {
      rules.add(`${prefix}.gitignore`, readFile(this.#root, `${prefix}.gitignore`, maxRulesBytes).bytes.toString());
    } catch (error) {
      // It has gone since, or is no list of patterns.
      if (!(error instanceof Failure)) throw error;
    }
  }

  /** What the store has is never ignored, also in a folder that is. */
  #addTracked({ scan, base, skipped }: Walk): void {
    if (skipped.size === 0) return;
    for (const path of base.files.keys())
      if (!scan.files.has(path) && isBelow(path, skipped)) this.#addFile(scan, path, statOf(this.#root, path));
    for (const path of base.folders)
      if (
        !scan.folders.has(path) &&
        (skipped.has(path) || isBelow(path, skipped)) &&
        statOf(this.#root, path)?.isDirectory()
      )
        scan.folders.add(path);
  }

  #addFile(scan: Scan, path: string, stat: Stats | undefined): void {
    if (!stat?.isFile()) return;
    if (stat.size > maxSyncedBytes) {
      scan.localOnly.set(path, "It is larger than 25 MB.");
      return;
    }
    const hash = this.#hash(path, stat);
    if (hash !== undefined) scan.files.set(path, { hash, mode: modeOf(stat) });
  }

  #hash(path: string, stat: Stats): string | undefined {
    const seen = this.#seen.get(path);
    if (seen && !seen.isYoung && isSame(seen.stat, stat)) return seen.hash;
    try {
      const read = readFile(this.#root, path, maxSyncedBytes);
      const { ino, size, mtimeMs, ctimeMs } = read.stat;
      const hash = hashOf(read.bytes);
      const isYoung = Date.now() - Math.max(mtimeMs, ctimeMs) < youngMs || read.bytes.length !== size;
      this.#seen.set(path, { stat: { ino, size, mtimeMs, ctimeMs }, hash, isYoung });
      return hash;
    } catch (error) {
      if (error instanceof Failure) return undefined;
      if (hasCode(error, "EACCES")) return seen?.hash;
      throw error;
    }
  }
}

/** Why what is no file stays here, and whether the next sandbox has it. */
function reasonOf(entry: Dirent, place: string, prefix: string): string | undefined {
  if (entry.isFile()) return undefined;
  if (!entry.isSymbolicLink()) return reasons.special;
  try {
    const above = prefix.split("/").filter((name) => name !== "");
    return isHarmless(above, readlinkSync(place)) ? "Links stay in the sandbox." : reasons.link;
  } catch {
    return reasons.link;
  }
}

/** Why a name cannot go to the store. What else it refuses, it says itself. */
function unnamable(name: string, path: string): string | undefined {
  if (name.includes("\uFFFD")) return "Its name is not valid text, so it stays in the sandbox.";
  return Buffer.byteLength(path) > maxPathBytes ? `Its path is longer than ${maxPathBytes} bytes.` : undefined;
}

interface Walk {
  scan: Scan;
  base: Base;
  rules: IgnoreRules;
  skipped: Set<string>;
  count: number;
}

export function isSame(a: Seen["stat"], b: Seen["stat"]): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}

function modeOf(stat: Stats): BaseFile["mode"] {
  return (stat.mode & 0o100) === 0 ? "100644" : "100755";
}

/** Whether one of these folders is above a path. */
export function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
    if (folders.has(path.slice(0, at))) return true;
  return false;
}
