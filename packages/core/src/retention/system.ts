import * as Conversation from "../conversation/system.ts";
import { recoverEach } from "../execution/recovery.ts";
import * as FileStore from "../file/system.ts";
import * as GitHubSync from "../github-sync/system.ts";
import * as Log from "../log/log.ts";
import * as Message from "../message/system.ts";
import * as ProjectStore from "../project/system.ts";
import * as Reviews from "../review/system.ts";
import { transact } from "../table/table.ts";
import { due, dueItem, forget, historyKept } from "./record.ts";

/** Expires old history and collects superseded contents, a project at a time. */

/** Projects of one sweep: each costs a read of its rows and log. */
const perSweep = 5;

/** For the sweep. Resolves to the number of projects that were processed. */
export async function sweep(): Promise<number> {
  return recoverEach(await due(perSweep), async (projectID) => {
    // Rescheduled first, so that a failing pass holds up none of the others.
    await transact([dueItem(projectID)]);
    if (!(await ProjectStore.exists(projectID))) {
      await forget(projectID);
      return false;
    }
    const { expired, removed } = await FileStore.collect(projectID, {
      history: historyKept,
      named: await namedElsewhere(projectID),
    });
    Log.info("collected", { projectID, expired, removed });
    return true;
  });
}

/** Contents that no file names but a commit of the source repository, or an accepted review, does. */
async function namedElsewhere(projectID: string): Promise<Set<string>> {
  const named = new Set(await GitHubSync.namedContents(projectID));
  for (const conversationID of await Conversation.idsOf(projectID)) {
    for (const runID of await Message.runsOf(conversationID)) {
      for (const hash of await Reviews.namedContents(runID)) named.add(hash);
    }
  }
  return named;
}
