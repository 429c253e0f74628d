import type { Message } from "@slipway/contract/conversation";

/** Steering messages in a history: each is told once, and none that was withdrawn is taken for a request. */

/** The run of a message; of a copy in a forked conversation, that of the original. */
export function runOf({ runId, sourceRunId }: Message): string | undefined {
  return runId ?? sourceRunId;
}

/**
 * A history without the steering messages that joined a run: their place is in its answer. The answer is older than they
 * are, so at the start of the history it may be missing; they were told with it all the same. The last message stays: it
 * is what is asked now.
 */
export function withoutJoined(history: readonly Message[]): Message[] {
  const joined = new Set(
    history.flatMap(({ blocks }) => blocks.flatMap(({ type, id }) => (type === "steer" ? id : []))),
  );
  const answered = new Set(history.flatMap((message) => (message.role === "assistant" ? (runOf(message) ?? []) : [])));
  return history.filter((message, at) => {
    const run = message.isSteer ? runOf(message) : undefined;
    return !joined.has(message.id) && !(run && !answered.has(run) && at < history.length - 1);
  });
}

/** Runs that were cancelled: a steering message that still waited for one of them was withdrawn with it. */
export function cancelledRuns(history: readonly Message[]): Set<string> {
  return new Set(
    history.flatMap((message) =>
      message.role === "assistant" && message.status === "cancelled" ? (runOf(message) ?? []) : [],
    ),
  );
}
