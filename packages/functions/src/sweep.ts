import * as Archives from "@slipway/core/archive/system";
import * as Log from "@slipway/core/log";
import * as Operations from "@slipway/core/operation/system";
import * as Removal from "@slipway/core/removal";
import * as Retention from "@slipway/core/retention/system";
import * as Run from "@slipway/core/run";
import * as GitHubSync from "@slipway/core/github-sync/system";

/** Each minute: makes up for whatever was begun and not finished. */
export async function handler(): Promise<void> {
  const [runs, operations, archives, purged, collected, transfers] = await Promise.all([
    Run.sweep(),
    Operations.sweep(),
    Archives.sweep(),
    Removal.purge(),
    Retention.sweep(),
    GitHubSync.sweep(),
  ]);
  if (runs.restarted + operations + archives + purged + collected + transfers > 0)
    Log.info("swept", { restarted: runs.restarted, operations, archives, purged, collected, transfers });
}
