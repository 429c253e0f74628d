import { now } from "../clock/clock.ts";
import { putItem, transact, type WriteItem } from "../table/table.ts";
import { RemovedEntity } from "./removal.entity.ts";

export interface Removed {
  id: string;
  kind: "project" | "conversation";
}

/** Schedules the purge of its contents, at once or later: for the transaction that removes it. */
export function removedItem({ id, kind }: Removed, at: number = now()): WriteItem {
  return putItem(RemovedEntity.put({ id, kind, at }));
}

/** Schedules another purge, for a writer that may have written after the removal. */
export async function purgeAgain(removed: Removed): Promise<void> {
  await transact([removedItem(removed)]);
}

/** Those that are due, the longest waiting first. */
export async function waiting(): Promise<Removed[]> {
  const { data } = await RemovedEntity.query.byTime({ all: "all" }).lte({ at: now() }).go({ limit: 20 });
  return data.map(({ id, kind }) => ({ id, kind }));
}

export async function forget(id: string): Promise<void> {
  await RemovedEntity.delete({ id }).go();
}
