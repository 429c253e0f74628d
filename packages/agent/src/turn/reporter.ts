import * as Connection from "@slipway/core/connection";
import type { RunRecord } from "@slipway/core/run";

/** Milliseconds between two lines of progress of one call. */
const interval = 250;
const maxLength = 200;

/** Shows a call's progress to whoever watches. A line that comes too soon replaces the one before; nothing is stored. */
export function createReporter({ runID, projectID }: RunRecord, callID: string): (progress: string) => void {
  let latest: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sentAt = 0;

  function send(): void {
    timer = undefined;
    if (latest === undefined) return;
    const text = latest.slice(0, maxLength);
    latest = undefined;
    sentAt = Date.now();
    void Connection.broadcast(projectID, {
      type: "tool-progress",
      projectId: projectID,
      runId: runID,
      toolCallId: callID,
      text,
    });
  }

  return (progress) => {
    latest = progress;
    timer ??= setTimeout(send, Math.max(0, sentAt + interval - Date.now())).unref();
  };
}
