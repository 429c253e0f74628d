import { z } from "zod";
import { FileKind } from "./file.ts";
import { Revision } from "./id.ts";

/** A path that a run changed. */
export const RunChange = z
  .object({
    path: z.string(),
    op: z.enum(["created", "edited", "deleted", "moved"]),
    from: z.string().optional().meta({ description: "Where a moved file was." }),
    kind: FileKind,
    rev: Revision.optional().meta({ description: "Of the current file; absent if there is none." }),
    isSettled: z.boolean().meta({ description: "Nothing is left to accept or revert." }),
  })
  .meta({ id: "RunChange" });
export type RunChange = z.infer<typeof RunChange>;

/** Both sides of a change to a text. A side is absent if there is no file. */
export const ReviewedFile = z
  .object({
    path: z.string(),
    from: z.string().optional(),
    base: z.string().optional().meta({ description: "Before the run, with the hunks accepted since." }),
    content: z.string().optional().meta({ description: "Now." }),
    rev: Revision.optional(),
  })
  .meta({ id: "ReviewedFile" });
export type ReviewedFile = z.infer<typeof ReviewedFile>;
