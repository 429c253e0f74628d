import { VisibleError } from "@slipway/contract/error";
import type { FileChange } from "@slipway/contract/file";
import type { ToolChange } from "@slipway/contract/run";
import * as File from "@slipway/core/file";
import { z } from "zod";
import { filesCount, resumeOperation, startedOperation, startOperation } from "./file-operation.ts";
import { plainText, toLF } from "./line-endings.ts";
import { apply, parse, type PatchedFile } from "./patch.ts";
import { replaceText, type Replaced } from "./replace-text.ts";
import type { Likeness } from "./similar-lines.ts";
import { defineTool, freeDeletes, ToolFailure, type ToolContext, type ToolOutcome } from "./tool.ts";
import { diffOf, writeOnce } from "./write.ts";

/** Tools that change files: each exactly once, and none over a change that it has not seen. */

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

export const editFile = defineTool({
  name: "edit_file",
  title: "Edit",
  description:
    "Replaces exact texts of a file, in order. Each oldText must occur in the file exactly once, or set replaceAll. Leave out the line numbers that read_file shows.",
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
      const { text, restore } = plainText(before.content);
      const notes: string[] = [];
      let edited = text;
      for (const [index, edit] of edits.entries()) {
        const replaced = replaceOnce(edited, edit, { path: before.path, which: `oldText of edit ${index + 1}` });
        edited = replaced.text;
        if (replaced.likeness !== "exact")
          notes.push(` Edit ${index + 1}, at line ${replaced.line}, ${matchedBy(replaced.likeness)}.`);
      }
      const after = restore(edited);
      return {
        changes: [{ op: "put", path: before.path, content: after, rev: before.rev }],
        output: `Edited ${before.path}.${notes.join("")}`,
        shown: [{ path: before.path, op: "edited", diff: diffOf(before.path, before.content, after) }],
      };
    }),
});

function replaceOnce(
  content: string,
  edit: { oldText: string; newText: string; replaceAll?: boolean | undefined },
  { path, which }: { path: string; which: string },
): Extract<Replaced, { kind: "replaced" }> {
  const [oldText, newText] = [toLF(edit.oldText), toLF(edit.newText)];
  const replaced = replaceText(content, { oldText, newText, all: edit.replaceAll });
  switch (replaced.kind) {
    case "replaced":
      return replaced;
    case "none":
      throw new ToolFailure("no_match", {
        shown: `The text to replace is not in ${path}. Nothing was changed.`,
        told: `${which} does not occur in ${path}. Read the file again: it may have been changed. Nothing was edited.`,
      });
    case "several": {
      const { likeness } = replaced;
      const [how, next] =
        likeness === "exact" ? ["", "or set replaceAll"] : [`, ${apartFrom[likeness]}`, "exactly as they are"];
      throw new ToolFailure("no_match", {
        shown: `The text to replace is in ${path} more than once. Nothing was changed.`,
        told: `${which} occurs in ${path} more than once${how}. Include more of the surrounding lines, ${next}. Nothing was edited.`,
      });
    }
  }
}

const apartFrom: Record<Exclude<Likeness, "exact">, string> = {
  "trailing space": "apart from spaces at the ends of lines",
  indentation: "apart from indentation",
  typography: "apart from typographic quotes, dashes and spaces",
};

/** How a text was found that is not in the file as it was written. */
function matchedBy(likeness: Exclude<Likeness, "exact">): string {
  return `matched ${apartFrom[likeness]}; the file's own were kept`;
}

export const patchFiles = defineTool({
  name: "apply_patch",
  title: "Patch",
  description:
    "Applies a patch to one or more files: all of it or nothing. A unified diff, where /dev/null stands for a file that is not there and git's rename and copy headers are understood; or the form that begins with *** Begin Patch.",
  input: z.object({ patch: z.string().min(1) }),
  deletes: ({ patch }) => parse(patch).filter(({ kind }) => kind === "delete").length,
  run: ({ patch }, context) =>
    writeOnce(context, async () => {
      const files = parse(patch);
      const patched = await Promise.all(files.map((file) => patchOne(file, context)));
      const shown = patched.map(({ card }) => card);
      const done = shown.map(({ op, path }) => `${op} ${path}`).join(", ");
      const executable = files.flatMap((file) => (file.kind === "create" && file.mode === "100755" ? [file.path] : []));
      const notes = patched.flatMap(({ card, likeness }) =>
        likeness === "exact" ? [] : ` ${card.path} ${matchedBy(likeness)}.`,
      );
      if (executable.length > 0)
        notes.push(` Not made executable, which files here are not: ${executable.join(", ")}.`);
      return {
        changes: patched.flatMap(({ changes }) => changes),
        output: `Applied: ${done}.${notes.join("")}`,
        shown,
      };
    }),
});

interface Patched {
  changes: FileChange[];
  card: ToolChange;
  likeness: Likeness;
}

async function patchOne(file: PatchedFile, context: ToolContext): Promise<Patched> {
  const { actor, projectID } = context;
  if (file.kind === "create") {
    const path = await actualPath(context, file.path);
    const { text: content, likeness } = apply("", file);
    return {
      changes: [{ op: "put", path, content }],
      card: { path, op: "created", diff: diffOf(path, "", content) },
      likeness,
    };
  }
  const { path, rev, content: before } = await File.readText(actor, projectID, file.path);
  const { text, restore } = plainText(before);
  const { text: patched, likeness } = apply(text, file);
  const after = restore(patched);
  switch (file.kind) {
    case "delete":
      if (after !== "" && after !== plainText(before).restore(""))
        throw new ToolFailure("no_match", {
          shown: `The patch deletes ${path} without all of its lines. Nothing was changed.`,
          told: `The patch deletes ${path}, and does not hold all of its lines. Use delete_files. Nothing was applied.`,
        });
      return {
        changes: [{ op: "delete", path, rev }],
        card: { path, op: "deleted", diff: diffOf(path, before, "") },
        likeness,
      };
    case "edit":
      return {
        changes: [{ op: "put", path, content: after, rev }],
        card: { path, op: "edited", diff: diffOf(path, before, after) },
        likeness,
      };
    case "copy": {
      const to = await actualPath(context, file.to);
      return {
        changes: [{ op: "put", path: to, content: after }],
        card: { path: to, op: "created", diff: diffOf(to, "", after) },
        likeness,
      };
    }
    case "move": {
      const to = await actualPath(context, file.to);
      if (after === before)
        return { changes: [{ op: "move", path, to, rev }], card: { path: to, op: "moved", from: path }, likeness };
      const changes: FileChange[] = [
        { op: "delete", path, rev },
        { op: "put", path: to, content: after },
      ];
      return { changes, card: { path: to, op: "moved", from: path, diff: diffOf(to, before, after) }, likeness };
    }
  }
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

async function actualPath(context: ToolContext, path: string): Promise<string> {
  const [actual = path] = await actualPaths(context, [path]);
  return actual;
}

/** The paths as they are stored: a model writes a name in another Unicode form than its file has. */
function actualPaths({ actor, projectID }: ToolContext, paths: readonly string[]): Promise<string[]> {
  return File.actualPaths(actor, projectID, paths);
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
