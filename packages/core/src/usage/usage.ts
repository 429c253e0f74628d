import { VisibleError } from "@slipway/contract/error";
import type { PlanLimits, Usage, UsageHistory } from "@slipway/contract/user";
import { month, nextMonth } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import * as User from "../user/user.ts";
import { LimitsEntity, UsageEntity } from "./usage.entity.ts";

/** Runs of a UTC calendar month, against the limit of the person's plan. */

/** Three reads, side by side. */
export async function current(userID: string): Promise<Usage> {
  const [user, { data }, limits] = await Promise.all([
    User.fromID(userID),
    UsageEntity.get({ userID, month: month() }).go({ consistent: true }),
    planLimits(),
  ]);
  if (!user) throw new VisibleError("not_signed_in", "Sign in first.");
  return { plan: user.plan, used: data?.used ?? 0, limit: user.limit ?? limits[user.plan], resetsAt: nextMonth() };
}

/** Runs per month of each plan: the deployment's configuration, unless an admin has set others. */
export async function planLimits(): Promise<PlanLimits> {
  const { data } = await LimitsEntity.get({ all: "all" }).go({ consistent: true });
  const configured = resource("Settings").planLimits;
  return { free: data?.free ?? configured.free, pro: data?.pro ?? configured.pro };
}

/** The last twelve months with any use, newest first, and whether the person has asked for the larger plan. */
export async function historyFor(userID: string): Promise<UsageHistory> {
  const [{ data }, user] = await Promise.all([
    UsageEntity.query.byMonth({ userID }).go({ order: "desc", limit: 12 }),
    User.fromID(userID),
  ]);
  const months = data.map((row) => ({
    month: row.month,
    runs: row.used ?? 0,
    assists: row.assists ?? 0,
    dollars: row.dollars ?? 0,
  }));
  return { months, askedForPro: user?.askedForProAt !== undefined };
}

/** Completions and quick edits of a month: far above what anybody types, and a bound for a page that loops. */
const maxAssists = 10_000;

/** @throws VisibleError rate_limited */
export async function requireAssist(userID: string): Promise<void> {
  const { data } = await UsageEntity.get({ userID, month: month() }).go();
  if ((data?.assists ?? 0) >= maxAssists)
    throw new VisibleError("rate_limited", "You have used all completions and quick edits for this month.");
}

export function exceeded(usage: Usage): VisibleError {
  const { plan, limit, used } = usage;
  return new VisibleError("usage_limit_exceeded", `You have used all ${limit} runs for this month.`, {
    plan,
    limit,
    used,
  });
}
