import { setTimeout as sleep } from "node:timers/promises";
import type { ServerMessage } from "@slipway/contract/socket";
import { broadcast } from "./system.ts";

/**
 * Messages of one run to its project's watchers, in order, without holding up the run. Deltas that wait are sent as
 * one message. When sockets are too slow, the oldest messages are dropped: a client finds the gap by number or offset.
 */
export interface Outbox {
  push(message: ServerMessage): void;
  /** Until everything is sent, or for five seconds: before the function is frozen. */
  flush(): Promise<void>;
}

const maxQueue = 200;
/** Deltas of one message; a message has 128 KB. */
const maxDeltas = 50;
const flushTime = 5000;

export function createOutbox(
  projectID: string,
  send: (message: ServerMessage) => Promise<void> = (message) => broadcast(projectID, message),
): Outbox {
  const queue: ServerMessage[] = [];
  let sending: Promise<void> | undefined;

  async function drain(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const began = performance.now();
      await send(next);
      // Pushing to hundreds of sockets takes the processor that the run needs: at most half of the time is theirs.
      if (queue.length > 0) await sleep(performance.now() - began);
    }
    sending = undefined;
  }

  return {
    push(message) {
      const last = queue.at(-1);
      if (message.type === "delta" && last?.type === "delta" && last.deltas.length < maxDeltas)
        queue[queue.length - 1] = { ...last, deltas: [...last.deltas, ...message.deltas] };
      else queue.push(message);
      if (queue.length > maxQueue) queue.shift();
      sending ??= drain();
    },
    async flush() {
      if (sending) await Promise.race([sending, sleep(flushTime, undefined, { ref: false })]);
    },
  };
}
