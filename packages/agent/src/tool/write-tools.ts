import { VisibleError } from "@slipway/contract/error";
import type { ToolChange } from "@slipway/contract/run";
import * as File from "@slipway/core/file";
import { z } from "zod";
import { actualPath, actualPaths } from "./actual-paths.ts";
import { filesCount, resumeOperation, startedOperation, startOperation } from "./file-operation.ts";
import { defineTool, freeDeletes, type ToolContext, type ToolOutcome } from "./tool.ts";
import { diffOf, writeOnce } from "./write.ts";

/** Tools that make, move and delete files: each exactly once. */

export const createFile = defineTool({
  name: "create_file",
  title: "Create",
  description: "Creates a file with its whole content. Fails if there is one; edit that instead.",
  input: z.object({ path: z.string(), content: z.string() }),
  run: ({ path: asked, content }, context) =>
    writeOnce(context, async () => {
      const path = await actualPath(context, asked);
      return {
        changes: [{ op: "put", path, content }],
        output: `Created ${path}.`,
        shown: [{ path, op: "created", diff: diffOf(path, "", content) }],
      };
    }),
});

export const renameFile = defineTool({
  name: "rename_file",
  title: "Rename",
  description: "Gives a file or a folder another path.",
  input: z.object({ path: z.string(), newPath: z.string() }),
  run: ({ path, newPath }, context) => moveAll(context, [{ path, to: newPath }]),
  resume: resumeOperation,
});

export const moveFiles = defineTool({
  name: "move_files",
  title: "Move",
  description: "Moves files or folders into a folder, which is made if need be.",
  input: z.object({ paths: z.array(z.string()).min(1).max(40), folder: z.string() }),
  run: ({ paths, folder }, context) =>
    moveAll(
      context,
      paths.map((path) => {
        const name = File.normalisePath(path).split("/").at(-1) ?? path;
        return { path, to: ["", ".", "/"].includes(folder) ? name : `${folder.replace(/\/$/, "")}/${name}` };
      }),
    ),
  resume: resumeOperation,
});

async function moveAll(context: ToolContext, asked: readonly { path: string; to: string }[]): Promise<ToolOutcome> {
  const started = await startedOperation(context);
  if (started) return started;
  const paths = await actualPaths(
    context,
    asked.map(({ path }) => path),
  );
  const moves = asked.map(({ path, to }, at) => ({ path: paths[at] ?? path, to: File.normalisePath(to) }));
  try {
    return await writeOnce(context, () =>
      Promise.resolve({ changes: moves.map((move) => ({ op: "move" as const, ...move })), ...moved(moves) }),
    );
  } catch (error) {
    if (!isTooMany(error)) throw error;
    const found = await filesUnder(
      context,
      moves.map(({ path }) => path),
    );
    return startOperation(context, { kind: "move", moves }, found.length);
  }
}

function moved(moves: readonly { path: string; to: string }[]): { output: string; shown: ToolChange[] } {
  return {
    output: `Moved ${moves.map(({ path, to }) => `${path} → ${to}`).join(", ")}.`,
    shown: moves.map(({ path, to }): ToolChange => ({ path: to, op: "moved", from: path })),
  };
}

export const deleteFiles = defineTool({
  name: "delete_files",
  title: "Delete",
  description: `Deletes files, or folders with all they hold. More than ${freeDeletes} files in one answer need the person's consent.`,
  input: z.object({
    paths: z
      .array(z.string())
      .min(1)
      .max(500, "At most 500 paths at once. Name the folder that holds the files instead."),
  }),
  deletes: async ({ paths }, context) => (await filesUnder(context, await actualPaths(context, paths))).length,
  async run({ paths: asked }, context) {
    const paths = withoutNested(await actualPaths(context, asked));
    const [started, found] = await Promise.all([startedOperation(context), filesUnder(context, paths)]);
    if (started) return started;
    try {
      return await writeOnce(context, () =>
        Promise.resolve({ changes: paths.map((path) => ({ op: "delete" as const, path })), ...deleted(found) }),
      );
    } catch (error) {
      if (!isTooMany(error)) throw error;
      return startOperation(context, { kind: "delete", paths }, found.length);
    }
  },
  resume: resumeOperation,
});

function deleted(paths: readonly string[]): { output: string; shown: ToolChange[] } {
  return {
    output: `Deleted ${filesCount(paths.length)}.`,
    shown: paths.slice(0, 50).map((path) => ({ path, op: "deleted" as const })),
  };
}

/** Files at and below some paths; folders are none. */
async function filesUnder({ actor, projectID }: ToolContext, roots: readonly string[]): Promise<string[]> {
  const { files } = await File.list(actor, projectID);
  return files
    .filter(({ kind }) => kind !== "folder")
    .map(({ path }) => path)
    .filter((path) => roots.some((root) => path === root || path.startsWith(`${root}/`)));
}

/** A path below another of the list goes with it. */
function withoutNested(paths: readonly string[]): string[] {
  const unique = [...new Set(paths)];
  return unique.filter((path) => !unique.some((other) => other !== path && path.startsWith(`${other}/`)));
}

export const createFolder = defineTool({
  name: "create_folder",
  title: "Create folder",
  description: "Creates an empty folder. Files create theirs by themselves.",
  input: z.object({ path: z.string() }),
  run: ({ path: asked }, context) =>
    writeOnce(context, async () => {
      const path = await actualPath(context, asked);
      return { changes: [{ op: "folder", path }], output: `Created ${path}/.`, shown: [] };
    }),
});

function isTooMany(error: unknown): boolean {
  return error instanceof VisibleError && error.code === "too_many_changes";
}
