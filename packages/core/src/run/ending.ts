import type { Block, Delta, NewRunEvent, RunEvent } from "@slipway/contract/run";
import { now } from "../clock/clock.ts";
import * as Connections from "../connection/system.ts";
import * as Execution from "../execution/execution.ts";
import * as FileStore from "../file/system.ts";
import * as Log from "../log/log.ts";
import * as Message from "../message/system.ts";
import { transact, updateItem, type WriteItem } from "../table/table.ts";
import * as Usages from "../usage/system.ts";
import { clearInbox } from "./approval.ts";
import { stopCommands } from "./command.ts";
import { all, blocksOf, eventItem, snapshot } from "./events.ts";
import { closedItem } from "./open.ts";
import { announce, find, isOpen, type RunRecord } from "./record.ts";
import { RunEntity, SnapshotEntity } from "./run.entity.ts";
import * as Slot from "./slot.ts";
import { steers } from "./steer.ts";

export interface End {
  status: "completed" | "cancelled" | "failed";
  error?: { code: string; message: string };
  /** The fault was ours: gives the unit back. */
  refund?: boolean;
  /** Only under this epoch: for the holder of the lease. */
  epoch?: number;
}

export type Ended =
  | { kind: "ended"; run: RunRecord }
  /** It had ended already, or another turn holds it. */
  | { kind: "lost" }
  /** It may not end by itself: a steering message still waits for an answer. */
  | { kind: "steered" };

/**
 * Ends a run, once: its row, its last events, the whole message, the project's slot and the refund are one transaction
 * that also raises the epoch, so that no turn can write anything more.
 */
export async function end(runID: string, how: End): Promise<Ended> {
  const isStopped = await withoutCommands(runID, how);
  for (;;) {
    const run = await find(runID);
    if (!run || !isOpen(run) || (how.epoch !== undefined && run.epoch !== how.epoch)) return { kind: "lost" };
    const [log, open, slot, head, steered] = await Promise.all([
      all(runID),
      snapshot(runID),
      Slot.read(run.projectID),
      FileStore.head(run.projectID).catch(() => undefined),
      steers(runID),
    ]);
    if (how.status !== "cancelled" && steered.some(({ step }) => step === undefined)) return { kind: "steered" };
    // The row numbers the events: a shorter log was read in the middle of an append.
    if (log.length !== run.seq) continue;
    const blocks = blocksOf(log);
    const partial = how.status === "completed" ? undefined : partialBlock(run, open, blocks);
    const at = now();
    const notes = [...(partial ? [partial] : []), ...(isStopped ? [] : [notStopped])];
    const events = lastEvents(run, how, { notes, endRev: head?.rev, at });
    const freed = Slot.without(slot, runID);
    const message = await Message.endingItem({
      runID,
      conversationID: run.conversationID,
      messageID: run.messageID,
      status: how.status,
      blocks: [...blocks, ...notes],
      error: how.error,
      cost: run.cost,
      model: run.model,
      tokens: run.tokens,
      context: run.context,
    });
    const written = await transact([
      endedItem(run, how, { seq: run.seq + events.length, endRev: head?.rev, at }),
      ...(await Promise.all(events.map((event) => eventItem(runID, event)))),
      message,
      closedItem(runID),
      ...(freed ? [Slot.item(slot, freed)] : []),
      ...(how.refund && run.chargedMonth ? [Usages.refundItem(run.userID, run.chargedMonth)] : []),
    ]);
    if (!written.ok) continue;
    const ended = await find(runID);
    if (!ended) return { kind: "lost" };
    await announceEnd(run, ended, { how, events });
    return { kind: "ended", run: ended };
  }
}

const notStopped: Block = {
  type: "notice",
  id: "command-not-stopped",
  code: "command_not_stopped",
  text: "The sandbox did not answer, so a command of this run may still be running. Stop it in the terminal, or stop the sandbox.",
};

/** A run that is cut short leaves no command running. False when one may be. */
async function withoutCommands(runID: string, how: End): Promise<boolean> {
  if (how.status === "completed") return true;
  const run = await find(runID);
  if (!run || !isOpen(run) || (how.epoch !== undefined && run.epoch !== how.epoch)) return true;
  return stopCommands(run);
}

function lastEvents(
  run: RunRecord,
  how: End,
  { notes, endRev, at }: { notes: readonly Block[]; endRev: number | undefined; at: number },
): RunEvent[] {
  const events: NewRunEvent[] = [
    ...notes.map((block) => ({ type: "block-finished" as const, step: run.step, block })),
    {
      type: "run-finished",
      status: how.status,
      cost: run.cost,
      ...(endRev === undefined ? {} : { endRev }),
      ...(how.error ? { error: how.error } : {}),
    },
  ];
  return events.map((event, index) => ({ ...event, seq: run.seq + 1 + index, at }));
}

/** The run's row as ended, if nothing has changed it since it was read. */
function endedItem(
  run: RunRecord,
  how: End,
  { seq, endRev, at }: { seq: number; endRev: number | undefined; at: number },
): WriteItem {
  return updateItem(
    RunEntity.patch({ runID: run.runID })
      .set({
        status: how.status,
        epoch: run.epoch + 1,
        seq,
        endedAt: at,
        touchedAt: at,
        ...(endRev === undefined ? {} : { endRev }),
        ...(how.error ? { errorCode: how.error.code, errorMessage: how.error.message } : {}),
      })
      .where((attribute, { eq, notExists }) =>
        [
          eq(attribute.epoch, run.epoch),
          eq(attribute.seq, run.seq),
          eq(attribute.status, run.status),
          run.steers === undefined ? notExists(attribute.steers) : eq(attribute.steers, run.steers),
        ].join(" AND "),
      ),
  );
}

async function announceEnd(
  run: RunRecord,
  ended: RunRecord,
  { how, events }: { how: End; events: readonly RunEvent[] },
): Promise<void> {
  const { runID, userID, projectID } = run;
  Log.measure(
    "run-ended",
    {
      Runs: 1,
      RunsFailed: how.status === "failed" ? 1 : 0,
      RunSeconds: ((ended.endedAt ?? run.createdAt) - run.createdAt) / 1000,
    },
    { runID, userID, projectID, status: how.status, code: how.error?.code },
  );
  for (const event of events)
    await Connections.broadcast(projectID, { type: "run-event", projectId: projectID, runId: runID, event });
  await Promise.all([
    run.status === "waiting" ? clearInbox(run) : undefined,
    announce(ended),
    Message.announce(projectID, run.conversationID, run.messageID),
    how.refund ? Usages.announce(userID) : undefined,
    SnapshotEntity.delete({ runID }).go(),
  ]);
  // An execution that waits for a person would otherwise wait for days.
  if (run.token) await Execution.resume(run.token);
}

/** What was being written when the run was stopped. A tool call that was still being written is nothing yet. */
function partialBlock(
  run: RunRecord,
  open: { epoch: number; delta: Delta } | undefined,
  finished: readonly Block[],
): Block | undefined {
  if (open?.epoch !== run.epoch) return undefined;
  const { block, kind, text } = open.delta;
  if (kind === "tool" || text === "" || finished.some(({ id }) => id === block)) return undefined;
  return { type: kind, id: block, text };
}
