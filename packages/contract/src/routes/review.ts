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
  path: "/api/runs/{id}/changes/{path{.+}}",
  request: { params: z.object({ id: RunID, path: FilePath }) },
  responses: { 200: reply(ReviewedFile, "The two sides of one change.") },
});

export const acceptChange = route({
  method: "post",
  path: "/api/runs/{id}/accept",
  request: {
    params: inRun,
    body: body(
      z.object({
        path: FilePath,
        base: z.string().optional().meta({ description: "What it was, with the accepted part; without: all of it." }),
      }),
    ),
  },
  responses: { 200: reply(ok, "From now on compared with that.") },
});

export const rejectChange = route({
  method: "post",
  path: "/api/runs/{id}/reject",
  request: {
    params: inRun,
    body: body(
      z.object({
        path: FilePath,
        content: z.string().meta({ description: "The file without the part." }),
        rev: Revision,
        diff: z.string().max(20_000).meta({ description: "The part, for the model." }),
      }),
    ),
  },
  responses: {
    200: reply(z.object({ rev: Revision, undo: UndoRange }), "Taken back; the model hears of it on its next turn."),
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
