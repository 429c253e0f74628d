import { z } from "zod";
import { RunID } from "../id.ts";
import { ok, reply, route } from "../route.ts";

/** Commands that a run has started in a sandbox. */

const params = z.object({ id: RunID, callId: z.string().min(1).max(100) });

export const stopCommand = route({
  method: "post",
  path: "/api/runs/{id}/commands/{callId}/stop",
  request: { params },
  responses: { 200: reply(ok, "Its whole tree has ended.") },
});

export const readCommandOutput = route({
  method: "get",
  path: "/api/runs/{id}/commands/{callId}/output",
  request: {
    params,
    query: z.object({
      start: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).default(0),
    }),
  },
  responses: {
    200: reply(
      z.object({
        text: z.string(),
        end: z.int().nonnegative().meta({ description: "Where the next part begins; `start` when there is no more." }),
      }),
      "The output from a byte on, at most 256 KB of it, while its sandbox is running.",
    ),
  },
});
