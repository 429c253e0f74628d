import { maxPushedBytes, maxPushedChanges, type PushedChange } from "@slipway/contract/routes/sandbox-sync";
import { textOf, type Base, type BaseFile } from "./base.ts";
import { isBelow, type Scan } from "./scan.ts";

/** What the workspace has changed since both sides agreed, as changes to push. */

/** A change before its content is read. */
export type Change =
  | { op: "put"; path: string; base: string | null; file: BaseFile }
  | { op: "delete"; path: string; base: string }
  | { op: "folder"; path: string }
  | { op: "rmdir"; path: string };

/** Deletes come first: a name may be a file before and a folder after, or the other way round. */
export function changesOf(scan: Scan, base: Base): Change[] {
  const unreadable = new Set(scan.unreadable);
  const isKnown = (path: string) => !unreadable.has(path) && !isBelow(path, unreadable);
  const puts: Change[] = [];
  const deletes: Change[] = [];
  for (const [path, file] of scan.files) {
    const before = base.files.get(path);
    if (before?.hash !== file.hash || before.mode !== file.mode)
      puts.push({ op: "put", path, base: before?.hash ?? null, file });
  }
  // A file that has become a link, or too large, stays in the store as it was.
  for (const [path, { hash }] of base.files)
    if (!scan.files.has(path) && !scan.localOnly.has(path) && isKnown(path))
      deletes.push({ op: "delete", path, base: hash });
  for (const path of [...base.folders].toSorted((a, b) => b.length - a.length))
    if (!scan.folders.has(path) && isKnown(path)) deletes.push({ op: "rmdir", path });
  const folders = scan.emptyFolders.filter((path) => !base.folders.has(path));
  return [...deletes, ...puts, ...folders.map((path): Change => ({ op: "folder", path }))];
}

/** Larger contents are uploaded by themselves. */
const maxInlineBytes = 1024 * 1024;

/** A put with its content, where that has to be sent: the store has what it had under any name before. */
export function withContent(change: Extract<Change, { op: "put" }>, bytes: Buffer, isKnown: boolean): PushedChange {
  const { op, path, base, file } = change;
  const plain = { op, path, base, ...file, size: bytes.length };
  if (isKnown || bytes.length > maxInlineBytes) return plain;
  const text = textOf(bytes);
  return text === undefined ? { ...plain, data: bytes.toString("base64") } : { ...plain, text };
}

export function sizeOf(change: PushedChange): number {
  return change.op === "put" ? (change.text?.length ?? change.data?.length ?? 0) + 200 : 200;
}

/** Whether another change still fits into a push. */
export function fits(count: number, bytes: number, next: number): boolean {
  return count < maxPushedChanges && (count === 0 || bytes + next <= maxPushedBytes);
}

/** `20261126-143501`, for names of files that hold a losing version. */
export function conflictTime(now: Date): string {
  return now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
}

/** A name that `moveAside` gives. */
export function isConflict(path: string): boolean {
  return /\.conflict-\d{8}-\d{6}(?:-\d+)?$/.test(path);
}
