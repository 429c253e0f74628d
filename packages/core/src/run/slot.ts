import { putItem, type WriteItem } from "../table/table.ts";
import { SlotEntity } from "./run.entity.ts";

/** The current run of a project, and those that wait for it. */
export interface Slot {
  projectID: string;
  runID: string | undefined;
  queue: string[];
  /** The newest run that has held it. */
  lastRunID?: string | undefined;
  /** 0 before the first run. */
  version: number;
}

export async function read(projectID: string): Promise<Slot> {
  const { data } = await SlotEntity.get({ projectID }).go({ consistent: true });
  const { runID, queue = [], lastRunID, version = 0 } = data ?? {};
  return { projectID, runID, queue, lastRunID, version };
}

/** Replaces the slot. Fails its transaction when the slot has changed since it was read. */
export function item(before: Slot, after: { runID: string | undefined; queue: string[] }): WriteItem {
  const lastRunID = after.runID ?? before.lastRunID;
  const row = {
    projectID: before.projectID,
    queue: after.queue,
    version: before.version + 1,
    ...(after.runID ? { runID: after.runID } : {}),
    ...(lastRunID ? { lastRunID } : {}),
  };
  if (before.version === 0) return putItem(SlotEntity.create(row));
  return putItem(SlotEntity.put(row).where((attribute, operation) => operation.eq(attribute.version, before.version)));
}

/** The slot without a run; undefined when the run is not in it. */
export function without(slot: Slot, runID: string): { runID: string | undefined; queue: string[] } | undefined {
  if (slot.runID === runID) return { runID: undefined, queue: slot.queue };
  if (slot.queue.includes(runID)) return { runID: slot.runID, queue: slot.queue.filter((queued) => queued !== runID) };
  return undefined;
}
