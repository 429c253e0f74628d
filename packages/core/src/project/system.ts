import { headOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import { defaultSettings, ProjectSettings, type Project } from "@slipway/contract/project";
import { now } from "../clock/clock.ts";
import * as FileStore from "../file/system.ts";
import * as Member from "../member/member.ts";
import { dueItem } from "../retention/record.ts";
import { drain, putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { ProjectEntity } from "./project.entity.ts";

/** Projects, for the server itself: verbs that take no actor and authorise nobody. */

export interface NewProject {
  projectID: string;
  ownerID: string;
  name: string;
  /** The name gives way to the first title of a conversation. */
  isNameRandom?: boolean;
  description?: string;
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

/** Three words that can be read and remembered, such as "brave amber otter", until the first answer gives a title. */
export async function randomName(): Promise<string> {
  // 350 animals, which few requests need.
  const { animals, colors, uniqueNamesGenerator } = await import("unique-names-generator");
  return uniqueNamesGenerator({ dictionaries: [adjectives, colors, animals], separator: " ", length: 3 });
}

/** Characters of a description. */
const maxDescription = 300;

/** A prompt as the description of its project: one line. */
export function descriptionFrom(prompt: string): string {
  return shorten(prompt, maxDescription);
}

const segmenter = new Intl.Segmenter();

/** One line without control characters, cut between words where there are any, and never inside of a character. */
function shorten(text: string, length: number): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  // A prompt may have 100,000 characters; few of what a person sees as one have more than 20.
  const characters = Array.from(segmenter.segment(headOf(line, 20 * length)), ({ segment }) => segment);
  if (characters.length <= length) return line;
  const cut = characters.slice(0, length - 1).join("");
  const words = cut.replace(/\s+\S*$/u, "");
  return `${words.length > cut.length / 2 ? words : cut}…`;
}

/** The project, its owner and its empty files. */
export function createItems(project: NewProject): WriteItem[] {
  const { projectID, ownerID, name, isNameRandom, description, origin, kind = "project", state = "ready" } = project;
  return [
    putItem(
      ProjectEntity.create({
        projectID,
        name,
        ...(isNameRandom ? { isNameRandom } : {}),
        ...(description ? { description } : {}),
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

/**
 * Gives a project without a name of its own the title of its first conversation, and what was asked for as its
 * description. True if it had none.
 */
export async function suggestName(
  projectID: string,
  { title, asked }: { title: string; asked: string },
  guard: readonly WriteItem[] = [],
): Promise<boolean> {
  // Conditional, because its owner may name it at the same time.
  const written = await transact([
    ...guard,
    updateItem(
      ProjectEntity.patch({ projectID })
        .data(({ name, isNameRandom, description }, { set, remove, ifNotExists }) => {
          set(name, title);
          ifNotExists(description, descriptionFrom(asked));
          remove(isNameRandom);
        })
        .where(({ isNameRandom }, { eq }) => eq(isNameRandom, true)),
    ),
  ]);
  return written.ok;
}

/** The names of projects, by id. One read. */
export async function namesOf(projectIDs: readonly string[]): Promise<Map<string, string>> {
  const rows = await drain(
    [...new Set(projectIDs)].map((projectID) => ({ projectID })),
    100,
    (part) => ProjectEntity.get(part).go(),
  );
  return new Map(rows.map(({ projectID, name }) => [projectID, name]));
}

/** What a run needs to know. @throws VisibleError not_found */
export async function settings(projectID: string): Promise<ProjectSettings & { ownerID: string; name: string }> {
  const { data } = await ProjectEntity.get({ projectID }).go({ consistent: true });
  if (!data) throw new VisibleError("not_found", "Project not found.");
  return {
    ...defaultSettings,
    ...ProjectSettings.partial().parse(data.settings),
    ownerID: data.ownerID,
    name: data.name,
  };
}
