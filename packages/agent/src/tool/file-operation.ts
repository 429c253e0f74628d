import { VisibleError } from "@slipway/contract/error";
import * as Operation from "@slipway/core/operation";
import type { ToolContext, ToolOutcome, ToolPending } from "./tool.ts";

/** Changes of files that take more than one commit: the tool starts an operation and answers pending until it ends. */

/**
 * Starts the operation, once per call. It ends with the run, whichever turn holds it.
 * @throws LeaseLost, VisibleError
 */
export async function startOperation(context: ToolContext, request: Operation.Request): Promise<ToolOutcome> {
  const { actor, projectID, write } = context;
  const operation = await Operation.start(actor, projectID, request, {
    guard: [write.openItem()],
    alongside: (operationID) => [write.item(), write.startedItem(operationID)],
  });
  if (operation) return pending(operation.id);
  const started = await startedOperation(context);
  if (!started) throw write.lost();
  return started;
}

/** The operation that an earlier attempt of this call started. */
export async function startedOperation({ write }: ToolContext): Promise<ToolPending | undefined> {
  const before = await write.earlier();
  return before?.state === "started" ? pending(before.output) : undefined;
}

/** @throws VisibleError when the operation failed or was cancelled, with what it had written */
export async function resumeOperation(operationID: string, context: ToolContext): Promise<ToolOutcome> {
  const { state, kind, done, total, error, result } = await Operation.fromID(context.actor, operationID);
  if (state === "running") {
    context.report(`${done} of ${total}`);
    return pending(operationID);
  }
  const progress = `${done} of ${total} files`;
  if (state === "completed") {
    const output = `${kind === "move" ? "Moved" : "Deleted"} ${done} files.`;
    return { output, ...(result ? { rev: result.rev } : {}) };
  }
  const reason = error?.message ?? "It was stopped.";
  throw new VisibleError("conflict", `${reason} ${progress} had been changed by then, and stay so.`);
}

function pending(handle: string): ToolPending {
  return { pending: { handle, pollAfterSeconds: 1 } };
}
