import { z } from "zod";
import { body, ok, reply, route } from "../route.ts";
import { Usage, UsageHistory, User, UserName } from "../user.ts";

export const me = route({
  method: "get",
  path: "/api/me",
  responses: { 200: reply(User, "Who is signed in.") },
});

export const updateMe = route({
  method: "patch",
  path: "/api/me",
  request: { body: body(z.object({ name: UserName })) },
  responses: { 200: reply(User, "As it is now.") },
});

export const signOutEverywhere = route({
  method: "post",
  path: "/api/me/sign-out-everywhere",
  responses: { 200: reply(ok, "No login of the person is good any more, this one included.") },
});

export const usageHistory = route({
  method: "get",
  path: "/api/me/usage",
  responses: { 200: reply(UsageHistory, "Month by month.") },
});

export const askForPro = route({
  method: "post",
  path: "/api/me/plan-request",
  responses: { 200: reply(UsageHistory, "The admins see it; asking again changes nothing.") },
});

export const usage = route({
  method: "get",
  path: "/api/agent/usage",
  responses: { 200: reply(Usage, "Runs of this month.") },
});
