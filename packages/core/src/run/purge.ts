import * as Blob from "../blob/blob.ts";
import { removeRows } from "../table/table.ts";
import { prefixOf } from "./large.ts";
import { forget } from "./open.ts";
import {
  ApprovalEntity,
  RuleEntity,
  RunEntity,
  RunEventEntity,
  SlotEntity,
  SnapshotEntity,
  StepEntity,
  SteerEntity,
  ToolCallEntity,
} from "./run.entity.ts";

/**
 * Removes all that a run said and did; what it cost stays in the ledger. The run itself goes last, so that a
 * purge that dies is begun again.
 */
export async function purge(runID: string): Promise<void> {
  const all = { pages: "all" } as const;
  const [events, steps, calls, approvals, steers] = await Promise.all([
    RunEventEntity.query.bySeq({ runID }).go({ ...all, attributes: ["runID", "seq"] }),
    StepEntity.query.byRun({ runID }).go({ ...all, attributes: ["runID", "step"] }),
    ToolCallEntity.query.byRun({ runID }).go({ ...all, attributes: ["runID", "callID"] }),
    ApprovalEntity.query.byRun({ runID }).go({ ...all, attributes: ["runID", "approvalID"] }),
    SteerEntity.query.byRun({ runID }).go({ ...all, attributes: ["runID", "messageID"] }),
  ]);
  await Promise.all([
    removeRows(events.data, (part) => RunEventEntity.delete(part).go()),
    removeRows(steps.data, (part) => StepEntity.delete(part).go()),
    removeRows(calls.data, (part) => ToolCallEntity.delete(part).go()),
    removeRows(approvals.data, (part) => ApprovalEntity.delete(part).go()),
    removeRows(steers.data, (part) => SteerEntity.delete(part).go()),
    SnapshotEntity.delete({ runID }).go(),
    Blob.removePrefix(prefixOf(runID)),
  ]);
  await forget(runID);
  await RunEntity.delete({ runID }).go();
}

/** What a project keeps about its runs. */
export async function purgeProject(projectID: string): Promise<void> {
  const rules = await RuleEntity.query.byProject({ projectID }).go({ pages: "all" });
  await removeRows(
    rules.data.map(({ ruleID }) => ({ projectID, ruleID })),
    (part) => RuleEntity.delete(part).go(),
  );
  await SlotEntity.delete({ projectID }).go();
}
