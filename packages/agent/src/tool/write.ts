import { headOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import type { FileChange } from "@slipway/contract/file";
import type { ToolChange } from "@slipway/contract/run";
import * as File from "@slipway/core/file";
import { createTwoFilesPatch } from "diff";
import { boundChanges } from "./bound-changes.ts";
import { ToolFailure, type ToolContext, type ToolResult } from "./tool.ts";

/**
 * Changes files exactly once: the call's record and the guard are in the commit's transaction. A turn that repeats the
 * call after a crash finds the record and changes nothing.
 * @throws LeaseLost, VisibleError
 */
export async function writeOnce(
  context: ToolContext,
  plan: () => Promise<{ changes: FileChange[]; output: string; shown: ToolChange[] }>,
): Promise<ToolResult> {
  const { actor, projectID, write } = context;
  const before = await write.earlier();
  if (before) return { output: before.output, changes: before.changes };
  for (let attempt = 1; ; attempt++) {
    const { changes, output, shown: all } = await plan();
    const shown = boundChanges(all);
    const record = await write.recordItem({ state: "completed", output, changes: shown });
    try {
      const { rev } = await File.commit(actor, projectID, { changes, alongside: [record, write.item()] });
      return { output, changes: shown, rev };
    } catch (error) {
      // A person changed a file between the plan and the write: plan again. It fails if it no longer fits.
      if (error instanceof VisibleError && error.code === "stale_revision" && attempt < maxAttempts) continue;
      if (!(error instanceof File.CommitRefused)) throw error;
      if (error.index === 1) throw write.lost();
      const done = await write.earlier();
      if (!done) throw error;
      return { output: done.output, changes: done.changes };
    }
  }
}

const maxAttempts = 4;

/**
 * Runs an effect that no transaction covers at most once: its start is recorded first. An effect that started and whose
 * end nobody saw is reported to the model and never repeated.
 * @throws LeaseLost, VisibleError
 */
export async function atMostOnce(context: ToolContext, run: () => Promise<ToolResult>): Promise<ToolResult> {
  const { write } = context;
  const before = await write.earlier();
  if (before?.state === "started") {
    throw new ToolFailure("conflict", {
      shown: "Interrupted on our side: it may have taken effect.",
      told: "This was started, and then the server stopped: whether it took effect is unknown. Check before you repeat it.",
    });
  }
  if (before) return { output: before.output, changes: before.changes };
  await write.begin();
  const result = await run();
  await write.complete({ state: "completed", output: result.output, changes: result.changes ?? [] });
  return result;
}

const maxDiff = 20_000;

export function diffOf(path: string, before: string, after: string): string {
  // Its time grows with the square of what differs.
  const patch = createTwoFilesPatch(path, path, before, after, "", "", { context: 3, timeout: 2000 });
  if (patch === undefined) return "[too different to compare]";
  const body = patch.split("\n").slice(2).join("\n");
  return body.length > maxDiff ? `${headOf(body, maxDiff)}\n…` : body;
}
