import type { Message } from "@slipway/contract/conversation";

/** Steering messages in a history: each is told once, and none that was withdrawn is taken for a request. */

/**
 * A history without the steering messages that joined a run: their place is in its answer. The answer is older than they
 * are, so at the start of the history it may be missing; they were told with it all the same. The last message stays: it
 * is what is asked now.
 */
export function withoutJoined(history: readonly Message[]): Message[] {
  const joined = new Set(
    history.flatMap(({ blocks }) => blocks.flatMap(({ type, id }) => (type === "steer" ? id : []))),
  );
  const answered = new Set(history.flatMap(({ role, runId }) => (role === "assistant" && runId ? runId : [])));
  return history.filter(
    ({ id, isSteer, runId }, at) =>
      !joined.has(id) && !(isSteer && runId && !answered.has(runId) && at < history.length - 1),
  );
}

/** Runs that were cancelled: a steering message that still waited for one of them was withdrawn with it. */
export function cancelledRuns(history: readonly Message[]): Set<string> {
  return new Set(
    history.flatMap(({ role, status, runId }) =>
      role === "assistant" && status === "cancelled" && runId ? runId : [],
    ),
  );
}
