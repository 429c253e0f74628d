import { z } from "zod";
import { Changed, FilePath, UndoRange } from "../file.ts";
import { Revision, RunID } from "../id.ts";
import { Started } from "../operation.ts";
import { ReviewedFile, RunChange } from "../review.ts";
import { body, ok, reply, route } from "../route.ts";

const inRun = z.object({ id: RunID });

export const runChanges = route({
  method: "get",
  path: "/api/runs/{id}/changes",
  request: { params: inRun },
  responses: { 200: reply(z.object({ files: z.array(RunChange) }), "What the run changed, path by path.") },
});

export const runChange = route({
  method: "get",
  path: "/api/runs/{id}/changes/{path{[^]+}}",
  request: { params: z.object({ id: RunID, path: FilePath }) },
  responses: { 200: reply(ReviewedFile, "Both sides of one change.") },
});

export const acceptChange = route({
  method: "post",
  path: "/api/runs/{id}/accept",
  request: {
    params: inRun,
    body: body(
      z.object({
        path: FilePath,
        base: z
          .string()
          .optional()
          .meta({ description: "The old text with the accepted hunk. Absent: accept the whole file." }),
      }),
    ),
  },
  responses: { 200: reply(ok, "Accepted; later comparisons are against it.") },
});

export const rejectChange = route({
  method: "post",
  path: "/api/runs/{id}/reject",
  request: {
    params: inRun,
    body: body(
      z.object({
        path: FilePath,
        content: z.string().meta({ description: "The file without the hunk." }),
        rev: Revision,
        diff: z.string().max(20_000).meta({ description: "The hunk, for the model." }),
      }),
    ),
  },
  responses: {
    200: reply(z.object({ rev: Revision, undo: UndoRange }), "Reverted; the model is told on its next turn."),
  },
});

export const revertRun = route({
  method: "post",
  path: "/api/runs/{id}/revert",
  request: { params: inRun, body: body(z.object({ paths: z.array(FilePath).min(1).max(1000).optional() })) },
  responses: {
    200: reply(Changed, "Everything that the run did, or these files of it, is reverted."),
    202: reply(Started, "Too large for one commit: it continues in the background."),
  },
});

export const restoreRun = route({
  method: "post",
  path: "/api/runs/{id}/restore",
  request: { params: inRun },
  responses: {
    200: reply(Changed, "The whole project is as it was before the run, later changes by others included."),
    202: reply(Started, "Too large for one commit: it continues in the background."),
  },
});
