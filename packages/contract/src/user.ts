import { z } from "zod";
import { Time, UserID } from "./id.ts";

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
