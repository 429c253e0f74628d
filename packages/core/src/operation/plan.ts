import { VisibleError } from "@slipway/contract/error";
import type { UndoRange } from "@slipway/contract/file";
import type { Change } from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import { normalisePath } from "../file/file.ts";
import { movedPath } from "../file/path.ts";
import type { Rejection } from "../review/rejection.ts";

/** What an operation does, as it was asked. Paths are normalised. */
export type Request =
  | { kind: "move"; path: string; to: string }
  | { kind: "delete"; path: string }
  | { kind: "undo"; range: UndoRange; rejection?: Rejection | undefined }
  | { kind: "restore"; checkpoint: number; base: number };

/**
 * Everything that is left to do, computed from the files as they are. Resuming after a crash is therefore no special
 * case: once everything has been applied, the plan is empty.
 * @throws VisibleError invalid_path, conflict, not_found
 */
export async function plan(projectID: string, request: Request): Promise<FileStore.UndoPlan> {
  const { gen } = await FileStore.head(projectID);
  switch (request.kind) {
    case "undo":
      return FileStore.planUndo(projectID, gen, request.range);
    case "restore":
      return FileStore.planRestore(projectID, gen, request);
    case "move":
    case "delete":
      return { changes: await eachBelow(projectID, gen, request), kept: [] };
  }
}

async function eachBelow(
  projectID: string,
  gen: number,
  request: Extract<Request, { kind: "move" | "delete" }>,
): Promise<Change[]> {
  const { path } = request;
  const rows = await FileStore.listMetas(projectID, gen, path);
  const own = await FileStore.rowAt(projectID, gen, path);
  if (own) rows.push(own);
  // Deepest first: a folder's own row goes once nothing is left in it.
  const ordered = rows.toSorted(FileStore.byDepth);
  const files = ordered.filter(({ kind }) => kind !== "folder");
  const folders = ordered.filter(({ kind }) => kind === "folder");
  if (request.kind === "delete")
    return [
      ...files.map(({ path: at, rev }): Change => ({ op: "unlink", path: at, rev })),
      ...folders.map(({ path: at }): Change => ({ op: "rmdir", path: at })),
    ];
  const { to } = request;
  if (to.startsWith(`${path}/`))
    throw new VisibleError("invalid_path", "A folder cannot be moved into itself.", { path: to });
  return [...files, ...folders].map(({ path: at, rev }): Change => {
    // Checked for every file before the first one moves: a legal path can become too long below the new folder.
    return { op: "rename", path: at, to: normalisePath(movedPath(at, path, to)), rev };
  });
}
