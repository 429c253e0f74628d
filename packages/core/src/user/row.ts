import type { Plan, Role, User } from "@slipway/contract/user";
import { resource } from "../config/config.ts";

/** A user, with the version that a valid login carries. */
export type KnownUser = User & {
  version: number;
  limit: number | undefined;
  askedForProAt: number | undefined;
  createdAt: number;
};

type Row = {
  userID: string;
  name: string;
  email?: string | undefined;
  image?: string | undefined;
  role: Role;
  plan: Plan;
  version: number;
  limit?: number | undefined;
  askedForProAt?: number | undefined;
  createdAt: number;
};

/** A row without what stays in this folder. */
export function serialize(row: Row): KnownUser {
  return {
    id: row.userID,
    name: row.name,
    ...(row.email ? { email: row.email } : {}),
    ...(row.image ? { image: row.image } : {}),
    // The configuration makes admins as long as it names them.
    role: row.email !== undefined && resource("Settings").adminEmails.includes(row.email) ? "admin" : row.role,
    plan: row.plan,
    version: row.version,
    limit: row.limit,
    askedForProAt: row.askedForProAt,
    createdAt: row.createdAt,
  };
}
