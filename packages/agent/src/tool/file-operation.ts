import { VisibleError } from "@slipway/contract/error";
import * as Operation from "@slipway/core/operation";
import type { ToolContext, ToolOutcome, ToolPending } from "./tool.ts";

/** Changes of files that take more than one commit: the tool starts an operation and answers pending until it ends. */

/**
 * Starts the operation on so many files, once per call. It ends with the run, whichever turn holds it.
 * @throws LeaseLost, VisibleError
 */
export async function startOperation(
  context: ToolContext,
  request: Operation.Request,
  files: number,
): Promise<ToolOutcome> {
  const { actor, projectID, write } = context;
  const operation = await Operation.start(actor, projectID, request, {
    guard: [write.openItem()],
    alongside: (operationID) => [write.item(), write.startedItem(handleOf(operationID, files))],
  });
  if (operation) return pending(handleOf(operation.id, files));
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
export async function resumeOperation(handle: string, context: ToolContext): Promise<ToolOutcome> {
  const [operationID = handle, counted] = handle.split(" ");
  const { state, kind, done, total, error, result } = await Operation.fromID(context.actor, operationID);
  // The operation counts the folders too.
  const files = counted === undefined ? total : Number(counted);
  const finished = Math.min(done, files);
  if (state === "running") {
    context.report(`${number.format(finished)} of ${filesCount(files)}`);
    return pending(handle);
  }
  if (state === "completed") {
    const output = `${kind === "move" ? "Moved" : "Deleted"} ${filesCount(files)}.`;
    return { output, ...(result ? { rev: result.rev } : {}) };
  }
  const reason = error?.message ?? "Stopped.";
  const written = `${number.format(finished)} of ${filesCount(files)} had been changed by then, and stay so.`;
  throw new VisibleError("conflict", `${reason} ${written}`);
}

const number = new Intl.NumberFormat("en");

/** `1 file`, `1,200 files`. */
export function filesCount(count: number): string {
  return `${number.format(count)} ${count === 1 ? "file" : "files"}`;
}

function handleOf(operationID: string, files: number): string {
  return `${operationID} ${files}`;
}

function pending(handle: string): ToolPending {
  return { pending: { handle, pollAfterSeconds: 1 } };
}
