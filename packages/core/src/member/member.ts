import { VisibleError } from "@slipway/contract/error";
import { now } from "../clock/clock.ts";
import { deleteItem, putItem, type WriteItem } from "../table/table.ts";
import { MemberEntity } from "./member.entity.ts";

/** Who does something: a person, or a run in that person's name. */
export interface Actor {
  userID: string;
  runID?: string;
}
export type MemberRole = "owner" | "editor" | "viewer";
export type Action = "read" | "write" | "run" | "manage";

const allowed: Record<MemberRole, readonly Action[]> = {
  owner: ["read", "write", "run", "manage"],
  editor: ["read", "write", "run"],
  viewer: ["read"],
};

/**
 * The one place that decides who may do what with a project: one consistent read. What is someone else's does not
 * exist. @throws VisibleError not_found, not_allowed
 */
export async function authorise(actor: Actor, action: Action, projectID: string): Promise<MemberRole> {
  const { data } = await MemberEntity.get({ projectID, userID: actor.userID }).go({ consistent: true });
  if (!data) throw new VisibleError("not_found", "There is no such project.");
  if (!allowed[data.role].includes(action)) {
    throw new VisibleError("not_allowed", `As ${data.role} of this project you cannot do that. Ask its owner.`);
  }
  return data.role;
}

export function createItem(member: {
  projectID: string;
  userID: string;
  role: MemberRole;
  kind: "project" | "session";
}): WriteItem {
  return putItem(MemberEntity.create({ ...member, activeAt: now() }));
}

export function removeItem(projectID: string, userID: string): WriteItem {
  return deleteItem(MemberEntity.remove({ projectID, userID }));
}

/** (internal) */
export async function userIDs(projectID: string): Promise<string[]> {
  const { data } = await MemberEntity.query.byProject({ projectID }).go({ pages: "all", consistent: true });
  return data.map((member) => member.userID);
}

export interface Page<T> {
  items: T[];
  cursor?: string;
}

/** A person's projects by last activity. */
export async function listProjects(
  actor: Actor,
  page: { cursor?: string | undefined; limit: number },
): Promise<Page<{ projectID: string; role: MemberRole; activeAt: number }>> {
  const query = MemberEntity.query.byUser({ userID: actor.userID, kind: "project" });
  const { data, cursor } = await query.go({ order: "desc", limit: page.limit, cursor: page.cursor ?? null });
  const items = data.map(({ projectID, role, activeAt }) => ({ projectID, role, activeAt }));
  return cursor ? { items, cursor } : { items };
}

const minute = 60_000;
const touched = new Map<string, number>();

/** (internal) Notes activity in a project: at most one write a minute and member, so that autosave costs nothing more. */
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
