import * as Log from "@slipway/core/log";
import * as Operations from "@slipway/core/operation/system";
import * as Removal from "@slipway/core/removal";
import * as Run from "@slipway/core/run";
import * as Transfer from "@slipway/core/transfer";

/** Each minute: makes up for whatever was begun and not finished. */
export async function handler(): Promise<void> {
  const [runs, operations, purged, transfers] = await Promise.all([
    Run.sweep(),
    Operations.sweep(),
    Removal.purge(),
    Transfer.sweep(),
  ]);
  if (runs.restarted + operations + purged + transfers > 0)
    Log.info("swept", { restarted: runs.restarted, operations, purged, transfers });
}
