import * as Clock from "../clock/clock.ts";
import * as Execution from "../execution/execution.ts";
import * as FileStore from "../file/system.ts";
import * as Message from "../message/system.ts";
import { transact, updateItem } from "../table/table.ts";
import * as Usage from "../usage/usage.ts";
import * as Usages from "../usage/system.ts";
import { accept, announceAccepted, newRun } from "./accept.ts";
import { end, type End, type Ended } from "./ending.ts";
import { announce, find, type RunRecord } from "./record.ts";
import { RunEntity } from "./run.entity.ts";
import * as Slot from "./slot.ts";
import { joinItem, steers } from "./steer.ts";

/** Runs that wait for the one in progress in their project. */

/** Runs that may wait in one project. */
export const maxQueue = 20;

/** Starts the next queued run of a project, if none is running. It is charged now. */
export async function startNext(projectID: string): Promise<void> {
  for (;;) {
    const slot = await Slot.read(projectID);
    const [nextID, ...queue] = slot.queue;
    if (slot.runID !== undefined || nextID === undefined) return;
    const run = await find(nextID);
    if (run?.status !== "queued") {
      await transact([Slot.item(slot, { runID: undefined, queue })]);
      continue;
    }
    const [usage, head] = await Promise.all([Usage.current(run.userID), FileStore.head(projectID)]);
    const month = Clock.month();
    const written =
      usage.limit < 1
        ? { ok: false as const, failed: [0] }
        : await transact([
            Usages.chargeItem(run.userID, usage.limit, month),
            updateItem(
              RunEntity.patch({ runID: nextID })
                .set({
                  status: "running",
                  chargedMonth: month,
                  startRev: head.rev,
                  touchedAt: Clock.now(),
                })
                .where((attribute, operation) => operation.eq(attribute.status, "queued")),
            ),
            Message.statusItem(run.conversationID, run.messageID, "processing"),
            Slot.item(slot, { runID: nextID, queue }),
          ]);
    if (written.ok) {
      await Execution.startRun(nextID);
      await Promise.all([
        Message.announce(projectID, run.conversationID, run.messageID),
        announce({ ...run, status: "running" }),
        Usages.announce(run.userID),
      ]);
      return;
    }
    if (written.failed[0] !== 0) continue;
    const { code, message } = Usage.exceeded(usage);
    await fail(nextID, { error: { code, message } });
  }
}

/** Ends a run as failed, once. A steering message that it has not answered becomes a run of its own. */
export async function fail(runID: string, how: Omit<End, "status">): Promise<Ended> {
  for (;;) {
    const ended = await end(runID, { ...how, status: "failed" });
    if (ended.kind !== "steered") return ended;
    const run = await find(runID);
    if (run) await queueSteered(run);
  }
}

/** The messages that a failed run has not joined become one run, which is queued and charged like any other. */
async function queueSteered(failed: RunRecord): Promise<void> {
  for (;;) {
    const slot = await Slot.read(failed.projectID);
    const left = (await steers(failed.runID)).filter(({ step }) => step === undefined);
    const last = left.at(-1);
    if (last === undefined) return;
    const joined = left.map(({ messageID }) => joinItem(failed.runID, messageID, failed.step));
    if (slot.queue.length >= maxQueue) {
      // The runs that wait already will find them in the conversation.
      await transact(joined);
      return;
    }
    const { projectID, conversationID, userID, model, effort } = failed;
    const choice = { model, effort };
    const run = newRun({ actor: { userID }, projectID, conversationID, userMessageID: last.messageID, choice });
    const accepted = await accept(run, {
      waits: true,
      items: [Slot.item(slot, { runID: slot.runID, queue: [...slot.queue, run.ids.runID] }), ...joined],
    });
    if (accepted) return announceAccepted({ userID }, run.ids);
  }
}
