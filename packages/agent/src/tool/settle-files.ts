import type { SyncState } from "@slipway/contract/sandbox";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import type { SandboxSession } from "@slipway/sandbox/session";
import { quote } from "../prompt/note.ts";

/**
 * What it wrote is in the project before the result is told, or the result says that it is not: a model that reads the project
 * would else see what was there before.
 */
export async function settleFiles(session: Pick<SandboxSession, "sync">): Promise<string | undefined> {
  try {
    const { missing } = await session.sync({});
    return missingNote(missing);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return `What it wrote is in the sandbox and not saved to the project yet: ${error.message} The file tools show the project as it was. Saving is tried again.`;
  }
}

const maxNamed = 20;

/** Files of the project that a command did not see. */
function missingNote(missing: SyncState["missing"]): string | undefined {
  if (missing.length === 0) return undefined;
  const named = missing.slice(0, maxNamed).map(({ path, reason }) => `${quote(path)} (${reason})`);
  const more = missing.length > maxNamed ? ` and ${missing.length - maxNamed} more` : "";
  return `These files of the project are missing in the sandbox, so commands do not see them: ${named.join(", ")}${more}. Bringing them in is retried.`;
}
