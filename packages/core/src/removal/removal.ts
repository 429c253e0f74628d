import * as Conversation from "../conversation/conversation.ts";
import * as FileStore from "../file/system.ts";
import * as Message from "../message/message.ts";
import * as Operations from "../operation/system.ts";
import * as Project from "../project/project.ts";
import * as Review from "../review/review.ts";
import * as Run from "../run/run.ts";
import * as Transfer from "../transfer/transfer.ts";
import { forget, waiting } from "./record.ts";

/**
 * What is left to do when something is gone for everyone: its contents, of every kind, are purged in the background.
 * Each purge is safe to repeat, and what names the others goes last. What runs cost stays in the ledger.
 */

/** (for the sweep) Resolves to how many were purged. */
export async function purge(): Promise<number> {
  const all = await waiting();
  for (const { id, kind } of all) {
    // Whoever notes something by mistake must not cost anyone a file: only what is gone is purged.
    const isThere = kind === "project" ? await Project.exists(id) : await Conversation.exists(id);
    if (!isThere) await (kind === "project" ? purgeProject(id) : purgeConversation(id));
    await forget(id);
  }
  return all.length;
}

async function purgeProject(projectID: string): Promise<void> {
  for (const conversationID of await Conversation.idsOf(projectID)) await purgeConversation(conversationID);
  await Promise.all([
    Run.purgeProject(projectID),
    Review.purgeProject(projectID),
    Transfer.purge(projectID),
    Operations.purge(projectID),
  ]);
  await FileStore.purge(projectID);
}

/** What was said in it, and what its runs said and did. */
async function purgeConversation(conversationID: string): Promise<void> {
  for (const runID of await Message.runsOf(conversationID)) {
    await Review.purgeRun(runID);
    await Run.purge(runID);
  }
  await Message.purge(conversationID);
  await Conversation.purge(conversationID);
}
