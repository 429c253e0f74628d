import * as File from "@slipway/core/file";
import { z } from "zod";
import { plainText, toLF } from "./line-endings.ts";
import { apartFrom, matchedBy } from "./matched-by.ts";
import { replaceText, type Replaced } from "./replace-text.ts";
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
    case "numbers":
      throw new ToolFailure("no_match", {
        shown: `The new text for ${path} begins lines with line numbers. Nothing was changed.`,
        told: `${which.replace("oldText", "newText")} begins lines with numbers, as read_file shows them. Leave the numbers out of both texts. Nothing was edited.`,
      });
    case "indentation":
      throw new ToolFailure("no_match", {
        shown: `How deep the new text belongs in ${path} is not clear. Nothing was changed.`,
        told: `${which} begins after its line's indentation, and newText has lines with less of it. Quote whole lines, with their indentation in both texts. Nothing was edited.`,
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
