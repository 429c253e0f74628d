import { z } from "zod";
import { body, ok, reply, route } from "../route.ts";
import { Usage, UsageHistory, User, UserName } from "../user.ts";

export const me = route({
  method: "get",
  path: "/api/me",
  responses: { 200: reply(User, "The signed-in person.") },
});

export const updateMe = route({
  method: "patch",
  path: "/api/me",
  request: { body: body(z.object({ name: UserName })) },
  responses: { 200: reply(User, "The updated person.") },
});

export const signOutEverywhere = route({
  method: "post",
  path: "/api/me/sign-out-everywhere",
  responses: { 200: reply(ok, "Every session of the person has ended, this one included.") },
});

export const usageHistory = route({
  method: "get",
  path: "/api/me/usage",
  responses: { 200: reply(UsageHistory, "Month by month.") },
});

export const askForMore = route({
  method: "post",
  path: "/api/me/plan-request",
  responses: {
    200: reply(UsageHistory, "Requested from the admins: on Free the Pro plan, on Pro a higher limit. Idempotent."),
  },
});

export const usage = route({
  method: "get",
  path: "/api/agent/usage",
  responses: { 200: reply(Usage, "This month's runs.") },
});
