import { setImmediate } from "node:timers/promises";
import { now } from "../clock/clock.ts";

/** Milliseconds of work after which the event loop gets a turn. */
const slice = 25;

/**
 * A time limit for work that loops over input from outside. Loops check it at each step, so that no input holds the
 * process longer than the limit plus one step.
 */
export interface Budget {
  readonly isSpent: () => boolean;
  /** True once a slice of work is done: time to `yieldTurn`. */
  readonly isDue: () => boolean;
  /** Lets timers and sockets run. @throws the signal's reason once it is aborted */
  yieldTurn(): Promise<void>;
}

export function start(milliseconds: number, signal?: AbortSignal): Budget {
  const deadline = now() + milliseconds;
  let next = now() + slice;
  return {
    isSpent: () => now() > deadline,
    isDue: () => now() > next,
    async yieldTurn() {
      await setImmediate();
      signal?.throwIfAborted();
      next = now() + slice;
    },
  };
}
