import { readFileSync } from "node:fs";

/**
 * As whom a sandbox runs. Never as root: its limits do not hold for root, and what escapes would be root. A server that runs
 * as root gives each sandbox an unprivileged user of its own, so that neither can signal the other or read its files. Any
 * other server runs it as itself.
 */
export interface Identity {
  /** The user and group to change to before anything else; undefined to stay. */
  readonly uid: number | undefined;
}

/** Far above the users that a system or its containers assign. */
const first = 1_879_048_192;
const count = 65_536;

export interface Identities {
  /** One that nothing runs as, and that owns nothing that is kept. */
  next(isTaken?: (uid: number) => boolean): Identity;
  /** Whether sandboxes of this server run, or ran, as this user. */
  isOurs(uid: number): boolean;
}

/** @throws Error when this user namespace has no id to spare */
export function identities(): Identities {
  const own = process.getuid?.();
  if (own !== 0) return { next: () => ({ uid: undefined }), isOurs: (uid) => uid === own };
  const base = firstOf(readFileSync("/proc/self/uid_map", "utf8"), readFileSync("/proc/self/gid_map", "utf8"));
  let at = Math.floor(Math.random() * base.count);
  const after = () => base.first + (at++ % base.count);
  return {
    next(isTaken = () => false) {
      let uid = after();
      while (isTaken(uid)) uid = after();
      return { uid };
    },
    isOurs: (uid) => uid >= base.first && uid < base.first + base.count,
  };
}

/** The ids to use where only some are mapped, as in a container without privileges. */
export function firstOf(uidMap: string, gidMap: string): { first: number; count: number } {
  const end = Math.min(lastOf(uidMap), lastOf(gidMap)) + 1;
  if (end >= first + count) return { first, count };
  // The upper half of what there is, below `nobody`.
  const upper = Math.min(end, 65_534);
  const lower = Math.max(10_000, Math.floor(upper / 2));
  if (upper <= lower) throw new Error("This user namespace has too few users for sandboxes.");
  return { first: lower, count: upper - lower };
}

/** The highest id of the range that begins lowest. */
function lastOf(map: string): number {
  const ranges = map
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((range) => range.length === 3);
  const reachable = ranges.map(([inside = 0, , length = 0]) => inside + length - 1);
  return Math.max(0, ...reachable);
}
