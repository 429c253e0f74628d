import { now } from "../clock/clock.ts";
import { ArchiveEntity } from "./archive.entity.ts";

/** Undefined once it has expired. */
export async function find(archiveID: string) {
  const { data } = await ArchiveEntity.get({ archiveID }).go({ consistent: true });
  return data && data.expires * 1000 > now() ? data : undefined;
}

/** Where its bytes are in S3. They go with the project. */
export function keyOf({ archiveID, projectID }: { archiveID: string; projectID: string }): string {
  return prefixOf(projectID) + archiveID;
}

export function prefixOf(projectID: string): string {
  return `files/${projectID}/archives/`;
}
