import { VisibleError } from "@slipway/contract/error";
import { ProjectID, Time } from "@slipway/contract/id";
import { createConversions } from "electrodb";
import { z } from "zod";
import { now } from "../clock/clock.ts";
import * as Cursor from "../cursor/cursor.ts";
import { deleteItem, putItem, type WriteItem } from "../table/table.ts";
import { MemberEntity } from "./member.entity.ts";

/** Who acts: a person, or a run on a person's behalf. */
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
 * Decides who may do what with a project, in one consistent read. To a non-member a project does not exist. @throws VisibleError not_found, not_allowed
 */
export async function authorise(actor: Actor, action: Action, projectID: string): Promise<MemberRole> {
  const { data } = await MemberEntity.get({ projectID, userID: actor.userID }).go({ consistent: true });
  if (!data) throw new VisibleError("not_found", "Project not found.");
  if (!allowed[data.role].includes(action)) {
    throw new VisibleError("not_allowed", `As ${data.role} of this project you cannot do that. Ask its owner.`);
  }
  return data.role;
}

/** As `authorise`, for a thing in a project: a stranger learns that there is no such thing, and nothing of the project. */
export async function authoriseFor(thing: string, actor: Actor, action: Action, projectID: string): Promise<void> {
  try {
    await authorise(actor, action, projectID);
  } catch (error) {
    if (error instanceof VisibleError && error.code === "not_found") throw noSuch(thing);
    throw error;
  }
}

export function noSuch(thing: string): VisibleError {
  return new VisibleError("not_found", `${thing.charAt(0).toUpperCase()}${thing.slice(1)} not found.`);
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

export interface Page<T> {
  items: T[];
  cursor?: string;
}

const cursors = Cursor.define("projects", z.object({ projectID: ProjectID, activeAt: Time }));

/** A person's projects by last activity. */
export async function listProjects(
  actor: Actor,
  page: { cursor?: string | undefined; limit: number },
): Promise<Page<{ projectID: string; role: MemberRole; activeAt: number }>> {
  const query = MemberEntity.query.byUser({ userID: actor.userID, kind: "project" });
  const after = cursors.decode(page.cursor);
  const from =
    after === undefined
      ? null
      : createConversions(MemberEntity).byAccessPattern.byUser.fromComposite.toCursor({
          ...after,
          userID: actor.userID,
          kind: "project",
        });
  const { data, cursor } = await query.go({ order: "desc", limit: page.limit, cursor: from });
  const items = data.map(({ projectID, role, activeAt }) => ({ projectID, role, activeAt }));
  const last = items.at(-1);
  return cursor && last ? { items, cursor: cursors.encode(last) } : { items };
}
