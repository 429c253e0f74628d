import { createRoute, z } from "@hono/zod-openapi";
import { RunID } from "../id.ts";
import { reply } from "../route.ts";
import { Run, RunEvents } from "../run.ts";

const inRun = z.object({ id: RunID });

export const getRun = createRoute({
  method: "get",
  path: "/api/runs/{id}",
  request: { params: inRun },
  responses: { 200: reply(Run, "The run.") },
});

export const runEvents = createRoute({
  method: "get",
  path: "/api/runs/{id}/events",
  request: {
    params: inRun,
    query: z.object({ after: z.coerce.number().int().nonnegative().default(0) }),
  },
  responses: { 200: reply(RunEvents, "Durable events after that number.") },
});
