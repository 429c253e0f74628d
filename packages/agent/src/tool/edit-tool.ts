import * as File from "@slipway/core/file";
import { z } from "zod";
import { plainText, toLF } from "./line-endings.ts";
import { apartFrom, matchedBy } from "./matched-by.ts";
import { replaceTexts, type Refused } from "./replace-text.ts";
import { defineTool, ToolFailure } from "./tool.ts";
import { diffOf, writeOnce } from "./write.ts";

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
      const plain = edits.map(({ oldText, newText, replaceAll }) => ({
        oldText: toLF(oldText),
        newText: toLF(newText),
        all: replaceAll,
      }));
      const replaced = replaceTexts(text, plain);
      if (replaced.kind === "refused") throw refused(replaced.why, { path: before.path, number: replaced.index + 1 });
      const notes = replaced.done.map(({ likeness, line }, index) =>
        likeness === "exact" ? "" : ` Edit ${index + 1}, at line ${line}, ${matchedBy(likeness)}.`,
      );
      const after = restore(replaced.text);
      return {
        changes: [{ op: "put", path: before.path, content: after, rev: before.rev }],
        output: `Edited ${before.path}.${notes.join("")}`,
        shown: [{ path: before.path, op: "edited", diff: diffOf(before.path, before.content, after) }],
      };
    }),
});

function refused(why: Refused, { path, number }: { path: string; number: number }): ToolFailure {
  const which = `oldText of edit ${number}`;
  switch (why.kind) {
    case "none":
      return new ToolFailure("no_match", {
        shown: `The text to replace is not in ${path}. Nothing was changed.`,
        told: `${which} does not occur in ${path}. Read the file again: it may have been changed. Nothing was edited.`,
      });
    case "made":
      return new ToolFailure("no_match", {
        shown: `The new text is in ${path} already. Nothing was changed.`,
        told: `${which} does not occur in ${path} as it is written, and newText does: it may have been made before. Read the file again, and quote the lines that you mean exactly. Nothing was edited.`,
      });
    case "numbers":
      return new ToolFailure("no_match", {
        shown: `The new text for ${path} begins lines with line numbers. Nothing was changed.`,
        told: `newText of edit ${number} begins lines with numbers, as read_file shows them. Leave the numbers out of both texts. Nothing was edited.`,
      });
    case "indentation":
      return new ToolFailure("no_match", {
        shown: `How deep the new text belongs in ${path} is not clear. Nothing was changed.`,
        told: `${which} begins after its line's indentation, and newText has lines with less of it. Quote whole lines, with their indentation in both texts. Nothing was edited.`,
      });
    case "several": {
      const { likeness } = why;
      const [how, next] =
        likeness === "exact" ? ["", "or set replaceAll"] : [`, ${apartFrom[likeness]}`, "exactly as they are"];
      return new ToolFailure("no_match", {
        shown: `The text to replace is in ${path} more than once. Nothing was changed.`,
        told: `${which} occurs in ${path} more than once${how}. Include more of the surrounding lines, ${next}. Nothing was edited.`,
      });
    }
  }
}
