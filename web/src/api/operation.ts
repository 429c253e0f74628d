import type { Changed, UndoRange } from "@slipway/contract/file";
import type { Operation } from "@slipway/contract/operation";
import { cancelOperation, getOperation } from "@slipway/contract/routes/operation";
import { text } from "#text/common.ts";
import { call } from "./call.ts";

/** A change of files as the API answers it: done, or continuing in the background. */
export type Outcome = Changed | { operation: Operation };

/** A change failed, or was cancelled half way. `undo` undoes what had been written. */
export class OperationFailed extends Error {
  readonly undo: UndoRange | undefined;
  constructor(message: string, undo: UndoRange | undefined) {
    super(message);
    this.undo = undo;
  }
}

/** Milliseconds between two looks at an operation. */
const interval = 400;

/**
 * Waits for a change of files that may continue in the background. Aborting cancels it: what has been written stays.
 * @throws ApiError, OperationFailed
 */
export async function settled(
  outcome: Outcome,
  options: { onProgress?: ((done: number, total: number) => void) | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Changed> {
  if (!("operation" in outcome)) return outcome;
  let { operation } = outcome;
  let isCancelled = false;
  while (operation.state === "running") {
    options.onProgress?.(operation.done, operation.total);
    await new Promise((resolve) => setTimeout(resolve, interval));
    const isAborted: boolean = options.signal?.aborted === true && !isCancelled;
    isCancelled ||= isAborted;
    operation = await call(isAborted ? cancelOperation : getOperation, { params: { id: operation.id } });
  }
  const { error, result } = operation;
  const written = result && result.undo.to > result.undo.from ? result.undo : undefined;
  if (error) throw new OperationFailed(error.message, written);
  if (operation.state === "cancelled" || !result)
    throw new OperationFailed(text.stoppedAfter(operation.done, operation.total), written);
  return result;
}
