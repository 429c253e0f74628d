import { z } from "zod";
import { inProject, reply, route } from "../route.ts";

export const getPreview = route({
  method: "get",
  path: "/api/projects/{id}/preview",
  request: { params: inProject },
  responses: {
    200: reply(
      z.object({
        url: z.string().meta({ description: "Serves the project's files as a site, below this address. Ends in `/`." }),
      }),
      "The person's own address of the project's preview. Anyone who knows it may read the files: do not share it.",
    ),
  },
});
