import * as Log from "@slipway/core/log";

/**
 * Runs independent steps: a failing one is logged and does not stop the others. Resolves to the count of each.
 * @throws after the last, if any has failed, so that the alarm on the function's errors fires
 */
export async function runSteps(
  steps: Readonly<Record<string, () => Promise<number>>>,
): Promise<Record<string, number>> {
  const failed: string[] = [];
  const counts = await Promise.all(
    Object.entries(steps).map(async ([step, run]) => {
      try {
        return [step, await run()] as const;
      } catch (error) {
        Log.error("step-failed", error, { step });
        failed.push(step);
        return [step, 0] as const;
      }
    }),
  );
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  if (total > 0) Log.info("swept", Object.fromEntries(counts));
  if (failed.length > 0) throw new Error(`failed: ${failed.join(", ")}`);
  return Object.fromEntries(counts);
}
