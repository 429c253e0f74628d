import type { RunStatus } from "@slipway/contract/run-status";
import { drain } from "../table/table.ts";
import { RunEntity, SlotEntity } from "./run.entity.ts";

/** The newest run of each project, by project: its status, and when it began or ended. Two reads. */
export async function ofProjects(
  projectIDs: readonly string[],
): Promise<Map<string, { status: RunStatus; at: number }>> {
  const slots = await drain(
    projectIDs.map((projectID) => ({ projectID })),
    100,
    (part) => SlotEntity.get(part).go(),
  );
  const latest = slots.flatMap(({ lastRunID }) => (lastRunID === undefined ? [] : [lastRunID]));
  const runs = await drain(
    latest.map((runID) => ({ runID })),
    100,
    (part) => RunEntity.get(part).go(),
  );
  return new Map(
    runs.map(({ projectID, status, createdAt, endedAt }) => [projectID, { status, at: endedAt ?? createdAt }]),
  );
}
