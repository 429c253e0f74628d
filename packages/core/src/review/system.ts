import type { Version } from "../file/file.ts";
import { removeRows } from "../table/table.ts";
import { RejectionEntity, ReviewEntity } from "./review.entity.ts";

/** Reviews, for the server itself: verbs that take no actor and authorise nobody. */

/** What was rejected of a project's runs, by run, oldest first. */
export async function rejections(projectID: string): Promise<Map<string, string[]>> {
  const { data } = await RejectionEntity.query.byRev({ projectID }).go({ order: "desc", limit: 50 });
  const notes = new Map<string, string[]>();
  for (const { runID, note: text } of data.toReversed()) notes.set(runID, [...(notes.get(runID) ?? []), text]);
  return notes;
}

/** The versions that accepted parts of a run make of its files, by path. */
export async function acceptedBases(runID: string): Promise<Map<string, Version | undefined>> {
  const { data } = await ReviewEntity.query.byRun({ runID }).go({ pages: "all", consistent: true });
  return new Map(data.map(({ path, base }) => [path, base as Version | undefined]));
}

/** Contents of the versions that accepting parts of a run produced. */
export async function namedContents(runID: string): Promise<string[]> {
  return [...(await acceptedBases(runID)).values()].flatMap((base) => (base ? [base.hash] : []));
}

/** Removes what was accepted of a run. */
export async function purgeRun(runID: string): Promise<void> {
  const { data } = await ReviewEntity.query.byRun({ runID }).go({ pages: "all" });
  await removeRows(
    data.map(({ path }) => ({ runID, path })),
    (part) => ReviewEntity.delete(part).go(),
  );
}

/** Removes what was rejected in a project. */
export async function purgeProject(projectID: string): Promise<void> {
  const { data } = await RejectionEntity.query.byRev({ projectID }).go({ pages: "all" });
  await removeRows(
    data.map(({ rev }) => ({ projectID, rev })),
    (part) => RejectionEntity.delete(part).go(),
  );
}
