import { VisibleError } from "@slipway/contract/error";
import type { Plan, Usage } from "@slipway/contract/user";
import { month, nextMonth } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import * as Connection from "../connection/connection.ts";
import { updateItem, type WriteItem } from "../table/table.ts";
import * as User from "../user/user.ts";
import { UsageEntity } from "./usage.entity.ts";

/** Runs of a UTC calendar month, against the limit of the person's plan. */

export function limitOf(plan: Plan): number {
  return resource("App").planLimits[plan];
}

export async function current(userID: string): Promise<Usage> {
  const [user, { data }] = await Promise.all([
    User.fromID(userID),
    UsageEntity.get({ userID, month: month() }).go({ consistent: true }),
  ]);
  if (!user) throw new VisibleError("not_signed_in", "Sign in first.");
  return { plan: user.plan, used: data?.used ?? 0, limit: limitOf(user.plan), resetsAt: nextMonth() };
}

/**
 * One run more, refused at the limit: in the transaction that accepts the run, so that neither a race nor a crash can
 * take one too many or too few. `limit` is 1 or more.
 */
export function chargeItem(userID: string, limit: number, ofMonth: string): WriteItem {
  return updateItem(
    UsageEntity.upsert({ userID, month: ofMonth })
      .add({ used: 1 })
      .where(
        (attribute, operation) => `${operation.notExists(attribute.used)} OR ${operation.lt(attribute.used, limit)}`,
      ),
  );
}

/** Gives a run back: when the fault was ours. The run's own row sees to it that this happens once. */
export function refundItem(userID: string, ofMonth: string): WriteItem {
  return updateItem(
    UsageEntity.patch({ userID, month: ofMonth })
      .subtract({ used: 1 })
      .where((attribute, operation) => operation.gt(attribute.used, 0)),
  );
}

export function exceeded(usage: Usage): VisibleError {
  const { plan, limit, used } = usage;
  return new VisibleError("usage_limit_exceeded", `You have used all ${limit} runs of this month.`, {
    plan,
    limit,
    used,
  });
}

/** (internal) Tells the person's pages. */
export async function announce(userID: string): Promise<void> {
  await Connection.notify(userID, { type: "usage", usage: await current(userID) });
}
