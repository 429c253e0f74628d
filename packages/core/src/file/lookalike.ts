import { VisibleError } from "@slipway/contract/error";
import { MetaEntity } from "./file.entity.ts";
import { ancestors, normalisePath } from "./path.ts";

/**
 * Names that look the same and are not: `é` as one character or as two (a Mac writes the latter, people and models the
 * former), and characters without width. Paths are kept as they come; here they are found, and new twins are refused.
 */

/** Equal for paths that look the same. */
function lookOf(path: string): string {
  return path
    .replace(/\p{Cf}/gu, "")
    .replace(/\p{Zs}/gu, " ")
    .normalize("NFC");
}

/** Where a path may first differ from one that looks the same; undefined when there is no such place. */
function unsureAt(path: string): number | undefined {
  let at = 0;
  for (const character of path) {
    // A mark belongs to the character before it.
    if (/\p{M}/u.test(character)) return Math.max(0, at - 1);
    if (/[\p{Cf}\p{Zs}]/u.test(character) ? character !== " " : character.normalize("NFD") !== character) return at;
    at += character.length;
  }
  return undefined;
}

type Rows = (prefix: string) => Promise<readonly string[]>;

/** Reads the paths with a prefix, each prefix once: many new files are in one folder. */
function reader(projectID: string, gen: number): Rows {
  const read = new Map<string, Promise<readonly string[]>>();
  return (prefix) => {
    const known = read.get(prefix);
    if (known) return known;
    const rows = MetaEntity.query.byPath({ projectID, gen });
    const query = prefix === "" ? rows : rows.begins({ path: prefix });
    const found = query
      .go({ pages: "all", consistent: true, attributes: ["path"] })
      .then(({ data }) => data.map(({ path }) => path));
    read.set(prefix, found);
    return found;
  };
}

/** The stored paths, of files and of folders, that look like this one, itself among them. */
async function pathsLike(path: string, rows: Rows): Promise<string[]> {
  const at = unsureAt(path);
  if (at === undefined) return [];
  const look = lookOf(path);
  const depth = path.split("/").length;
  // The whole of a name may be in question, and its folder is not.
  const near = await rows(path.slice(0, path.lastIndexOf("/", at) + 1));
  const found = near.map((each) => each.split("/").slice(0, depth).join("/"));
  return [...new Set(found)].filter((each) => lookOf(each) === look);
}

/**
 * The stored path that looks like this one; for a path that is new, the path in the stored folder that looks like its own.
 * @throws VisibleError lookalike_name when there are several, none of which is this one
 */
export async function actualPath(projectID: string, gen: number, path: string): Promise<string> {
  return resolve(normalisePath(path), reader(projectID, gen));
}

async function resolve(normal: string, rows: Rows): Promise<string> {
  const found = await pathsLike(normal, rows);
  const slash = normal.lastIndexOf("/");
  if (found.length === 0 && slash > 0) return (await resolve(normal.slice(0, slash), rows)) + normal.slice(slash);
  if (found.length === 0 || found.includes(normal)) return normal;
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new VisibleError("lookalike_name", `Several files look like "${normal}". Rename all but one of them.`, {
    path: normal,
  });
}

/**
 * Refuses new paths that look like stored ones, or that lie in a new folder that does. `leaving` go in the same commit.
 * @throws VisibleError lookalike_name
 */
export async function refuseTwins(
  { projectID, gen }: { projectID: string; gen: number },
  paths: readonly string[],
  leaving: (path: string) => boolean = () => false,
): Promise<void> {
  const rows = reader(projectID, gen);
  const suspects = new Set(paths.flatMap((path) => [...ancestors(path), path]));
  await Promise.all(
    [...suspects].map(async (path) => {
      const found = await pathsLike(path, rows);
      const twin = found.includes(path) ? undefined : found.find((each) => !leaving(each));
      if (twin !== undefined)
        throw new VisibleError(
          "lookalike_name",
          `"${twin}" already exists. It looks the same as the new name and is spelled with other characters.`,
          { path, existing: twin },
        );
    }),
  );
}
