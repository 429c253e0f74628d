import { VisibleError } from "@slipway/contract/error";
import type { FileChange } from "@slipway/contract/file";
import type { ToolChange } from "@slipway/contract/run";
import * as File from "@slipway/core/file";
import { applyPatch, parsePatch, type StructuredPatch } from "diff";
import { z } from "zod";
import { resumeOperation, startedOperation, startOperation } from "./file-operation.ts";
import { defineTool, type ToolContext, type ToolOutcome } from "./tool.ts";
import { diffOf, writeOnce } from "./write.ts";

/** Tools that change files: each exactly once, and none over a change that it has not seen. */

export const createFile = defineTool({
  name: "create_file",
  title: "Create",
  description: "Creates a file with its whole content. Fails if there is one; edit that instead.",
  input: z.object({ path: z.string(), content: z.string() }),
  run: ({ path, content }, context) =>
    writeOnce(context, () =>
      Promise.resolve({
        changes: [{ op: "put", path, content }],
        output: `Created ${path}.`,
        shown: [{ path, op: "created", diff: diffOf(path, "", content) }],
      }),
    ),
});

export const editFile = defineTool({
  name: "edit_file",
  title: "Edit",
  description:
    "Replaces exact texts of a file, in order. Each oldText must occur in the file exactly once, or set replaceAll.",
  input: z.object({
    path: z.string(),
    edits: z
      .array(z.object({ oldText: z.string().min(1), newText: z.string(), replaceAll: z.boolean().optional() }))
      .min(1)
      .max(200),
  }),
  run: ({ path, edits }, context) =>
    writeOnce(context, async () => {
      const before = await File.readText(context.actor, context.projectID, path);
      const after = edits.reduce(
        (content, edit, index) => replaceExactly(content, edit, before.path, index),
        before.content,
      );
      return {
        changes: [{ op: "put", path: before.path, content: after, rev: before.rev }],
        output: `Edited ${before.path}.`,
        shown: [{ path: before.path, op: "edited", diff: diffOf(before.path, before.content, after) }],
      };
    }),
});

function replaceExactly(
  content: string,
  { oldText, newText, replaceAll }: { oldText: string; newText: string; replaceAll?: boolean | undefined },
  path: string,
  index: number,
): string {
  const first = content.indexOf(oldText);
  const which = `oldText of edit ${index + 1}`;
  if (first < 0) {
    throw new VisibleError(
      "no_match",
      `${which} does not occur in ${path}. Read the file again: it may have been changed. Nothing was edited.`,
    );
  }
  if (replaceAll) return content.replaceAll(oldText, () => newText);
  if (content.includes(oldText, first + 1)) {
    throw new VisibleError(
      "no_match",
      `${which} occurs in ${path} more than once. Include more of the surrounding lines, or set replaceAll. Nothing was edited.`,
    );
  }
  return content.slice(0, first) + newText + content.slice(first + oldText.length);
}

export const patchFiles = defineTool({
  name: "apply_patch",
  title: "Patch",
  description:
    "Applies a unified diff to one or more files: all of it or nothing. /dev/null stands for a file that is not there.",
  input: z.object({ patch: z.string().min(1) }),
  run: ({ patch }, context) =>
    writeOnce(context, async () => {
      const files = parse(patch);
      const changes: FileChange[] = [];
      const shown: ToolChange[] = [];
      for (const file of files) {
        const { change, card } = await patchOne(file, context);
        changes.push(change);
        shown.push(card);
      }
      return { changes, output: `Applied: ${shown.map(({ op, path }) => `${op} ${path}`).join(", ")}.`, shown };
    }),
});

function parse(patch: string): StructuredPatch[] {
  try {
    const files = parsePatch(patch).filter((file) => file.hunks.length > 0);
    if (files.length > 0) return files;
  } catch (error) {
    throw new VisibleError(
      "invalid_input",
      `That is not a unified diff: ${error instanceof Error ? error.message : ""}`,
      {},
      error,
    );
  }
  throw new VisibleError("invalid_input", "The patch holds no change.");
}

async function patchOne(
  file: StructuredPatch,
  { actor, projectID }: ToolContext,
): Promise<{ change: FileChange; card: ToolChange }> {
  const from = patchPath(file.oldFileName);
  const to = patchPath(file.newFileName);
  if (from === undefined && to !== undefined) {
    const content = applied("", file, to);
    return {
      change: { op: "put", path: to, content },
      card: { path: to, op: "created", diff: diffOf(to, "", content) },
    };
  }
  const path = from ?? "";
  const before = await File.readText(actor, projectID, path);
  if (to === undefined) {
    return {
      change: { op: "delete", path, rev: before.rev },
      card: { path, op: "deleted", diff: diffOf(path, before.content, "") },
    };
  }
  if (to !== path) throw new VisibleError("invalid_input", "A patch cannot rename a file; use rename_file first.");
  const content = applied(before.content, file, path);
  return {
    change: { op: "put", path, content, rev: before.rev },
    card: { path, op: "edited", diff: diffOf(path, before.content, content) },
  };
}

function applied(content: string, file: StructuredPatch, path: string): string {
  const result = applyPatch(content, file);
  if (result === false) {
    throw new VisibleError(
      "no_match",
      `The patch does not fit ${path}. Read the file again: it may have been changed. Nothing was applied.`,
    );
  }
  return result;
}

function patchPath(name: string | undefined): string | undefined {
  return name === undefined || name === "/dev/null" ? undefined : name.replace(/^[ab]\//, "");
}

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
  const moves = asked.map(({ path, to }) => ({ path: File.normalisePath(path), to: File.normalisePath(to) }));
  const started = await startedOperation(context);
  if (started) return started;
  try {
    return await writeOnce(context, () =>
      Promise.resolve({ changes: moves.map((move) => ({ op: "move" as const, ...move })), ...moved(moves) }),
    );
  } catch (error) {
    if (!isTooMany(error)) throw error;
    return startOperation(context, { kind: "move", moves });
  }
}

function moved(moves: readonly { path: string; to: string }[]): { output: string; shown: ToolChange[] } {
  return {
    output: `Moved ${moves.map(({ path, to }) => `${path} → ${to}`).join(", ")}.`,
    shown: moves.map(({ path, to }): ToolChange => ({ path: to, op: "moved", from: path })),
  };
}

/** Files that may be deleted without asking. */
const freeDeletes = 10;

export const deleteFiles = defineTool({
  name: "delete_files",
  title: "Delete",
  description: `Deletes files, or folders with all they hold. More than ${freeDeletes} files at once needs the person's consent.`,
  input: z.object({ paths: z.array(z.string()).min(1).max(500) }),
  async risk({ paths }, context) {
    const count = (await filesUnder(context, paths)).length;
    return count > freeDeletes ? `It deletes ${count} files.` : undefined;
  },
  async run({ paths: asked }, context) {
    const paths = withoutNested(asked.map(File.normalisePath));
    const [started, found] = await Promise.all([startedOperation(context), filesUnder(context, paths)]);
    if (started) return started;
    try {
      return await writeOnce(context, () =>
        Promise.resolve({ changes: paths.map((path) => ({ op: "delete" as const, path })), ...deleted(found) }),
      );
    } catch (error) {
      if (!isTooMany(error)) throw error;
      return startOperation(context, { kind: "delete", paths });
    }
  },
  resume: resumeOperation,
});

function deleted(paths: readonly string[]): { output: string; shown: ToolChange[] } {
  return {
    output: `Deleted ${paths.length} ${paths.length === 1 ? "file" : "files"}.`,
    shown: paths.slice(0, 50).map((path) => ({ path, op: "deleted" as const })),
  };
}

async function filesUnder({ actor, projectID }: ToolContext, paths: readonly string[]): Promise<string[]> {
  const roots = paths.map(File.normalisePath);
  const { files } = await File.list(actor, projectID);
  return files
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
  title: "Make folder",
  description: "Makes an empty folder. Files make theirs by themselves.",
  input: z.object({ path: z.string() }),
  run: ({ path }, context) =>
    writeOnce(context, () =>
      Promise.resolve({ changes: [{ op: "folder", path }], output: `Made ${path}/.`, shown: [] }),
    ),
});

function isTooMany(error: unknown): boolean {
  return error instanceof VisibleError && error.code === "too_many_changes";
}
