import { VisibleError } from "@slipway/contract/error";
import type { UndoRange } from "@slipway/contract/file";
import { normalisePath, type Change, type Meta } from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import { movedPath } from "../file/path.ts";
import type { Rejection } from "../review/rejection.ts";

/** What an operation does, as it was asked. Paths are normalised. */
export type Request =
  | { kind: "move"; moves: readonly { path: string; to: string }[] }
  | { kind: "delete"; paths: readonly string[] }
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
    case "move": {
      const changes = await Promise.all(request.moves.map((move) => moveEach(projectID, gen, move)));
      return { changes: changes.flat(), kept: [] };
    }
    case "delete": {
      const rows = await Promise.all(request.paths.map((path) => rowsAt(projectID, gen, path)));
      return { changes: rows.flatMap(deleteEach), kept: [] };
    }
  }
}

/** The path's own row and everything below it, deepest first: a folder's row goes once nothing is left in it. */
async function rowsAt(projectID: string, gen: number, path: string): Promise<{ files: Meta[]; folders: Meta[] }> {
  const [own, below] = await Promise.all([
    FileStore.rowAt(projectID, gen, path),
    FileStore.listMetas(projectID, gen, path),
  ]);
  const rows = [...below, ...(own ? [own] : [])].toSorted(FileStore.byDepth);
  return {
    files: rows.filter(({ kind }) => kind !== "folder"),
    folders: rows.filter(({ kind }) => kind === "folder"),
  };
}

function deleteEach({ files, folders }: { files: readonly Meta[]; folders: readonly Meta[] }): Change[] {
  return [
    ...files.map(({ path, rev }): Change => ({ op: "unlink", path, rev })),
    ...folders.map(({ path }): Change => ({ op: "rmdir", path })),
  ];
}

async function moveEach(projectID: string, gen: number, move: { path: string; to: string }): Promise<Change[]> {
  if (move.to.startsWith(`${move.path}/`))
    throw new VisibleError("invalid_path", "A folder cannot be moved into itself.", { path: move.to });
  const { files, folders } = await rowsAt(projectID, gen, move.path);
  return [...files, ...folders].map(({ path, rev }): Change => {
    // Checked for every file before the first one moves: a legal path can become too long below the new folder.
    return { op: "rename", path, to: normalisePath(movedPath(path, move.path, move.to)), rev };
  });
}
