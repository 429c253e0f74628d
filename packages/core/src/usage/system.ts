import type { PlanLimits } from "@slipway/contract/user";
import { month } from "../clock/clock.ts";
import * as Connections from "../connection/system.ts";
import { drain, updateItem, type WriteItem } from "../table/table.ts";
import { LimitsEntity, UsageEntity } from "./usage.entity.ts";
import { current } from "./usage.ts";

/** Usage, for the server itself: verbs that authorise nobody. Lint keeps this module out of the API's routes. */

/** Writes the plans that are given and leaves the other. */
export function limitsItem(limits: Partial<PlanLimits>): WriteItem {
  return updateItem(LimitsEntity.upsert({ all: "all", ...limits }));
}

/** This month of many people, by person. */
export async function ofMany(userIDs: readonly string[]): Promise<Map<string, { used: number; dollars: number }>> {
  const at = month();
  const rows = await drain(
    userIDs.map((userID) => ({ userID, month: at })),
    100,
    (part) => UsageEntity.get(part).go(),
  );
  return new Map(rows.map(({ userID, used = 0, dollars = 0 }) => [userID, { used, dollars }]));
}

export function resetItem(userID: string): WriteItem {
  return updateItem(UsageEntity.upsert({ userID, month: month() }).set({ used: 0 }));
}

/** What a model call cost, in the transaction that records it. */
export function spendItem(userID: string, ofMonth: string, dollars: number, assists: number): WriteItem {
  return updateItem(UsageEntity.upsert({ userID, month: ofMonth }).add({ dollars, assists }));
}

/**
 * Charges one run and fails at the limit. It is part of the transaction that accepts the run, so neither a race nor a
 * crash can charge too many or too few. `limit` is at least 1.
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

/** Gives a run back when the fault was ours. The run's own row makes sure that this happens once. */
export function refundItem(userID: string, ofMonth: string): WriteItem {
  return updateItem(
    UsageEntity.patch({ userID, month: ofMonth })
      .subtract({ used: 1 })
      .where((attribute, operation) => operation.gt(attribute.used, 0)),
  );
}

/** Announces it to the person's pages. */
export async function announce(userID: string): Promise<void> {
  await Connections.notify(userID, { type: "usage", usage: await current(userID) });
}
