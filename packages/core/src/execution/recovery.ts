import * as Log from "../log/log.ts";

/** Milliseconds after which work that nothing has touched is looked at. */
export const quiet = 60_000;

/**
 * Recovers each row on its own: a failing one is logged and holds up none of the others. Resolves to how many
 * `recover` acted on.
 */
export async function recoverEach(ids: readonly string[], recover: (id: string) => Promise<boolean>): Promise<number> {
  let acted = 0;
  for (const id of ids) {
    try {
      if (await recover(id)) acted++;
    } catch (error) {
      Log.error("recovery-failed", error, { id });
    }
  }
  return acted;
}
