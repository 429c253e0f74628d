import { z } from "zod";
import { AuditID, Time, UserID } from "./id.ts";

export const Plan = z.enum(["free", "pro"]);
export type Plan = z.infer<typeof Plan>;

export const Role = z.enum(["member", "admin"]);
export type Role = z.infer<typeof Role>;

export const User = z
  .object({
    id: UserID,
    name: z.string(),
    email: z.string().optional(),
    image: z.string().optional(),
    role: Role,
    plan: Plan,
  })
  .meta({ id: "User" });
export type User = z.infer<typeof User>;

export const Usage = z
  .object({
    plan: Plan,
    used: z.int(),
    limit: z.int(),
    resetsAt: Time.meta({ description: "The first instant of the next UTC calendar month." }),
  })
  .meta({ id: "Usage" });
export type Usage = z.infer<typeof Usage>;

/** A person's name: one line, no control characters. */
export const UserName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}]+$/u, "must be one line of text");

/** What one person used in a UTC calendar month. */
export const MonthOfUse = z
  .object({
    month: z.string().meta({ description: "Such as 2026-11." }),
    runs: z.int(),
    assists: z.int().meta({ description: "Completions and quick edits in the editor. They do not count as runs." }),
    dollars: z.number(),
  })
  .meta({ id: "MonthOfUse" });
export type MonthOfUse = z.infer<typeof MonthOfUse>;

export const UsageHistory = z
  .object({
    months: z.array(MonthOfUse).meta({ description: "Newest first, twelve at most." }),
    askedForPro: z.boolean().meta({ description: "A request is pending." }),
  })
  .meta({ id: "UsageHistory" });
export type UsageHistory = z.infer<typeof UsageHistory>;

/** A person as admins see them. */
export const Person = User.extend({
  createdAt: Time,
  limit: z.int().meta({ description: "Runs a month." }),
  ownLimit: z.int().optional().meta({ description: "Set for this person; otherwise the plan's applies." }),
  used: z.int(),
  dollars: z.number().meta({ description: "This month." }),
  askedForProAt: Time.optional(),
}).meta({ id: "Person" });
export type Person = z.infer<typeof Person>;

/** A pending request: on Free for the Pro plan, on Pro for a higher limit. */
export const PlanRequest = z
  .object({ userId: UserID, name: z.string(), plan: Plan, at: Time })
  .meta({ id: "PlanRequest" });
export type PlanRequest = z.infer<typeof PlanRequest>;

export const PlanLimits = z.object({ free: z.int().min(0).max(100_000), pro: z.int().min(0).max(100_000) });
export type PlanLimits = z.infer<typeof PlanLimits>;

export const PlanLimitsChange = PlanLimits.partial().refine(
  (change) => Object.keys(change).length > 0,
  "must change something",
);
export type PlanLimitsChange = z.infer<typeof PlanLimitsChange>;

export const PersonChange = z
  .object({
    plan: Plan.optional(),
    limit: z.int().min(0).max(100_000).nullable().optional().meta({ description: "null: the plan's limit." }),
    resetMonth: z.literal(true).optional().meta({ description: "Resets this month's runs to 0." }),
    dismissRequest: z.literal(true).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, "must change something");
export type PersonChange = z.infer<typeof PersonChange>;

/** An entry of the audit: a change by an admin. */
export const AuditEntry = z
  .object({
    id: AuditID,
    at: Time,
    byId: UserID,
    byName: z.string(),
    action: z.string(),
    subject: z.string().meta({ description: "The person or setting that was changed." }),
    before: z.string(),
    after: z.string(),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;
