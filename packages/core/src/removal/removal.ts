import * as Archives from "../archive/system.ts";
import * as Conversation from "../conversation/system.ts";
import { recoverEach } from "../execution/recovery.ts";
import * as FileStore from "../file/system.ts";
import * as Message from "../message/system.ts";
import * as Operations from "../operation/system.ts";
import * as ProjectStore from "../project/system.ts";
import * as Reviews from "../review/system.ts";
import * as Run from "../run/system.ts";
import * as Sandboxes from "../sandbox/system.ts";
import * as GitHubSync from "../github-sync/system.ts";
import { forget as forgetRetention } from "../retention/record.ts";
import { forget, purgeAgain, waiting } from "./record.ts";

/**
 * Purges the contents of removed projects and conversations in the background. Each purge is safe to repeat: rows that
 * name others are deleted last. The ledger keeps what the runs cost.
 */

/** For the sweep. Resolves to how many were purged. */
export async function purge(): Promise<number> {
  const all = new Map((await waiting()).map((removed) => [removed.id, removed]));
  return recoverEach([...all.keys()], async (id) => {
    const removed = all.get(id);
    if (!removed) return false;
    // Moved to the back of the queue first, so that a failing purge holds up none of the others.
    await purgeAgain(removed);
    // Purges only what is gone: a row written by mistake must not delete anyone's files.
    const exists = removed.kind === "project" ? await ProjectStore.exists(id) : await Conversation.exists(id);
    if (!exists) await (removed.kind === "project" ? purgeProject(id) : purgeConversation(id));
    await forget(id);
    return true;
  });
}

async function purgeProject(projectID: string): Promise<void> {
  for (const conversationID of await Conversation.idsOf(projectID)) await purgeConversation(conversationID);
  await Promise.all([
    Run.purgeProject(projectID),
    Reviews.purgeProject(projectID),
    GitHubSync.purge(projectID),
    Operations.purge(projectID),
    Archives.purge(projectID),
    Sandboxes.purge(projectID),
    forgetRetention(projectID),
  ]);
  await FileStore.purge(projectID);
}

/** Removes its messages, and its runs with their events and reviews. */
async function purgeConversation(conversationID: string): Promise<void> {
  for (const runID of await Message.runsOf(conversationID)) {
    await Reviews.purgeRun(runID);
    await Run.purge(runID);
  }
  await Message.purge(conversationID);
  await Conversation.purge(conversationID);
}
