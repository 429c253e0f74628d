import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * What a package index that is a folder links to outside itself. Pages of a mirror often lie in `simple` and name packages in
 * `../../files`: without those folders pip finds each package and can install none.
 */

/** Pages of one index that are read: all of a mirror link to the same few folders. */
const maxPages = 200;
const maxPageBytes = 4 * 1024 * 1024;
const maxFolders = 20;

export function foldersLinkedFrom(index: string): string[] {
  const found = new Set<string>();
  for (const page of pagesOf(index))
    for (const target of linksOf(page)) {
      if (isIn(index, target) || [...found].some((folder) => isIn(folder, target))) continue;
      const folder = folderOf(index, target);
      if (folder !== undefined && isFolder(folder)) found.add(folder);
      if (found.size === maxFolders) return [...found];
    }
  return [...found];
}

function pagesOf(index: string): string[] {
  try {
    if (statSync(index).isFile()) return /\.html?$/i.test(index) ? [index] : [];
    const names = readdirSync(index, { withFileTypes: true }).filter((entry) => !entry.isFile());
    const pages = names.slice(0, maxPages).map(({ name }) => join(index, name, "index.html"));
    return [join(index, "index.html"), ...pages];
  } catch {
    // It is not there, or not to be read: pip says so itself.
    return [];
  }
}

function linksOf(page: string): string[] {
  let html: string;
  try {
    if (statSync(page).size > maxPageBytes) return [];
    html = readFileSync(page, "utf8");
  } catch {
    return [];
  }
  return [...html.matchAll(/\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].flatMap(([, double, single]) => {
    const url = URL.parse((double ?? single ?? "").replaceAll("&amp;", "&"), pathToFileURL(page));
    if (url?.protocol !== "file:") return [];
    try {
      return [fileURLToPath(url)];
    } catch {
      return [];
    }
  });
}

/** The one below what both have in common: it holds all packages of a mirror, and nothing beside them. Never a folder of the root. */
function folderOf(index: string, target: string): string | undefined {
  const [from, to] = [index.split("/"), target.split("/")];
  const common = to.findIndex((name, at) => name !== from[at]);
  const isBelowRoot = common > 1;
  const folder = isBelowRoot ? to.slice(0, common + 1).join("/") : dirname(target);
  return folder === target ? undefined : folder.split("/").length > 2 ? folder : undefined;
}

function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
