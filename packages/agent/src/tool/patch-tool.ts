import type { FileChange } from "@slipway/contract/file";
import type { ToolChange } from "@slipway/contract/run";
import * as File from "@slipway/core/file";
import { z } from "zod";
import { actualPath } from "./actual-paths.ts";
import { plainText } from "./line-endings.ts";
import { matchedBy } from "./matched-by.ts";
import { apply, parse, type PatchedFile } from "./patch.ts";
import type { Likeness } from "./similar-lines.ts";
import { defineTool, ToolFailure, type ToolContext } from "./tool.ts";
import { diffOf, writeOnce } from "./write.ts";

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
