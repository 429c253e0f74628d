import type { Block, NewRunEvent } from "@slipway/contract/run";
import { Delta } from "@slipway/contract/run";
import * as Connection from "../connection/connection.ts";
import * as FileStore from "../file/system.ts";
import { now } from "../clock/clock.ts";
import * as Log from "../log/log.ts";
import * as Message from "../message/message.ts";
import { putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import * as Usage from "../usage/usage.ts";
import { clearInbox } from "./approval.ts";
import { all, blocksOf } from "./events.ts";
import * as Execution from "../execution/execution.ts";
import { announce, find, isOpen, type RunRecord } from "./record.ts";
import { RunEntity, RunEventEntity, SnapshotEntity } from "./run.entity.ts";
import * as Slot from "./slot.ts";

export interface End {
  status: "completed" | "cancelled" | "failed";
  error?: { code: string; message: string };
  /** The fault was ours: the run is given back. */
  refund?: boolean;
  /** Only under this epoch: for the holder of the lease. */
  epoch?: number;
}

/**
 * Ends a run, once: its row, its last events, the message as a whole, the project's slot and the refund are one
 * transaction that also raises the epoch, so that whoever still works on it can write nothing more. Undefined when it
 * had ended already, or the epoch has passed.
 */
export async function end(runID: string, how: End): Promise<RunRecord | undefined> {
  for (;;) {
    const run = await find(runID);
    if (!run || !isOpen(run) || (how.epoch !== undefined && run.epoch !== how.epoch)) return undefined;
    const [log, { data: open }, slot, head] = await Promise.all([
      all(runID),
      SnapshotEntity.get({ runID }).go({ consistent: true }),
      Slot.read(run.projectID),
      FileStore.head(run.projectID).catch(() => undefined),
    ]);
    // Events are numbered by the row: a log that is behind it was read in the middle of an append.
    if (log.length !== run.seq) continue;
    const blocks = blocksOf(log);
    const partial = how.status === "completed" ? undefined : partialBlock(run, open, blocks);
    const events: NewRunEvent[] = [
      ...(partial ? [{ type: "block-finished" as const, step: run.step, block: partial }] : []),
      {
        type: "run-finished",
        status: how.status,
        cost: run.cost,
        ...(head ? { endRev: head.rev } : {}),
        ...(how.error ? { error: how.error } : {}),
      },
    ];
    const at = now();
    const freed = Slot.without(slot, runID);
    const numbered = events.map((event, index) => ({ ...event, seq: run.seq + 1 + index, at }));
    const items: WriteItem[] = [
      updateItem(
        RunEntity.patch({ runID })
          .set({
            status: how.status,
            state: "ended",
            epoch: run.epoch + 1,
            seq: run.seq + events.length,
            endedAt: at,
            touchedAt: at,
            ...(head ? { endRev: head.rev } : {}),
            ...(how.error ? { errorCode: how.error.code, errorMessage: how.error.message } : {}),
          })
          .where(
            (attribute, operation) =>
              `${operation.eq(attribute.epoch, run.epoch)} AND ${operation.eq(attribute.seq, run.seq)} AND ${operation.eq(attribute.status, run.status)}`,
          ),
      ),
      ...numbered.map((event) => putItem(RunEventEntity.create({ runID, seq: event.seq, event }))),
      await Message.endingItem({
        conversationID: run.conversationID,
        messageID: run.messageID,
        status: how.status,
        blocks: partial ? [...blocks, partial] : blocks,
        error: how.error,
        cost: run.cost,
      }),
      ...(freed ? [Slot.item(slot, freed)] : []),
      ...(how.refund && run.chargedMonth ? [Usage.refundItem(run.userID, run.chargedMonth)] : []),
    ];
    if (!(await transact(items)).ok) continue;
    const { userID, projectID } = run;
    Log.measure(
      "run-ended",
      { Runs: 1, RunsFailed: how.status === "failed" ? 1 : 0, RunSeconds: (at - run.createdAt) / 1000 },
      { runID, userID, projectID, status: how.status, code: how.error?.code },
    );
    const ended = await find(runID);
    if (!ended) return undefined;
    for (const event of numbered) {
      await Connection.broadcast(run.projectID, { type: "run-event", projectId: run.projectID, runId: runID, event });
    }
    await Promise.all([
      run.status === "waiting" ? clearInbox(run) : undefined,
      announce(ended),
      Message.announce(run.projectID, run.conversationID, run.messageID),
      how.refund ? Usage.announce(run.userID) : undefined,
      SnapshotEntity.delete({ runID }).go(),
    ]);
    // An execution that waits for a person would otherwise wait for days.
    if (run.token) await Execution.resume(run.token);
    return ended;
  }
}

/** What was being written when the run was stopped; a tool call that was still being written is nothing yet. */
function partialBlock(
  run: RunRecord,
  open: { epoch: number; delta?: unknown } | null,
  finished: readonly Block[],
): Block | undefined {
  if (open?.epoch !== run.epoch) return undefined;
  const { block, kind, text } = Delta.parse(open.delta);
  if (kind === "tool" || text === "" || finished.some(({ id }) => id === block)) return undefined;
  return { type: kind, id: block, text };
}
