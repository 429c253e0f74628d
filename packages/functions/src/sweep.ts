import * as Archives from "@slipway/core/archive/system";
import * as Log from "@slipway/core/log";
import * as Operations from "@slipway/core/operation/system";
import * as Removal from "@slipway/core/removal";
import * as Retention from "@slipway/core/retention/system";
import * as Run from "@slipway/core/run/system";
import * as GitHubSync from "@slipway/core/github-sync/system";

const steps: Readonly<Record<string, () => Promise<number>>> = {
  runs: () => Run.sweep(),
  operations: () => Operations.sweep(),
  archives: () => Archives.sweep(),
  removals: () => Removal.purge(),
  retention: () => Retention.sweep(),
  transfers: () => GitHubSync.sweep(),
};

/**
 * Each minute: finishes what was started and not finished. The steps are independent: one that fails is logged and holds
 * up none of the others.
 * @throws AggregateError at the end, so that the failure counts as one of the function
 */
export async function handler(): Promise<void> {
  const failures: unknown[] = [];
  const counts = await Promise.all(
    Object.entries(steps).map(async ([step, run]) => {
      try {
        return [step, await run()] as const;
      } catch (error) {
        Log.error("sweep-failed", error, { step });
        failures.push(error);
        return [step, 0] as const;
      }
    }),
  );
  if (counts.some(([, count]) => count > 0)) Log.info("swept", Object.fromEntries(counts));
  if (failures.length > 0) throw new AggregateError(failures, "steps of the sweep failed");
}
