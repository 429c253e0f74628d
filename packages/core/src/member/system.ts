import { now } from "../clock/clock.ts";
import { MemberEntity } from "./member.entity.ts";

/** Members, for the server itself: verbs that authorise nobody. Lint keeps this module out of the API's routes. */

export async function userIDs(projectID: string): Promise<string[]> {
  const { data } = await MemberEntity.query.byProject({ projectID }).go({ pages: "all", consistent: true });
  return data.map((member) => member.userID);
}

const minute = 60_000;
const touched = new Map<string, number>();

/** Records activity in a project: at most one write per minute and member, so autosave adds no cost. */
export async function touch(projectID: string): Promise<void> {
  const at = now();
  if (at - (touched.get(projectID) ?? 0) < minute) return;
  if (touched.size > 10_000) touched.clear();
  touched.set(projectID, at);
  const { data } = await MemberEntity.query.byProject({ projectID }).go({ pages: "all" });
  await Promise.all(
    data
      .filter((member) => at - member.activeAt >= minute)
      .map(({ userID, kind }) =>
        MemberEntity.patch({ projectID, userID }).set({ activeAt: at, kind }).composite({ userID, kind }).go(),
      ),
  );
}
