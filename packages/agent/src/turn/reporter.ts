import { headOf, tailOf } from "@slipway/contract/cut";
import type { Lease } from "@slipway/core/run/system";

/** Milliseconds between two messages about one call. */
const interval = 250;
const maxLength = 200;
const maxOutput = 8000;

/** Shows a call's progress to the project's watchers. What comes too soon replaces the previous one; nothing is stored. */
export function createReporter({ run, tell }: Lease, callID: string): (progress: string, output?: string) => void {
  let latest: { progress: string; output?: string | undefined } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sentAt = 0;

  function send(): void {
    timer = undefined;
    if (latest === undefined) return;
    const { progress, output } = latest;
    latest = undefined;
    sentAt = Date.now();
    tell({
      type: "tool-progress",
      projectId: run.projectID,
      runId: run.runID,
      toolCallId: callID,
      text: headOf(progress, maxLength),
      ...(output === undefined ? {} : { output: tailOf(output, maxOutput) }),
    });
  }

  return (progress, output) => {
    latest = { progress, output };
    timer ??= setTimeout(send, Math.max(0, sentAt + interval - Date.now())).unref();
  };
}
