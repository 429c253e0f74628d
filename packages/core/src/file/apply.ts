import { VisibleError } from "@slipway/contract/error";
import { maxChanges } from "@slipway/contract/file";
import type { WriteItem } from "../table/table.ts";
import { commitChanges, CommitRefused, maxItems, type Committed } from "./commit.ts";
import { pathsOf, type Change } from "./plan.ts";
import type { Writer } from "./writer.ts";

/**
 * Conditions that every commit of a series must meet: that a lease is held, that an operation has not been cancelled.
 * Each is an item of the transaction, so nothing can be written after the condition has failed.
 */
export type Guard = readonly WriteItem[];

/** A guard refused: the lease, the operation or the project is gone. Nothing more may be written. */
export class GuardRefused extends Error {
  override readonly name = "GuardRefused";
}

export interface Applied {
  /** Revision of the last commit; undefined when nothing was left to write. */
  rev: number | undefined;
  /** Changes that were not applied because `stop` asked for an end. */
  left: number;
}

/**
 * Applies any number of changes in as many commits as they need. Changes name single files and folder rows, not folders
 * with their contents. This is the only place that cuts changes into commits. Each commit is atomic; the series is not. A caller that must survive a crash recomputes what
 * remains and applies that.
 * @throws GuardRefused; VisibleError as `commitChanges`, with the commits before it written
 */
export async function apply(
  target: { projectID: string; writer: Writer },
  changes: readonly Change[],
  options: {
    guard?: Guard;
    /** Further items of a commit. One whose condition fails ends the series like a guard. */
    note?(rev: number, part: readonly Change[]): readonly WriteItem[];
    onCommit?(committed: Committed, part: readonly Change[]): Promise<void> | void;
    /** Asked before each commit. */
    stop?(): boolean;
  } = {},
): Promise<Applied> {
  const guard = options.guard ?? [];
  let rev: number | undefined;
  let done = 0;
  for (const part of cut(changes, maxItems - guard.length - reserved)) {
    if (options.stop?.()) break;
    try {
      const committed = await commitChanges({
        ...target,
        changes: part,
        alongside: guard,
        note: (at) => options.note?.(at, part) ?? [],
      });
      rev = committed.rev;
      done += part.length;
      await options.onCommit?.(committed, part);
    } catch (error) {
      if (error instanceof CommitRefused) throw new GuardRefused("the series may not continue", { cause: error });
      throw error;
    }
  }
  return { rev, left: changes.length - done };
}

export function fitsOneCommit(changes: readonly Change[]): boolean {
  return cut(changes, maxItems - reserved).length <= 1;
}

/** Items that `note` may add to each commit. */
const reserved = 3;

/** Parts that fit one commit each: at most `size` rows, and no path twice. A move writes two rows. */
export function cut(changes: readonly Change[], size: number): Change[][] {
  const parts: Change[][] = [];
  let part: Change[] = [];
  let rows = 0;
  let seen = new Set<string>();
  for (const change of changes) {
    const paths = pathsOf(change);
    const isFull = rows + paths.length > size || part.length === maxChanges;
    if (part.length > 0 && (isFull || paths.some((path) => seen.has(path)))) {
      parts.push(part);
      [part, rows, seen] = [[], 0, new Set()];
    }
    part.push(change);
    rows += paths.length;
    for (const path of paths) seen.add(path);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** Whether a commit failed because a file changed after the series was planned: plan again. */
export function isRace(error: unknown): boolean {
  return (
    error instanceof VisibleError &&
    (error.code === "stale_revision" || (error.code === "not_found" && error.details.path !== undefined))
  );
}
