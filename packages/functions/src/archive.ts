import { ArchiveID } from "@slipway/contract/id";
import * as Archives from "@slipway/core/archive/system";
import * as Log from "@slipway/core/log";
import { z } from "zod";

const Event = z.object({ archiveID: ArchiveID, error: z.string().optional() });

/** The workflow's task: builds the zip file, or records that it failed. */
export async function handler(event: unknown): Promise<void> {
  const { archiveID, error } = Event.parse(event);
  await Log.scope({ archiveID }, () => (error === undefined ? Archives.make(archiveID) : Archives.fail(archiveID)));
}
