import { VisibleError } from "@slipway/contract/error";
import { defaultSettings, ProjectSettings, type Project } from "@slipway/contract/project";
import { animals, colors, uniqueNamesGenerator } from "unique-names-generator";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import * as Connection from "../connection/connection.ts";
import * as FileStore from "../file/system.ts";
import { create as createID } from "../id/id.ts";
import * as Member from "../member/member.ts";
import { authorise, type Actor, type MemberRole } from "../member/member.ts";
import { deleteItem, drain, putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { dueItem } from "../retention/record.ts";
import { removedItem } from "../removal/record.ts";
import { ProjectEntity } from "./project.entity.ts";

export interface NewProject {
  projectID: string;
  ownerID: string;
  name: string;
  origin: Project["origin"];
  kind?: Project["kind"];
  settings?: Partial<ProjectSettings>;
  state?: Project["state"];
}

/** The library's own adjectives hold some that nobody wants on a project. */
const kindly =
  "brave bright calm clever eager fair fresh gentle glad grand happy keen kind lively lucky merry neat nimble proud quick quiet ready smart steady sunny swift warm wise".split(
    " ",
  );

/** Three words that can be read and remembered, such as "brave amber otter". */
export function randomName(): string {
  return uniqueNamesGenerator({ dictionaries: [kindly, colors, animals], separator: " ", length: 3 });
}

/** The project, its owner and its empty files. */
export function createItems(project: NewProject): WriteItem[] {
  const { projectID, ownerID, name, origin, kind = "project", state = "ready" } = project;
  return [
    putItem(
      ProjectEntity.create({
        projectID,
        name,
        origin,
        kind,
        ownerID,
        state,
        settings: { ...defaultSettings, ...project.settings },
        createdAt: now(),
      }),
    ),
    Member.createItem({ projectID, userID: ownerID, role: "owner", kind }),
    FileStore.headItem(projectID, state === "importing"),
    dueItem(projectID),
  ];
}

/** (internal) */
export async function exists(projectID: string): Promise<boolean> {
  const { data } = await ProjectEntity.get({ projectID }).go({ consistent: true });
  return data !== null;
}

/** (internal) How far its import is. A project that is ready stays so: nothing is ever imported over somebody's files. */
export function stateItem(projectID: string, state: Project["state"]): WriteItem {
  return updateItem(
    ProjectEntity.patch({ projectID })
      .set({ state })
      .where((attribute, operation) => operation.ne(attribute.state, "ready")),
  );
}

/** (internal) Tells everyone who looks at the project, and its owner wherever they are, how it is now. */
export async function announce(userID: string, projectID: string): Promise<void> {
  const project = await fromID({ userID }, projectID);
  await Promise.all([
    Connection.broadcast(projectID, { type: "project", project }),
    Connection.notify(userID, { type: "project", project }),
  ]);
}

export async function create(actor: Actor, options: { name?: string | undefined }): Promise<Project> {
  const projectID = createID("project");
  const name = options.name ?? randomName();
  const written = await transact(createItems({ projectID, ownerID: actor.userID, name, origin: "blank" }));
  if (!written.ok) throw new Error("a new project's id was taken");
  return fromID(actor, projectID);
}

/** Three reads at once. @throws VisibleError not_found */
export async function fromID(actor: Actor, projectID: string): Promise<Project> {
  const [role, { data }, head] = await Promise.all([
    authorise(actor, "read", projectID),
    ProjectEntity.get({ projectID }).go({ consistent: true }),
    FileStore.head(projectID),
  ]);
  if (!data) throw new VisibleError("not_found", "There is no such project.");
  return serialize(data, role, head.rev, data.createdAt);
}

/** A person's projects by last activity: two round trips. */
export async function list(
  actor: Actor,
  page: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ projects: Project[]; cursor?: string }> {
  const { items, cursor } = await Member.listProjects(actor, { cursor: page.cursor, limit: page.limit ?? 50 });
  const rows = await drain(
    items.map(({ projectID }) => ({ projectID })),
    100,
    (part) => ProjectEntity.get(part).go(),
  );
  const byID = new Map(rows.map((row) => [row.projectID, row]));
  const projects = items.flatMap(({ projectID, role, activeAt }) => {
    const row = byID.get(projectID);
    return row ? [serialize(row, role, 0, activeAt)] : [];
  });
  return cursor ? { projects, cursor } : { projects };
}

export async function update(
  actor: Actor,
  projectID: string,
  changes: { name?: string | undefined; settings?: Partial<ProjectSettings> | undefined },
): Promise<Project> {
  await authorise(actor, "manage", projectID);
  const before = await fromID(actor, projectID);
  await ProjectEntity.patch({ projectID })
    .set({ name: changes.name ?? before.name, settings: { ...before.settings, ...changes.settings } })
    .go();
  const project = await fromID(actor, projectID);
  await Connection.broadcast(projectID, { type: "project", project });
  return project;
}

/** Gone for everyone at once; what it held is purged in the background. */
export async function remove(actor: Actor, projectID: string): Promise<void> {
  await authorise(actor, "manage", projectID);
  const members = await Member.userIDs(projectID);
  const written = await transact([
    deleteItem(ProjectEntity.remove({ projectID })),
    removedItem({ id: projectID, kind: "project" }),
    FileStore.removedHeadItem(projectID),
    ...members.map((userID) => Member.removeItem(projectID, userID)),
  ]);
  if (!written.ok) throw new VisibleError("not_found", "There is no such project.");
  await Connection.broadcast(projectID, { type: "project-removed", projectId: projectID });
}

/** (internal) What a run needs to know. */
export async function settings(projectID: string): Promise<ProjectSettings & { ownerID: string; name: string }> {
  const { data } = await ProjectEntity.get({ projectID }).go({ consistent: true });
  if (!data) throw new VisibleError("not_found", "There is no such project.");
  return {
    ...defaultSettings,
    ...ProjectSettings.partial().parse(data.settings),
    ownerID: data.ownerID,
    name: data.name,
  };
}

/** (internal) The model that a project's settings mean. */
export function modelOf(settings: { model: string }): string {
  return settings.model || resource("Settings").defaultModel;
}

interface Row {
  projectID: string;
  name: string;
  origin: Project["origin"];
  kind: Project["kind"];
  state: Project["state"];
  settings?: unknown;
  createdAt: number;
}

function serialize(row: Row, role: MemberRole, rev: number, activeAt: number): Project {
  return {
    id: row.projectID,
    name: row.name,
    origin: row.origin,
    kind: row.kind,
    state: row.state,
    role,
    settings: { ...defaultSettings, ...ProjectSettings.partial().parse(row.settings) },
    rev,
    createdAt: row.createdAt,
    activeAt,
  };
}
