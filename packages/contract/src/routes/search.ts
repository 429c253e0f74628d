import { z } from "zod";
import { FilePath, FoundFile, IncompleteFile, maxChanges, SearchQuery, UndoRange } from "../file.ts";
import { Revision } from "../id.ts";
import { body, cursor, inProject, reply, route } from "../route.ts";

export const searchFiles = route({
  method: "get",
  path: "/api/projects/{id}/search",
  request: {
    params: inProject,
    query: SearchQuery.extend({ replacement: z.string().max(10_000).optional(), cursor }),
  },
  responses: {
    200: reply(
      z.object({
        files: z.array(FoundFile),
        searched: z.int().meta({ description: "Files looked at by this page." }),
        incomplete: z.array(IncompleteFile).meta({ description: "Files that were not searched to their end." }),
        cursor: z.string().optional(),
      }),
      "The files that match, by path. A page ends at a limit of time or size: `cursor` resumes after its last file.",
    ),
  },
});

export const replaceInFiles = route({
  method: "post",
  path: "/api/projects/{id}/replace",
  request: {
    params: inProject,
    body: body(
      SearchQuery.extend({
        replacement: z.string().max(10_000),
        files: z
          .array(z.object({ path: FilePath, rev: Revision }))
          .min(1)
          .max(maxChanges - 1),
      }),
    ),
  },
  responses: {
    200: reply(
      z.object({ replaced: z.int(), files: z.array(z.string()), stale: z.array(z.string()), undo: UndoRange }),
      "Every match in these files, in one commit; files changed since are `stale` and skipped.",
    ),
  },
});
