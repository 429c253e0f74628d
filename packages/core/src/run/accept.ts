import * as Clock from "../clock/clock.ts";
import * as FileStore from "../file/system.ts";
import { create as createID } from "../id/id.ts";
import * as Members from "../member/system.ts";
import type { Actor } from "../member/member.ts";
import * as Message from "../message/system.ts";
import type { Choice } from "../model/model.ts";
import { putItem, transact, type WriteItem } from "../table/table.ts";
import * as Usage from "../usage/usage.ts";
import * as Usages from "../usage/system.ts";
import { openItem } from "./open.ts";
import { announce, find, type RunRecord } from "./record.ts";
import { RunEntity } from "./run.entity.ts";

/** What all ways of accepting a run have in common. */

export interface Accepted {
  userMessageID: string;
  messageID: string;
  runID: string;
}

export interface NewRun {
  ids: Accepted;
  record: Omit<RunRecord, "status">;
  /** What its messages have in common. */
  message: { conversationID: string; projectID: string; runID: string };
}

export function newRun(options: {
  actor: Actor;
  projectID: string;
  conversationID: string;
  choice: Choice;
  userMessageID?: string;
}): NewRun {
  const { actor, projectID, conversationID, choice, userMessageID = createID("message") } = options;
  // Created in this order: a conversation is sorted by the ids of its messages.
  const ids = { userMessageID, messageID: createID("message"), runID: createID("run") };
  const at = Clock.now();
  return {
    ids,
    message: { conversationID, projectID, runID: ids.runID },
    record: {
      ...ids,
      projectID,
      conversationID,
      userID: actor.userID,
      model: choice.model,
      ...(choice.effort ? { effort: choice.effort } : {}),
      epoch: 0,
      seq: 0,
      step: 0,
      attempt: 0,
      cost: 0,
      createdAt: at,
      touchedAt: at,
    },
  };
}

/**
 * The charge, the assistant's placeholder, the run, and `items` in one transaction. A run that waits is charged when it
 * starts. False when another request changed the project's slot first.
 * @throws VisibleError usage_limit_exceeded
 */
export async function accept(run: NewRun, options: { waits: boolean; items: WriteItem[] }): Promise<boolean> {
  const { record, ids, message } = run;
  const { userID, projectID } = record;
  const usage = await Usage.current(userID);
  if (!options.waits && usage.used >= usage.limit) throw Usage.exceeded(usage);
  const month = Clock.month();
  const head = options.waits ? undefined : await FileStore.head(projectID).catch(() => undefined);
  const charge = options.waits ? [] : [Usages.chargeItem(userID, usage.limit, month)];
  const written = await transact([
    ...charge,
    Message.placeholderItem({
      ...message,
      messageID: ids.messageID,
      status: options.waits ? "queued" : "processing",
      model: record.model,
      ...(record.effort ? { effort: record.effort } : {}),
    }),
    putItem(
      RunEntity.create({
        ...record,
        status: options.waits ? "queued" : "running",
        ...(options.waits ? {} : { chargedMonth: month, startRev: head?.rev ?? 0 }),
      }),
    ),
    openItem(ids.runID),
    ...options.items,
  ]);
  if (written.ok) return true;
  if (charge.length > 0 && written.failed.includes(0)) throw Usage.exceeded(await Usage.current(userID));
  return false;
}

export async function announceAccepted(actor: Actor, ids: Accepted): Promise<void> {
  const run = await find(ids.runID);
  if (!run) return;
  await Promise.all([
    Members.touch(run.projectID),
    Usages.announce(actor.userID),
    announce(run),
    Message.announce(run.projectID, run.conversationID, ids.userMessageID),
    Message.announce(run.projectID, run.conversationID, ids.messageID),
  ]);
}
