import * as File from "@slipway/core/file";
import * as Message from "@slipway/core/message/system";
import * as ProjectStore from "@slipway/core/project/system";
import * as Reviews from "@slipway/core/review/system";
import * as Sandboxes from "@slipway/core/sandbox/system";
import type { Lease } from "@slipway/core/run/system";
import type { ModelMessage, SystemModelMessage } from "ai";
import { attachmentParts, showMentioned } from "../history/attachment.ts";
import { toModelMessages } from "../history/history.ts";
import { mentionedIn } from "../history/mention.ts";
import { withoutJoined } from "../history/steered.ts";
import { base, instructions, projectNote, withCommands, withoutCommands } from "../prompt/prompt.ts";

/** What the model is sent. */
export interface Conversation {
  system: SystemModelMessage[];
  /** Grows with the run. */
  messages: ModelMessage[];
  /** Where in them the run's own message is. */
  asked: number;
}

/** Messages of the conversation that the model is reminded of. */
const maxHistory = 30;

/** The conversation as it was when the run was asked for, without the run's own steps. */
export async function openConversation(lease: Lease): Promise<Conversation> {
  const { run } = lease;
  const actor = { userID: run.userID, runID: run.runID };
  const [settings, { files }, history, rejections] = await Promise.all([
    ProjectStore.settings(run.projectID),
    File.list(actor, run.projectID),
    Message.before(run.conversationID, run.messageID, maxHistory),
    Reviews.rejections(run.projectID),
  ]);
  const earlier = withoutJoined(history);
  const firstUser = earlier.findIndex(({ role }) => role === "user");
  const told = earlier.slice(Math.max(0, firstUser));
  const [attachments, mentioned] = await Promise.all([
    attachmentParts(history),
    showMentioned(actor, run.projectID, mentionedIn(told.at(-1)?.text ?? "", files)),
  ]);
  const asked = told.at(-1);
  const project = projectNote({
    name: settings.name,
    files,
    changedByPeople: await changedByPeople(lease),
    commands: settings,
  });
  if (asked?.role === "user") {
    const notes = [project, ...(mentioned ? [mentioned] : [])].map((text) => ({ type: "text" as const, text }));
    attachments.set(asked.id, [...(attachments.get(asked.id) ?? []), ...notes]);
  }
  const messages = toModelMessages(told, { rejections, attachments });
  return {
    system: instructions([base, Sandboxes.obstacle() === undefined ? withCommands : withoutCommands]),
    messages,
    asked: messages.length - 1,
  };
}

/** Paths that people changed between the run before this one and now. */
async function changedByPeople(lease: Lease): Promise<string[]> {
  const { run } = lease;
  if (run.startRev === undefined || run.startRev === 0) return [];
  const since = Math.max(0, run.startRev - 20);
  const { commits } = await File.changesSince({ userID: run.userID }, run.projectID, since);
  const lastRun = commits.findLastIndex(({ writer, rev }) => writer.kind === "run" && rev <= (run.startRev ?? 0));
  const own = commits.slice(lastRun + 1).filter(({ writer }) => writer.kind === "person");
  return [...new Set(own.flatMap(({ changes }) => changes.map(({ path }) => path)))];
}
