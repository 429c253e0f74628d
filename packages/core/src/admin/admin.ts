import { VisibleError } from "@slipway/contract/error";
import { AuditID } from "@slipway/contract/id";
import type {
  AuditEntry,
  Person,
  PersonChange,
  PlanLimits,
  PlanLimitsChange,
  PlanRequest,
} from "@slipway/contract/user";
import * as Cursor from "../cursor/cursor.ts";
import type { Actor } from "../member/member.ts";
import { transact, type WriteItem } from "../table/table.ts";
import * as Usage from "../usage/usage.ts";
import * as Usages from "../usage/system.ts";
import * as Users from "../user/system.ts";
import * as User from "../user/user.ts";
import { AuditEntity } from "./audit.entity.ts";
import { auditItem, requireAdmin } from "./system.ts";

/** The admins' view of people and limits. Each change is one transaction with its audit entry. */

/** Everyone, newest first, with this month's usage. Three round trips for a page of 100. */
export async function people(actor: Actor, cursor?: string): Promise<{ people: Person[]; cursor?: string }> {
  await requireAdmin(actor);
  const [page, limits] = await Promise.all([Users.page(cursor), Usage.planLimits()]);
  const used = await Usages.ofMany(page.users.map(({ id }) => id));
  const found = page.users.map((user) => serialize(user, limits, used.get(user.id)));
  return page.cursor ? { people: found, cursor: page.cursor } : { people: found };
}

/** Sets a person's plan or limit, or resets their month. @throws VisibleError not_allowed, not_found */
export async function change(actor: Actor, userID: string, wanted: PersonChange): Promise<Person> {
  const admin = await requireAdmin(actor);
  const [user, limits, used] = await Promise.all([User.fromID(userID), Usage.planLimits(), Usages.ofMany([userID])]);
  if (!user) throw new VisibleError("not_found", "This person does not exist.");
  const month = used.get(userID);
  const lines: WriteItem[] = [];
  const note = (action: string, before: string, after: string) => {
    if (before !== after) lines.push(auditItem(admin, { action, subject: user.name, before, after }));
  };
  if (wanted.plan) note("plan", user.plan, wanted.plan);
  if (wanted.limit !== undefined)
    note("limit", String(user.limit ?? "as the plan"), String(wanted.limit ?? "as the plan"));
  if (wanted.resetMonth) note("month reset", `${month?.used ?? 0} runs used`, "0 runs used");
  if (wanted.dismissRequest && user.askedForProAt !== undefined) note("request for more runs", "pending", "dismissed");
  if (lines.length > 0) {
    const ofUser = wanted.plan !== undefined || wanted.limit !== undefined || wanted.dismissRequest !== undefined;
    const written = await transact([
      ...(ofUser ? Users.adminItems(userID, wanted) : []),
      ...(wanted.resetMonth ? [Usages.resetItem(userID)] : []),
      ...lines,
    ]);
    if (!written.ok)
      throw new VisibleError("conflict", "Another admin has just changed this person. Reload and try again.");
    await Usages.announce(userID);
  }
  const after = await User.fromID(userID);
  return serialize(after ?? user, limits, (await Usages.ofMany([userID])).get(userID));
}

/** Pending requests for more runs, oldest first. */
export async function requests(actor: Actor): Promise<PlanRequest[]> {
  await requireAdmin(actor);
  const pending = await Users.requests();
  return pending
    .toSorted((one, other) => one.at - other.at)
    .map(({ userID, name, plan, at }) => ({ userId: userID, name, plan, at }));
}

export async function limits(actor: Actor): Promise<PlanLimits> {
  await requireAdmin(actor);
  return Usage.planLimits();
}

/** Sets the plans that are given; of one plan the last change wins. */
export async function setLimits(actor: Actor, wanted: PlanLimitsChange): Promise<PlanLimits> {
  const admin = await requireAdmin(actor);
  const before = await Usage.planLimits();
  const changed = (["free", "pro"] as const).flatMap((plan) => {
    const limit = wanted[plan];
    return limit === undefined || limit === before[plan] ? [] : [{ plan, limit }];
  });
  if (changed.length === 0) return before;
  await transact([
    Usages.limitsItem(Object.fromEntries(changed.map(({ plan, limit }) => [plan, limit]))),
    ...changed.map(({ plan, limit }) =>
      auditItem(admin, {
        action: `limit of the ${plan} plan`,
        subject: "everyone",
        before: String(before[plan]),
        after: String(limit),
      }),
    ),
  ]);
  return Usage.planLimits();
}

const auditCursor = Cursor.define("audit", AuditID);

/** Newest first, 100 a page. */
export async function audit(actor: Actor, cursor?: string): Promise<{ entries: AuditEntry[]; cursor?: string }> {
  await requireAdmin(actor);
  const after = auditCursor.decode(cursor);
  const lines = AuditEntity.query.byTime({ all: "all" });
  const { data, cursor: next } = await (after === undefined ? lines : lines.lt({ auditID: after })).go({
    order: "desc",
    limit: 100,
    consistent: true,
  });
  const entries = data.map(({ auditID, at, by, byName, action, subject, before, after }) => ({
    id: auditID,
    at,
    byId: by,
    byName,
    action,
    subject,
    before,
    after,
  }));
  const last = data.at(-1);
  return next && last ? { entries, cursor: auditCursor.encode(last.auditID) } : { entries };
}

function serialize(
  user: User.KnownUser,
  limits: PlanLimits,
  month: { used: number; dollars: number } | undefined,
): Person {
  const { id, name, email, image, role, plan, createdAt, limit: ownLimit, askedForProAt } = user;
  return {
    id,
    name,
    role,
    plan,
    createdAt,
    ...(email ? { email } : {}),
    ...(image ? { image } : {}),
    limit: ownLimit ?? limits[plan],
    used: month?.used ?? 0,
    dollars: month?.dollars ?? 0,
    ...(ownLimit === undefined ? {} : { ownLimit }),
    ...(askedForProAt === undefined ? {} : { askedForProAt }),
  };
}
