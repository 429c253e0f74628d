import { VisibleError } from "@slipway/contract/error";
import { now } from "../clock/clock.ts";
import { create as createID } from "../id/id.ts";
import type { Actor } from "../member/member.ts";
import { putItem, type WriteItem } from "../table/table.ts";
import * as User from "../user/user.ts";
import { AuditEntity } from "./audit.entity.ts";

/** What verbs of other nouns need to be an admin's: the check, and the line of the audit. */

/** @throws VisibleError not_allowed */
export async function requireAdmin(actor: Actor): Promise<User.KnownUser> {
  const user = await User.fromID(actor.userID);
  if (user?.role !== "admin")
    throw new VisibleError("not_allowed", "Only admins of the team can do that. Ask one of them.");
  return user;
}

/** In the transaction of the change. */
export function auditItem(
  admin: User.KnownUser,
  line: { action: string; subject: string; before: string; after: string },
): WriteItem {
  return putItem(
    AuditEntity.create({ auditID: createID("audit"), at: now(), by: admin.id, byName: admin.name, ...line }),
  );
}
