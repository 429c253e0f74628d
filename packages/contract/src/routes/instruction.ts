import { Instructions } from "../instruction.ts";
import { body, reply, route } from "../route.ts";

export const getOwnInstructions = route({
  method: "get",
  path: "/api/me/instructions",
  responses: { 200: reply(Instructions, "The person's own.") },
});

export const setOwnInstructions = route({
  method: "put",
  path: "/api/me/instructions",
  request: { body: body(Instructions) },
  responses: { 200: reply(Instructions, "Stored; told in conversations from their next message on.") },
});

export const getTeamInstructions = route({
  method: "get",
  path: "/api/admin/instructions",
  responses: { 200: reply(Instructions, "The team's.") },
});

export const setTeamInstructions = route({
  method: "put",
  path: "/api/admin/instructions",
  request: { body: body(Instructions) },
  responses: { 200: reply(Instructions, "Stored; told in everyone's conversations from their next message on.") },
});
