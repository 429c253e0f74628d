import * as Log from "../log/log.ts";

/** Milliseconds after which work that nothing has touched is looked at. */
export const quiet = 60_000;

/**
 * Recovers each row on its own: a failing one is logged and holds up none of the others. Resolves to how many `recover` acted on.
 * With `lanes` that many are under way at once, and one that takes longer than `milliseconds` is left to the next sweep.
 */
export async function recoverEach(
  ids: readonly string[],
  recover: (id: string) => Promise<boolean>,
  { lanes = 1, milliseconds }: { lanes?: number; milliseconds?: number } = {},
): Promise<number> {
  let acted = 0;
  const waiting = [...ids];
  async function lane(): Promise<void> {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        const recovered = recover(id);
        if (await (milliseconds === undefined ? recovered : within(milliseconds, recovered))) acted++;
      } catch (error) {
        Log.error("recovery-failed", error, { id });
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, ids.length) }, lane));
  return acted;
}

/** @throws Error when it takes longer. It then continues by itself: all that recovers is safe to repeat. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not done within ${milliseconds} ms`)), milliseconds);
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
