import type { SendMode } from "@slipway/contract/conversation";
import { VisibleError } from "@slipway/contract/error";
import * as Clock from "../clock/clock.ts";
import * as Conversation from "../conversation/conversation.ts";
import * as FileStore from "../file/system.ts";
import { create as createID } from "../id/id.ts";
import * as Member from "../member/member.ts";
import type { Actor } from "../member/member.ts";
import * as Message from "../message/message.ts";
import * as ProjectStore from "../project/system.ts";
import { putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import * as Usage from "../usage/usage.ts";
import { end } from "./ending.ts";
import * as Execution from "../execution/execution.ts";
import { announce, find, isOpen, type RunRecord } from "./record.ts";
import { RunEntity, SteerEntity } from "./run.entity.ts";
import * as Slot from "./slot.ts";

export interface Accepted {
  userMessageID: string;
  messageID: string;
  runID: string;
}

/** Runs that may wait in one project. */
const maxQueue = 20;

/**
 * Accepts a message: the charge, both messages, the run and the project's slot are one transaction; then the workflow
 * is started. Over the limit nothing is written.
 * @throws VisibleError not_found, not_allowed, usage_limit_exceeded, busy
 */
export async function send(
  actor: Actor,
  message: {
    conversationID: string;
    text: string;
    mode: SendMode;
    attachments?: readonly { upload: string; name: string }[] | undefined;
  },
): Promise<Accepted> {
  const conversation = await Conversation.fromID(actor, message.conversationID, "run");
  const projectID = conversation.projectId;
  const userMessageID = createID("message");
  const [settings, attachments] = await Promise.all([
    ProjectStore.settings(projectID),
    Message.keepAttachments(actor, projectID, userMessageID, message.attachments ?? []),
  ]);
  for (let attempt = 0; attempt < 10; attempt++) {
    const slot = await Slot.read(projectID);
    const current = slot.runID === undefined ? undefined : await find(slot.runID);
    const isBusy = current !== undefined && isOpen(current);
    if (message.mode === "steer" && isBusy && current.conversationID === message.conversationID) {
      const joined = await steer(current, { messageID: userMessageID, text: message.text, attachments });
      if (joined) return joined;
      continue;
    }
    const run = newRun({
      actor,
      projectID,
      conversationID: message.conversationID,
      userMessageID,
      text: message.text,
      attachments,
      model: settings.model,
    });
    const waits = message.mode === "queue" && isBusy;
    if (waits && slot.queue.length >= maxQueue)
      throw new VisibleError("busy", `${maxQueue} messages are waiting already.`);
    const after = waits
      ? { runID: slot.runID, queue: [...slot.queue, run.ids.runID] }
      : { runID: run.ids.runID, queue: [] };
    const accepted = await accept(actor, run, {
      waits,
      items: [Slot.item(slot, after), Conversation.activityItem(message.conversationID, projectID)],
    });
    if (!accepted) continue;
    if (!waits) {
      const replaced = [...(isBusy ? [current.runID] : []), ...slot.queue];
      for (const runID of replaced) await end(runID, { status: "cancelled" });
      await Execution.startRun(run.ids.runID);
    }
    await announceAccepted(actor, run.ids);
    return run.ids;
  }
  throw new VisibleError("busy", "Many messages arrive at once. Try again.");
}

/** A new project from a sentence, with its first conversation and its first run: one transaction. */
export async function createWithPrompt(
  actor: Actor,
  options: { prompt: string; model?: string | undefined },
): Promise<Accepted & { projectID: string; conversationID: string }> {
  const projectID = createID("project");
  const conversationID = createID("conversation");
  const model = options.model ?? "";
  const run = newRun({ actor, projectID, conversationID, text: options.prompt, model });
  const slot = { projectID, runID: undefined, queue: [], version: 0 };
  const accepted = await accept(actor, run, {
    waits: false,
    items: [
      ...ProjectStore.createItems({
        projectID,
        ownerID: actor.userID,
        name: ProjectStore.randomName(),
        origin: "prompt",
        settings: { model },
      }),
      Conversation.createItem(conversationID, projectID),
      Slot.item(slot, { runID: run.ids.runID, queue: [] }),
    ],
  });
  if (!accepted) throw new Error("a new project's id was taken");
  await Execution.startRun(run.ids.runID);
  await Usage.announce(actor.userID);
  return { ...run.ids, projectID, conversationID };
}

/** (internal) Lets the next waiting run of a project begin, if none is going. It is charged now. */
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
            Usage.chargeItem(run.userID, usage.limit, month),
            updateItem(
              RunEntity.patch({ runID: nextID })
                .set({
                  status: "running",
                  chargedMonth: month,
                  startRev: head.rev,
                  touchedAt: Clock.now(),
                  state: "open",
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
        Usage.announce(run.userID),
      ]);
      return;
    }
    if (written.failed[0] !== 0) continue;
    const { code, message } = Usage.exceeded(usage);
    await end(nextID, { status: "failed", error: { code, message } });
  }
}

interface NewRun {
  ids: Accepted;
  record: Omit<RunRecord, "status">;
  text: string;
  attachments: readonly Message.StoredAttachment[];
}

function newRun(options: {
  actor: Actor;
  projectID: string;
  conversationID: string;
  text: string;
  model: string;
  userMessageID?: string;
  attachments?: readonly Message.StoredAttachment[];
}): NewRun {
  const { actor, projectID, conversationID, text, attachments = [], userMessageID = createID("message") } = options;
  // Made one after the other: a conversation is sorted by them.
  const ids = { userMessageID, messageID: createID("message"), runID: createID("run") };
  const at = Clock.now();
  return {
    ids,
    text,
    attachments,
    record: {
      runID: ids.runID,
      messageID: ids.messageID,
      projectID,
      conversationID,
      userID: actor.userID,
      model: ProjectStore.modelOf(options),
      // A row holds 400 KB; the whole text is in the message.
      prompt: text.slice(0, 100_000),
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

/** False when someone else was quicker in the project's slot. */
async function accept(actor: Actor, run: NewRun, options: { waits: boolean; items: WriteItem[] }): Promise<boolean> {
  const usage = await Usage.current(actor.userID);
  if (!options.waits && usage.used >= usage.limit) throw Usage.exceeded(usage);
  const { record, ids, text } = run;
  const of = { conversationID: record.conversationID, projectID: record.projectID, runID: ids.runID };
  const month = Clock.month();
  const head = options.waits ? undefined : await FileStore.head(record.projectID).catch(() => undefined);
  const charge = options.waits ? [] : [Usage.chargeItem(actor.userID, usage.limit, month)];
  const written = await transact([
    ...charge,
    Message.userItem({ ...of, messageID: ids.userMessageID, text, attachments: run.attachments }),
    Message.placeholderItem({ ...of, messageID: ids.messageID, status: options.waits ? "queued" : "processing" }),
    putItem(
      RunEntity.create({
        ...record,
        status: options.waits ? "queued" : "running",
        state: "open",
        ...(options.waits ? {} : { chargedMonth: month, startRev: head?.rev ?? 0 }),
      }),
    ),
    ...options.items,
  ]);
  if (written.ok) return true;
  if (charge.length > 0 && written.failed.includes(0)) throw Usage.exceeded(await Usage.current(actor.userID));
  return false;
}

/** Adds to the run in progress, without a charge. Undefined when it has ended in the meantime. */
async function steer(
  run: RunRecord,
  message: { messageID: string; text: string; attachments: readonly Message.StoredAttachment[] },
): Promise<Accepted | undefined> {
  const { messageID, text, attachments } = message;
  const { runID, conversationID, projectID } = run;
  const written = await transact([
    updateItem(
      RunEntity.patch({ runID })
        .set({ touchedAt: Clock.now(), state: "open" })
        .where((attribute, operation) => operation.eq(attribute.status, run.status)),
    ),
    Message.userItem({ messageID, conversationID, projectID, runID, text, attachments }),
    putItem(SteerEntity.create({ runID, messageID, text })),
  ]);
  if (!written.ok) return undefined;
  await Message.announce(projectID, conversationID, messageID);
  return { userMessageID: messageID, messageID: run.messageID, runID };
}

async function announceAccepted(actor: Actor, ids: Accepted): Promise<void> {
  const run = await find(ids.runID);
  if (!run) return;
  await Promise.all([
    Member.touch(run.projectID),
    Usage.announce(actor.userID),
    announce(run),
    Message.announce(run.projectID, run.conversationID, ids.userMessageID),
    Message.announce(run.projectID, run.conversationID, ids.messageID),
  ]);
}
