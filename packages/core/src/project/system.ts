import { VisibleError } from "@slipway/contract/error";
import { defaultSettings, ProjectSettings, type Project } from "@slipway/contract/project";
import { animals, colors, uniqueNamesGenerator } from "unique-names-generator";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import * as FileStore from "../file/system.ts";
import * as Member from "../member/member.ts";
import { dueItem } from "../retention/record.ts";
import { putItem, updateItem, type WriteItem } from "../table/table.ts";
import { ProjectEntity } from "./project.entity.ts";

/** Projects, for the server itself: verbs that take no actor and authorise nobody. */

export interface NewProject {
  projectID: string;
  ownerID: string;
  name: string;
  origin: Project["origin"];
  kind?: Project["kind"];
  settings?: Partial<ProjectSettings>;
  state?: Project["state"];
}

/** The library's own adjectives include unsuitable ones. */
const adjectives =
  "brave bright calm clever eager fair fresh gentle glad grand happy keen kind lively lucky merry neat nimble proud quick quiet ready smart steady sunny swift warm wise".split(
    " ",
  );

/** Three words that can be read and remembered, such as "brave amber otter". */
export function randomName(): string {
  return uniqueNamesGenerator({ dictionaries: [adjectives, colors, animals], separator: " ", length: 3 });
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

export async function exists(projectID: string): Promise<boolean> {
  const { data } = await ProjectEntity.get({ projectID }).go({ consistent: true });
  return data !== null;
}

/** How far its import is. A ready project stays ready: an import never overwrites existing files. */
export function stateItem(projectID: string, state: Project["state"]): WriteItem {
  return updateItem(
    ProjectEntity.patch({ projectID })
      .set({ state })
      .where((attribute, operation) => operation.ne(attribute.state, "ready")),
  );
}

/** What a run needs to know. @throws VisibleError not_found */
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

/** The model that a project's settings mean. */
export function modelOf(settings: { model: string }): string {
  return settings.model || resource("Settings").defaultModel;
}
