import { VisibleError } from "@slipway/contract/error";
import { defaultSettings, ProjectSettings, type Project } from "@slipway/contract/project";
import * as Connections from "../connection/system.ts";
import * as FileStore from "../file/system.ts";
import { create as createID } from "../id/id.ts";
import * as Member from "../member/member.ts";
import * as Members from "../member/system.ts";
import { authorise, type Actor, type MemberRole } from "../member/member.ts";
import * as Models from "../model/model.ts";
import { deleteItem, drain, transact } from "../table/table.ts";
import { removedItem } from "../removal/record.ts";
import { ProjectEntity } from "./project.entity.ts";
import * as Latest from "../run/latest.ts";
import { createItems, randomName } from "./system.ts";

export async function create(actor: Actor, options: { name?: string | undefined }): Promise<Project> {
  const projectID = createID("project");
  const named = options.name === undefined ? { name: await randomName(), isNameRandom: true } : { name: options.name };
  const written = await transact(createItems({ projectID, ownerID: actor.userID, ...named, origin: "blank" }));
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
  if (!data) throw new VisibleError("not_found", "Project not found.");
  return serialize(data, role, head.rev, data.createdAt);
}

/** A person's projects by last activity, with their newest runs: three round trips. */
export async function list(
  actor: Actor,
  page: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ projects: Project[]; cursor?: string }> {
  const { items, cursor } = await Member.listProjects(actor, { cursor: page.cursor, limit: page.limit ?? 50 });
  const [rows, runs] = await Promise.all([
    drain(
      items.map(({ projectID }) => ({ projectID })),
      100,
      (part) => ProjectEntity.get(part).go(),
    ),
    Latest.ofProjects(items.map(({ projectID }) => projectID)),
  ]);
  const byID = new Map(rows.map((row) => [row.projectID, row]));
  const projects = items.flatMap(({ projectID, role, activeAt }) => {
    const row = byID.get(projectID);
    const lastRun = runs.get(projectID);
    return row ? [{ ...serialize(row, role, 0, activeAt), ...(lastRun ? { lastRun } : {}) }] : [];
  });
  return cursor ? { projects, cursor } : { projects };
}

/**
 * Writes only the fields that are given: concurrent changes of different ones all survive, of one the last wins.
 * @throws VisibleError invalid_input for a model that is not offered
 */
export async function update(
  actor: Actor,
  projectID: string,
  changes: { name?: string | undefined; settings?: Partial<ProjectSettings> | undefined },
): Promise<Project> {
  await authorise(actor, "manage", projectID);
  if (changes.settings?.model) await requireOffered(actor, projectID, changes.settings.model);
  if (changes.name !== undefined || Object.keys(changes.settings ?? {}).length > 0)
    await ProjectEntity.patch({ projectID })
      .data(({ name, isNameRandom, settings: stored }, { set, remove }) => {
        if (changes.name !== undefined) {
          set(name, changes.name);
          remove(isNameRandom);
        }
        for (const field of ProjectSettings.keyof().options) {
          const value = changes.settings?.[field];
          if (value !== undefined) set(stored[field], value);
        }
      })
      .go();
  const project = await fromID(actor, projectID);
  await Connections.broadcast(projectID, { type: "project", project });
  return project;
}

/** A model that has gone since may stay: the page sends it along with what was changed. */
async function requireOffered(actor: Actor, projectID: string, model: string): Promise<void> {
  const { data } = await ProjectEntity.get({ projectID }).go({ consistent: true });
  if (ProjectSettings.partial().safeParse(data?.settings).data?.model === model) return;
  await Models.choose(actor, { model }, "");
}

/** Broadcasts the project's state to its open pages and to all pages of its owner. */
export async function announce(actor: Actor, projectID: string): Promise<void> {
  const project = await fromID(actor, projectID);
  await Promise.all([
    Connections.broadcast(projectID, { type: "project", project }),
    Connections.notify(actor.userID, { type: "project", project }),
  ]);
}

/** Gone for everyone at once; what it held is purged in the background. */
export async function remove(actor: Actor, projectID: string): Promise<void> {
  await authorise(actor, "manage", projectID);
  const members = await Members.userIDs(projectID);
  const written = await transact([
    deleteItem(ProjectEntity.remove({ projectID })),
    removedItem({ id: projectID, kind: "project" }),
    FileStore.removedHeadItem(projectID),
    ...members.map((userID) => Member.removeItem(projectID, userID)),
  ]);
  if (!written.ok) throw new VisibleError("not_found", "Project not found.");
  // By now nobody is a member, so they are named.
  await Connections.broadcast(projectID, { type: "project-removed", projectId: projectID }, members);
}

interface Row {
  projectID: string;
  name: string;
  description?: string | undefined;
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
    description: row.description ?? "",
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
