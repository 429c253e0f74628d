import { del, entries, set } from "idb-keyval";
import { z } from "zod";

/**
 * Unacknowledged edits in the browser's store, where they survive the page, the tab and the browser. Each tab has its own
 * drafts, so two tabs never overwrite each other's. Drafts of a closed tab go to the next tab that opens the file.
 */
const Draft = z.object({ base: z.string(), rev: z.number(), text: z.string() });
export type Draft = z.infer<typeof Draft>;

const Key = z.tuple([z.literal("draft"), z.string(), z.string(), z.string()]);
type Key = z.infer<typeof Key>;
// Not `randomUUID`, which a page that is served without TLS lacks.
const tab = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
// Held while the tab lives, so that other tabs can tell.
void ifStored(async () => navigator.locks?.request(`tab ${tab}`, () => new Promise(() => undefined)), undefined);

/** @throws if the browser's store is full or forbidden */
export async function keepDraft(projectID: string, path: string, draft: Draft): Promise<void> {
  await set(["draft", projectID, path, tab] satisfies Key, draft);
}

export async function dropDraft(projectID: string, path: string): Promise<void> {
  await ifStored(() => del(["draft", projectID, path, tab] satisfies Key), undefined);
}

/** A browser may forbid its store: then there are no drafts. It may throw where it should reject. */
async function ifStored<T>(run: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await run();
  } catch {
    return otherwise;
  }
}

/** Takes the drafts of a file that belong to closed tabs, oldest first, and this tab's own. */
export async function takeDrafts(projectID: string, path: string): Promise<Draft[]> {
  const stored = z.array(z.tuple([Key, Draft]).or(z.unknown().transform(() => undefined)));
  const all = stored
    .parse(await ifStored<unknown[]>(() => entries(), []))
    .flatMap((entry) =>
      entry?.[0][1] === projectID && entry[0][2] === path ? [{ key: entry[0], draft: entry[1] }] : [],
    );
  if (all.length === 0) return [];
  const { held = [] } = (await ifStored(async () => navigator.locks?.query(), undefined)) ?? {};
  const living = new Set(held.map(({ name }) => name));
  const found = all.filter(({ key }) => key[3] === tab || !living.has(`tab ${key[3]}`));
  for (const { key } of found) if (key[3] !== tab) await ifStored(() => del(key), undefined);
  return found.map(({ draft }) => draft);
}
