import { VisibleError } from "@slipway/contract/error";
import { now } from "../clock/clock.ts";
import { quiet, recoverEach } from "../execution/recovery.ts";
import * as FileStore from "../file/system.ts";
import * as Log from "../log/log.ts";
import * as Rejections from "../review/rejection.ts";
import { removeRows } from "../table/table.ts";
import { OperationEntity } from "./operation.entity.ts";
import { plan } from "./plan.ts";
import {
  announce,
  end,
  find,
  isExecuting,
  nextRound,
  progressItem,
  startExecution,
  type OperationRecord,
} from "./record.ts";

/** Operations, for their workflow and the sweep. */

/** Milliseconds before the function's end at which a step makes way for the next. */
const reserve = 30_000;
/** Plans in a row that may meet a change by someone else without a single commit in between. */
const maxRaces = 20;
/** Milliseconds between two messages about progress. */
const progressEvery = 500;

/** Continues until the operation ends or the function's time is up. Safe to repeat and to run concurrently. */
export async function step(operationID: string, remaining: () => number): Promise<"again" | "done"> {
  let races = 0;
  let told = 0;
  for (;;) {
    const record = await find(operationID);
    if (record?.state !== "running") return "done";
    try {
      const { projectID, writer, request, guard } = record;
      const { changes, kept } = await plan(projectID, request);
      if (changes.length === 0) {
        if (request.kind === "undo" && !request.rejection) await Rejections.forgetIn(projectID, request.range);
        await end(record, { state: "completed", kept });
        return "done";
      }
      const rejection = request.kind === "undo" && record.done === 0 ? request.rejection : undefined;
      const { left } = await FileStore.apply({ projectID, writer }, changes, {
        guard,
        stop: () => remaining() < reserve,
        note: (rev, part) => [
          progressItem(record, part.length, rev),
          // Under the first commit, so that undoing it withdraws the rejection.
          ...(rejection && record.done === 0
            ? [Rejections.rejectionItem(projectID, rev, Rejections.withKept(rejection, kept))]
            : []),
        ],
        onCommit: async ({ rev }, part) => {
          races = 0;
          record.done += part.length;
          record.rev = rev;
          if (now() - told < progressEvery) return;
          told = now();
          await announce(record);
        },
      });
      if (left > 0) return "again";
    } catch (error) {
      if (FileStore.isRace(error) && ++races < maxRaces) continue;
      if (error instanceof FileStore.GuardRefused) return await stopped(record);
      if (!(error instanceof VisibleError) || error.code === "busy") throw error;
      Log.warn("operation-failed", { operationID, code: error.code });
      await end(record, { state: "failed", error: { code: error.code, message: error.message } });
      return "done";
    }
  }
}

/** The operation was cancelled, or the requester's condition no longer holds. */
async function stopped(record: OperationRecord): Promise<"done"> {
  await end(record, { state: "cancelled" });
  return "done";
}

/** Ends one that failed too often. */
export async function fail(operationID: string): Promise<void> {
  const record = await find(operationID);
  if (!record) return;
  const error = { code: "internal", message: "Something went wrong. What was changed can be undone." };
  await end(record, { state: "failed", error });
}

/** Executions that an operation may lose before it fails. */
const maxRounds = 5;

/**
 * Recovers operations that have been quiet for a minute: one whose execution is gone gets another. Every row is touched
 * when it is checked, so none can hold up those behind it.
 */
export async function sweep(): Promise<number> {
  const { data } = await OperationEntity.query
    .byOpen({ open: "open" })
    .lt({ touchedAt: now() - quiet })
    .go({ pages: "all" });
  return recoverEach(
    data.map(({ operationID }) => operationID),
    recover,
  );
}

async function recover(operationID: string): Promise<boolean> {
  const record = await find(operationID);
  if (record?.state !== "running") return false;
  const isRunning = await isExecuting(record);
  if (!isRunning && record.round >= maxRounds) {
    await fail(operationID);
    return false;
  }
  const next = await nextRound(record, isRunning ? record.round : record.round + 1);
  if (!next || isRunning) return false;
  await startExecution(next);
  return true;
}

/** Removes the operations of a removed project. */
export async function purge(projectID: string): Promise<void> {
  const { data } = await OperationEntity.query.byProject({ projectID }).go({ pages: "all" });
  await removeRows(
    data.map(({ operationID }) => ({ operationID })),
    (part) => OperationEntity.delete(part).go(),
  );
}

export { find } from "./record.ts";
