import { SandboxError } from "@slipway/sandbox/sandbox-error";
import type { SandboxSession } from "@slipway/sandbox/session";

/**
 * What it wrote is in the project before the result is told, or the result says that it is not: a model that reads the project
 * would else see what was there before.
 */
export async function settleFiles(session: Pick<SandboxSession, "sync">): Promise<string | undefined> {
  try {
    await session.sync({});
    return undefined;
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return `What it wrote is in the sandbox and not saved to the project yet: ${error.message} The file tools show the project as it was. Saving is tried again.`;
  }
}
