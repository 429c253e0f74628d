import { headOf } from "@slipway/contract/cut";
import type { PullRequestDraft } from "@slipway/contract/github";
import * as FileStore from "../file/system.ts";
import type { Actor } from "../member/member.ts";
import * as Message from "../message/system.ts";
import * as Run from "../run/run.ts";

/** Drafts a pull request's text from what the agent was asked and answered since a revision. */
export async function draftFrom(
  actor: Actor,
  projectID: string,
  since: number,
  changed: readonly string[],
): Promise<PullRequestDraft> {
  const writers = await FileStore.writersSince(projectID, since);
  const newest = writers.flatMap(({ kind, id }) => (kind === "run" ? [id] : [])).slice(-20);
  // A run is gone once its conversation has been deleted.
  const runs = await Promise.all(newest.map((runID) => Run.recordFor(actor, runID, "read").catch(() => undefined)));
  const known = runs.filter((run) => run !== undefined);
  const last = known.at(-1);
  const files = listOf(changed);
  if (!last) return { title: titleOf(changed), body: files };
  const said = await Message.finalText(last.conversationID, last.messageID);
  const prompts = await Promise.all(known.map((run) => Message.textOf(run.conversationID, run.userMessageID)));
  const asked = prompts.map((prompt) => `- ${firstLine(prompt, 200)}`).join("\n");
  // The agent's own summary says more than a list of files.
  const parts = [said.trim() || files, known.length > 1 ? `### Asked for\n\n${asked}` : ""].filter(
    (part) => part !== "",
  );
  return { title: firstLine(prompts.at(-1) ?? "", 72), body: headOf(parts.join("\n\n"), 60_000) };
}

function titleOf(changed: readonly string[]): string {
  const [first = "the project"] = changed;
  return changed.length === 1 ? headOf(`Update ${first}`, 72) : `Update ${changed.length} files`;
}

function listOf(changed: readonly string[]): string {
  const shown = changed.slice(0, 30).map((path) => `- \`${path.replaceAll("`", "'")}\``);
  if (changed.length > shown.length) shown.push(`- and ${changed.length - shown.length} more`);
  return `### Files\n\n${shown.join("\n")}`;
}

function firstLine(text: string, limit: number): string {
  const line = (text.trim().split(/\r?\n/)[0] ?? "").trim();
  return line.length > limit ? `${headOf(line, limit - 1).trimEnd()}…` : line || "Changes from Slipway";
}
