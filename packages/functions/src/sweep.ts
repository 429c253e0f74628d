import * as File from "@slipway/core/file";
import * as Log from "@slipway/core/log";
import * as Removal from "@slipway/core/removal";
import * as Run from "@slipway/core/run";
import * as Transfer from "@slipway/core/transfer";

/** Each minute: makes up for whatever was begun and not finished. */
export async function handler(): Promise<void> {
  const [runs, intents, purged, transfers] = await Promise.all([
    Run.sweep(),
    File.resumeIntents(),
    Removal.purge(),
    Transfer.sweep(),
  ]);
  if (runs.restarted + intents + purged + transfers > 0)
    Log.info("swept", { restarted: runs.restarted, intents, purged, transfers });
}
