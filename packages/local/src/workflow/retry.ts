import type { Task } from "./definition.ts";
import type { Execution } from "./executions.ts";

/** When a failed task is retried; undefined when no retrier covers the error or its attempts are used up. */
export function nextAttempt(
  execution: Execution,
  state: Task,
  error: string,
): { retries: string; delay: number } | undefined {
  const used = JSON.parse(execution.retries) as Record<string, number>;
  const at = state.Retry.findIndex((retry) => covers(retry.ErrorEquals, error));
  const retry = state.Retry[at];
  const attempts = used[at] ?? 0;
  if (retry === undefined || attempts >= retry.MaxAttempts) return undefined;
  const seconds = Math.min(
    retry.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
    retry.IntervalSeconds * retry.BackoffRate ** attempts,
  );
  const delay = 1000 * (retry.JitterStrategy === "FULL" ? Math.random() * seconds : seconds);
  return { retries: JSON.stringify({ ...used, [at]: attempts + 1 }), delay };
}

/** Whether `ErrorEquals` covers an error. `States.Runtime` ends an execution whatever it catches. */
export function covers(names: readonly string[], error: string): boolean {
  if (error === "States.Runtime") return false;
  return names.some(
    (name) =>
      name === error ||
      (name === "States.ALL" && error !== "States.DataLimitExceeded") ||
      (name === "States.TaskFailed" && error !== "States.Timeout"),
  );
}
