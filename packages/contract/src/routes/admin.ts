import { z } from "zod";
import { UserID } from "../id.ts";
import { body, cursor, reply, route } from "../route.ts";
import { AuditEntry, Person, PersonChange, PlanLimits, PlanLimitsChange, PlanRequest } from "../user.ts";

export const listPeople = route({
  method: "get",
  path: "/api/admin/people",
  request: { query: z.object({ cursor }) },
  responses: {
    200: reply(z.object({ people: z.array(Person), cursor: z.string().optional() }), "Everyone, newest first."),
  },
});

export const changePerson = route({
  method: "patch",
  path: "/api/admin/people/{id}",
  request: { params: z.object({ id: UserID }), body: body(PersonChange) },
  responses: { 200: reply(Person, "The updated value; the change is in the audit.") },
});

export const listRequests = route({
  method: "get",
  path: "/api/admin/requests",
  responses: {
    200: reply(z.object({ requests: z.array(PlanRequest) }), "Pending requests for more runs, oldest first."),
  },
});

export const getLimits = route({
  method: "get",
  path: "/api/admin/limits",
  responses: { 200: reply(PlanLimits, "Runs per month of each plan.") },
});

export const changeLimits = route({
  method: "patch",
  path: "/api/admin/limits",
  request: { body: body(PlanLimitsChange) },
  responses: { 200: reply(PlanLimits, "The updated value; the change is in the audit.") },
});

export const listAudit = route({
  method: "get",
  path: "/api/admin/audit",
  request: { query: z.object({ cursor }) },
  responses: {
    200: reply(z.object({ entries: z.array(AuditEntry), cursor: z.string().optional() }), "Newest first."),
  },
});
