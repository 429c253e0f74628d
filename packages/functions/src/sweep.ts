import * as File from "@slipway/core/file";
import * as Log from "@slipway/core/log";
import * as Project from "@slipway/core/project";
import * as Run from "@slipway/core/run";

/** Each minute: makes up for whatever was begun and not finished. */
export async function handler(): Promise<void> {
  const [runs, intents, purged] = await Promise.all([Run.sweep(), File.resumeIntents(), Project.purgeRemoved()]);
  if (runs.restarted + intents + purged > 0) Log.info("swept", { restarted: runs.restarted, intents, purged });
}
