import { VisibleError } from "@slipway/contract/error";
import type { FileChange } from "@slipway/contract/file";
import type { ToolChange } from "@slipway/contract/run";
import * as File from "@slipway/core/file";
import * as Run from "@slipway/core/run";
import { createTwoFilesPatch } from "diff";
import type { ToolContext, ToolOutcome } from "./tool.ts";

/**
 * Changes files exactly once: the call's record is in the commit's transaction, with a check that the lease is still
 * held. A turn that comes after a crash finds the record instead of changing anything again.
 * @throws LeaseLost, VisibleError
 */
export async function writeOnce(
  context: ToolContext,
  plan: () => Promise<{ changes: FileChange[]; output: string; shown: ToolChange[] }>,
): Promise<ToolOutcome> {
  const { actor, projectID, lease, callID } = context;
  const before = await Run.toolCall(lease.run.runID, callID);
  if (before) return { output: before.output, changes: before.changes };
  for (let attempt = 1; ; attempt++) {
    const { changes, output, shown } = await plan();
    const record = Run.toolCallItem(lease.run.runID, callID, { state: "completed", output, changes: shown });
    try {
      const { rev } = await File.commit(actor, projectID, { changes, alongside: [record, lease.guardItem()] });
      return { output, changes: shown, rev };
    } catch (error) {
      // Someone typed between the look and the write: the plan looks again, and says so if it does not fit any more.
      if (error instanceof VisibleError && error.code === "stale_revision" && attempt < maxAttempts) continue;
      if (!(error instanceof File.CommitRefused)) throw error;
      if (error.index === 1) throw new Run.LeaseLost();
      const done = await Run.toolCall(lease.run.runID, callID);
      if (!done) throw error;
      return { output: done.output, changes: done.changes };
    }
  }
}

const maxAttempts = 4;

/**
 * Does something that no transaction covers at most once: that it was begun is written first. One that was begun and
 * whose end nobody saw is told to the model, and never done again.
 */
export async function atMostOnce(context: ToolContext, run: () => Promise<ToolOutcome>): Promise<ToolOutcome> {
  const { lease, callID } = context;
  const { runID } = lease.run;
  const before = await Run.toolCall(runID, callID);
  if (before?.state === "started") {
    const message =
      "This was begun, and then the server stopped: nobody knows whether it took effect. Look before you repeat it.";
    throw new VisibleError("conflict", message);
  }
  if (before) return { output: before.output, changes: before.changes };
  const started = Run.toolCallItem(runID, callID, { state: "started", output: "", changes: [] });
  await lease.append([], { items: [started] });
  const outcome = await run();
  await Run.finishToolCall(runID, callID, {
    state: "completed",
    output: outcome.output,
    changes: outcome.changes ?? [],
  });
  return outcome;
}

const maxDiff = 20_000;

export function diffOf(path: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(path, path, before, after, "", "", { context: 3 });
  const body = patch.split("\n").slice(2).join("\n");
  return body.length > maxDiff ? `${body.slice(0, maxDiff)}\n…` : body;
}
