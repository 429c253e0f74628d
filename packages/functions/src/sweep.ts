import * as Archives from "@slipway/core/archive/system";
import * as GitHubSync from "@slipway/core/github-sync/system";
import * as Operations from "@slipway/core/operation/system";
import * as Removal from "@slipway/core/removal";
import * as Retention from "@slipway/core/retention/system";
import * as Run from "@slipway/core/run/system";
import * as Sandboxes from "@slipway/core/sandbox/system";
import { runSteps } from "./steps.ts";

/** Each minute: finishes what was started and not finished. @throws after all steps, if any has failed */
export async function handler(): Promise<void> {
  await runSteps({
    runs: () => Run.sweep(),
    operations: () => Operations.sweep(),
    archives: () => Archives.sweep(),
    removals: () => Removal.purge(),
    retention: () => Retention.sweep(),
    transfers: () => GitHubSync.sweep(),
    sandboxes: () => Sandboxes.sweep(),
  });
}
