import { ArchiveID } from "@slipway/contract/id";
import * as Archive from "@slipway/core/archive";
import { z } from "zod";

const Event = z.object({ archiveID: ArchiveID, error: z.string().optional() });

/** The workflow's task: makes the zip file, or notes that it could not be made. */
export async function handler(event: unknown): Promise<void> {
  const { archiveID, error } = Event.parse(event);
  if (error === undefined) await Archive.make(archiveID);
  else await Archive.fail(archiveID);
}
