import { now } from "../clock/clock.ts";
import { putItem, type WriteItem } from "../table/table.ts";
import { RetentionEntity } from "./retention.entity.ts";

const day = 86_400_000;
/** Milliseconds that lines of a project's log are kept. Undo, review and the history of a file reach back as far. */
export const historyKept = 90 * day;
/** Milliseconds between two passes over a project. */
const interval = 7 * day;

/** The project's next pass: for the transaction that creates it. */
export function dueItem(projectID: string): WriteItem {
  return putItem(RetentionEntity.put({ projectID, dueAt: now() + interval }));
}

/** Projects whose pass is due, the longest overdue first. */
export async function due(limit: number): Promise<string[]> {
  const { data } = await RetentionEntity.query.byDue({ all: "all" }).lt({ dueAt: now() }).go({ limit });
  return data.map(({ projectID }) => projectID);
}

export async function forget(projectID: string): Promise<void> {
  await RetentionEntity.delete({ projectID }).go();
}
