import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { programs } from "./folders.ts";

/**
 * Where sandboxes keep their files on this machine: below the data folder if any user can reach into it, else below
 * /var/tmp. A home folder that only its owner enters is closed to the user that a sandbox runs as.
 */
export function placeFor(data: string, isOtherUser: boolean): string {
  const own = join(data, "sandboxes");
  const digest = createHash("sha256").update(data).digest("hex").slice(0, 16);
  const place = !isOtherUser || isReachable(data) ? own : join("/var/tmp", `slipway-${digest}`);
  // Copies may be of another version.
  rmSync(join(place, programs), { recursive: true, force: true, maxRetries: 3 });
  mkdirSync(place, { recursive: true });
  chmodSync(place, 0o711);
  return place;
}

/** A file or folder that the sandbox's user can read: itself, or a copy below `place`. */
export function readable(path: string, place: string, isOtherUser: boolean): string {
  if (!isOtherUser || isReachable(path)) return path;
  const copy = join(place, programs, createHash("sha256").update(path).digest("hex").slice(0, 16), basename(path));
  if (!existsSync(copy)) cpSync(path, copy, { recursive: true, dereference: true });
  for (let at = dirname(copy); at !== place; at = dirname(at)) chmodSync(at, 0o711);
  return copy;
}

/** Whether any user can open it: every folder above it may be entered by others. */
function isReachable(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0 && statSync(at).isDirectory()) return false;
    if (at === dirname(at)) return true;
  }
}
