import { z } from "zod";
import { RunID } from "../id.ts";
import { counter, reply, route } from "../route.ts";
import { Run, RunEvents } from "../run.ts";

const inRun = z.object({ id: RunID });

export const getRun = route({
  method: "get",
  path: "/api/runs/{id}",
  request: { params: inRun },
  responses: { 200: reply(Run, "The run.") },
});

export const runEvents = route({
  method: "get",
  path: "/api/runs/{id}/events",
  request: {
    params: inRun,
    query: z.object({ after: counter.default(0) }),
  },
  responses: { 200: reply(RunEvents, "Durable events after that number.") },
});
