import { z } from "zod";
import { Model } from "../model.ts";
import { ok, reply, route } from "../route.ts";

export const health = route({
  method: "get",
  path: "/api/health",
  responses: { 200: reply(ok, "Ready.") },
});

export const models = route({
  method: "get",
  path: "/api/agent/models",
  responses: {
    200: reply(
      z.object({ models: z.array(Model) }),
      "The models that the person can choose: the default first, then the deployment's, the team's keys', their own.",
    ),
  },
});

export const socketTicket = route({
  method: "post",
  path: "/api/socket-tickets",
  responses: {
    200: reply(z.object({ ticket: z.string(), url: z.string() }), "Valid once, for 30 s, as `?ticket=` of the URL."),
  },
});
