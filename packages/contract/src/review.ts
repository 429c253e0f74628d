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
    rev: Revision.optional().meta({ description: "Of the file as it is now; absent where there is none." }),
    isSettled: z.boolean().meta({ description: "Nothing of it is left to accept or to take back." }),
  })
  .meta({ id: "RunChange" });
export type RunChange = z.infer<typeof RunChange>;

/** The two sides of a change, for text: either is absent where there is no file. */
export const ReviewedFile = z
  .object({
    path: z.string(),
    from: z.string().optional(),
    base: z.string().optional().meta({ description: "As it was before the run, with what has been accepted since." }),
    content: z.string().optional().meta({ description: "As it is now." }),
    rev: Revision.optional(),
  })
  .meta({ id: "ReviewedFile" });
export type ReviewedFile = z.infer<typeof ReviewedFile>;
