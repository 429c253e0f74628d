import { z } from "zod";
import { Changed, Checkpoint } from "../file.ts";
import { Revision } from "../id.ts";
import { Started } from "../operation.ts";
import { body, inProject, reply, route } from "../route.ts";

export const listCheckpoints = route({
  method: "get",
  path: "/api/projects/{id}/checkpoints",
  request: { params: inProject },
  responses: { 200: reply(z.object({ checkpoints: z.array(Checkpoint) }), "Newest first.") },
});

export const createCheckpoint = route({
  method: "post",
  path: "/api/projects/{id}/checkpoints",
  request: { params: inProject, body: body(z.object({ label: z.string().trim().min(1).max(200) })) },
  responses: { 201: reply(Checkpoint, "A checkpoint of all current files.") },
});

export const restoreCheckpoint = route({
  method: "post",
  path: "/api/projects/{id}/restore",
  request: { params: inProject, body: body(z.object({ rev: Revision })) },
  responses: {
    200: reply(Changed, "All files are restored."),
    202: reply(Started, "Too large for one commit: it continues in the background."),
  },
});
