import { maxAttachments, type SendMode } from "@slipway/contract/conversation";
import type { Effort } from "@slipway/contract/model";
import { VisibleError } from "@slipway/contract/error";
import * as Conversation from "../conversation/conversation.ts";
import * as ConversationStore from "../conversation/system.ts";
import * as Execution from "../execution/execution.ts";
import { create as createID } from "../id/id.ts";
import type { Actor } from "../member/member.ts";
import { keepAttachments } from "../message/attachment.ts";
import * as Message from "../message/system.ts";
import * as Models from "../model/model.ts";
import * as ProjectStore from "../project/system.ts";
import { putItem, transact, updateItem } from "../table/table.ts";
import * as Usages from "../usage/system.ts";
import { accept, announceAccepted, newRun, type Accepted } from "./accept.ts";
import { end } from "./ending.ts";
import { maxQueue, startNext } from "./queue.ts";
import { find, isOpen, type RunRecord } from "./record.ts";
import { RunEntity, SteerEntity } from "./run.entity.ts";
import { settleIfDead } from "./settle.ts";
import * as Slot from "./slot.ts";

/**
 * Accepts a message: the charge, both messages, the run and the project's slot are one transaction; then the workflow
 * starts. Over the limit nothing is written.
 * @throws VisibleError not_found, not_allowed, invalid_input, usage_limit_exceeded, busy
 */
export async function send(
  actor: Actor,
  message: {
    conversationID: string;
    text: string;
    mode: SendMode;
    /** The project's, without one. */
    model?: string | undefined;
    effort?: Effort | undefined;
    attachments?: readonly { upload: string; name: string }[] | undefined;
    /** A message of the conversation whose attachments it has too. */
    attachmentsOf?: string | undefined;
  },
): Promise<Accepted> {
  const conversation = await Conversation.fromID(actor, message.conversationID, "run");
  const projectID = conversation.projectId;
  const userMessageID = createID("message");
  const again = message.attachmentsOf === undefined ? [] : [message.attachmentsOf];
  // Before anything is kept: what is refused changes nothing.
  const chosen = message.model === undefined ? undefined : await Models.choose(actor, message, "");
  const [settings, kept, before] = await Promise.all([
    ProjectStore.settings(projectID),
    keepAttachments(actor, projectID, userMessageID, message.attachments ?? []),
    Message.attachmentsOf(message.conversationID, again),
  ]);
  const choice = chosen ?? (await Models.choose(actor, message, settings.model));
  const attachments = [...[...before.values()].flat(), ...kept].slice(0, maxAttachments);
  for (let attempt = 0; attempt < 10; attempt++) {
    const slot = await Slot.read(projectID);
    const current = slot.runID === undefined ? undefined : await find(slot.runID);
    const isBusy = current !== undefined && isOpen(current);
    // A message must not wait for, or join, a run that nothing carries out any more.
    if (isBusy && message.mode !== "replace" && (await settleIfDead(current))) continue;
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
      choice,
    });
    // Only "replace" cancels anything. Whatever else cannot start now waits its turn.
    const waits = message.mode !== "replace" && (isBusy || slot.queue.length > 0);
    if (waits && slot.queue.length >= maxQueue)
      throw new VisibleError("busy", `${maxQueue} messages are queued. Wait until one is done, or stop the run.`);
    const after = waits
      ? { runID: slot.runID, queue: [...slot.queue, run.ids.runID] }
      : { runID: run.ids.runID, queue: [] };
    const accepted = await accept(run, {
      waits,
      items: [
        Message.userItem({ ...run.message, messageID: userMessageID, text: message.text, attachments }),
        Slot.item(slot, after),
        ConversationStore.activityItem(message.conversationID, projectID),
      ],
    });
    if (!accepted) continue;
    if (waits && !isBusy) await startNext(projectID);
    if (!waits) {
      const replaced = [...(isBusy ? [current.runID] : []), ...slot.queue];
      for (const runID of replaced) await end(runID, { status: "cancelled" });
      await Execution.startRun(run.ids.runID);
    }
    await announceAccepted(actor, run.ids);
    return run.ids;
  }
  throw new VisibleError("busy", "Too many messages at once. Try again.");
}

/** A new project from a sentence, with its first conversation and its first run: one transaction. */
export async function createWithPrompt(
  actor: Actor,
  options: { prompt: string; model?: string | undefined; effort?: Effort | undefined },
): Promise<Accepted & { projectID: string; conversationID: string }> {
  const projectID = createID("project");
  const conversationID = createID("conversation");
  const model = options.model ?? "";
  const choice = await Models.choose(actor, { ...options, model: options.model || undefined }, "");
  const run = newRun({ actor, projectID, conversationID, choice });
  const slot = { projectID, runID: undefined, queue: [], version: 0 };
  const accepted = await accept(run, {
    waits: false,
    items: [
      Message.userItem({ ...run.message, messageID: run.ids.userMessageID, text: options.prompt }),
      ...ProjectStore.createItems({
        projectID,
        ownerID: actor.userID,
        name: await ProjectStore.randomName(),
        isNameRandom: true,
        description: ProjectStore.descriptionFrom(options.prompt),
        origin: "prompt",
        settings: { model },
      }),
      ConversationStore.createItem(conversationID, projectID),
      Slot.item(slot, { runID: run.ids.runID, queue: [] }),
    ],
  });
  if (!accepted) throw new Error("a new project's id was taken");
  await Execution.startRun(run.ids.runID);
  await Usages.announce(actor.userID);
  return { ...run.ids, projectID, conversationID };
}

/** Adds to the run in progress, without a charge. Undefined when it has ended by now. */
async function steer(
  run: RunRecord,
  message: { messageID: string; text: string; attachments: readonly Message.StoredAttachment[] },
): Promise<Accepted | undefined> {
  const { messageID, text, attachments } = message;
  const { runID, conversationID, projectID } = run;
  const written = await transact([
    updateItem(
      RunEntity.patch({ runID })
        .add({ steers: 1 })
        .where((attribute, operation) => operation.eq(attribute.status, run.status)),
    ),
    Message.userItem({ messageID, conversationID, projectID, runID, text, attachments, isSteer: true }),
    putItem(SteerEntity.create({ runID, messageID, text })),
  ]);
  if (!written.ok) return undefined;
  await Message.announce(projectID, conversationID, messageID);
  return { userMessageID: messageID, messageID: run.messageID, runID };
}
