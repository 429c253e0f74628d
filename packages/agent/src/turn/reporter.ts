import { headOf } from "@slipway/contract/cut";
import type { Lease } from "@slipway/core/run/system";

/** Milliseconds between two lines of progress of one call. */
const interval = 250;
const maxLength = 200;

/** Shows a call's progress to the project's watchers. A line that comes too soon replaces the previous one; nothing is stored. */
export function createReporter({ run, tell }: Lease, callID: string): (progress: string) => void {
  let latest: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sentAt = 0;

  function send(): void {
    timer = undefined;
    if (latest === undefined) return;
    const text = headOf(latest, maxLength);
    latest = undefined;
    sentAt = Date.now();
    const { runID, projectID } = run;
    tell({ type: "tool-progress", projectId: projectID, runId: runID, toolCallId: callID, text });
  }

  return (progress) => {
    latest = progress;
    timer ??= setTimeout(send, Math.max(0, sentAt + interval - Date.now())).unref();
  };
}
