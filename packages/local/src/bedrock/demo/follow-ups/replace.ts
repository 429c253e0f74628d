import { type Call, call, callAll, listFiles, readFiles, type Context, type Say, type Script } from "../script.ts";
import type { Done } from "../conversation.ts";
import { bullets, code, escapeRegExp } from "../words.ts";

/** Replaces text in every file that has it, and renames files. */

export interface Replacement {
  from: string;
  to: string;
  /** Only in the file of this path or name. */
  only?: string | undefined;
}

export function* replaceText({ from, to, only }: Replacement, context: Context): Script {
  const { says } = context.language;
  const { found, doubtful, notSearched, names } = yield* search(from, to, context);
  const isWanted = (path: string) => only === undefined || path === only || path.endsWith(`/${only}`);
  const certain = [...found.keys()].filter(isWanted);
  const files = [...certain, ...doubtful.filter((path) => isWanted(path) && !found.has(path))];
  const limits = notSearched.length > 0 ? `\n\n${says.notSearched(bullets(notSearched))}` : "";
  if (files.length === 0) return (only === undefined ? says.notFound(from) : says.notFoundIn(from, only)) + limits;

  const calls = files.map((path) => ({
    name: "edit_file",
    input: { path, edits: [{ oldText: from, newText: to, replaceAll: true }] },
  }));
  const done = yield* callAll(calls, says.foundIn(files.length));
  const changed = done.filter(({ failed }) => !failed).map(({ input }) => String(input.path));
  // A file that was not searched whole may not have it.
  const lost = done.filter(
    ({ failed, input, output }) =>
      failed && !(doubtful.includes(String(input.path)) && /does not occur|not occur|no_match/.test(output)),
  );
  const trouble =
    lost.length > 0
      ? `\n\n${says.couldNot(bullets(lost.map(({ input, output }) => `${code(String(input.path))}: ${output}`)))}`
      : "";
  if (changed.length === 0)
    return `${lost.length === 0 ? says.notFound(from) : says.nothingChanged}${trouble}${limits}`;
  const times = changed.reduce((sum, path) => sum + (found.get(path) ?? 0), 0);
  const named = names.filter((path) => path.slice(path.lastIndexOf("/") + 1).includes(from));
  const kept =
    only === undefined && named.length > 0 ? `\n\n${says.namesKept(named.slice(0, 8).map(code).join(", "))}` : "";
  return `${says.replaced({ from, to, times, files: changed.length })}\n${bullets(changed.map(code))}${trouble}${kept}${limits}`;
}

interface Searched {
  /** Lines that match, by file. */
  found: Map<string, number>;
  /** Files of which only a part was searched. */
  doubtful: string[];
  notSearched: string[];
  names: string[];
}

/** Searches the whole project, page by page. What `to` occurs in is searched too: whether it can be undone depends on it. */
function* search(from: string, to: string, context: Context): Generator<Say, Searched, Done[]> {
  const { conversation, language } = context;
  const pattern = { pattern: escapeRegExp(from), caseSensitive: true };
  const first: Call[] = [
    { name: "search_files", input: pattern },
    { name: "list_files", input: {} },
  ];
  if (to !== "" && !from.includes(to))
    first.push({ name: "search_files", input: { pattern: escapeRegExp(to), caseSensitive: true } });
  const [page, listing] = yield* callAll(first, language.says.searching(from));
  const result: Searched = { found: new Map(), doubtful: [], notSearched: [], names: namesIn(listing) };
  for (let next = page; next !== undefined;) {
    if (next.failed) {
      result.notSearched.push(next.output);
      return result;
    }
    const [hits = "", notes = ""] = next.output.split(/\n\nNot searched whole:\n/);
    for (const line of hits.split("\n")) {
      const path = /^(.+?):\d+: /.exec(line)?.[1];
      if (path !== undefined) result.found.set(path, (result.found.get(path) ?? 0) + 1);
    }
    let after: string | undefined;
    for (const note of notes.split("\n").filter(Boolean)) {
      const stopped = /^Stopped at a limit .*?files after "(.+)" were not searched/.exec(note)?.[1];
      if (stopped !== undefined) after = stopped;
      const partly = /^(.+): (?:not searched, over|long lines|searched only|more matches)/.exec(note)?.[1];
      if (partly !== undefined) result.doubtful.push(partly);
      else if (stopped === undefined) result.notSearched.push(note);
      else if (!conversation.accepts("search_files", "after")) result.notSearched.push(note);
    }
    if (after === undefined || !conversation.accepts("search_files", "after")) return result;
    next = yield* call("search_files", { ...pattern, after });
  }
  return result;
}

function namesIn(listing: Done | undefined): string[] {
  if (listing === undefined || listing.failed || /^(?:The project is empty|There is nothing)/.test(listing.output))
    return [];
  return listing.output.split("\n").filter((line) => line !== "" && !line.endsWith("/") && !line.startsWith("…"));
}

/** A file with what refers to it, or a text in all files. */
export function* rename(from: string, to: string, context: Context): Script {
  const { says } = context.language;
  const looksLikeFile = /^[\w./-]+\.\w{1,8}$/.test(from) && /^[\w./-]+$/.test(to);
  if (!looksLikeFile) return yield* replaceText({ from, to }, context);
  const paths = yield* listFiles(says.looking);
  const path = paths.find((each) => each === from) ?? paths.find((each) => each.endsWith(`/${from}`));
  if (path === undefined)
    return /\./.test(from) && !/^\w+\.\w+$/.test(from) ? says.noFile(from) : yield* replaceText({ from, to }, context);
  const newPath = to.includes("/") ? to : path.slice(0, path.lastIndexOf("/") + 1) + to;
  const moved = yield* call("rename_file", { path, newPath });
  if (moved.failed) return says.couldNot(bullets([`${code(path)}: ${moved.output}`]));
  const updated = yield* updateReferences(
    path,
    newPath,
    paths.filter((each) => each !== path),
  );
  const trouble = updated.lost.length > 0 ? `\n\n${says.couldNot(bullets(updated.lost))}` : "";
  return `${says.renamed(path, newPath)} ${says.referencesUpdated(updated.files.length)}${updated.files.length > 0 ? `\n${bullets(updated.files.map(code))}` : ""}${trouble}`;
}

/** Replaces the old file name where it stands alone, in files that refer to others. */
function* updateReferences(
  path: string,
  newPath: string,
  others: readonly string[],
): Generator<Say, { files: string[]; lost: string[] }, Done[]> {
  const nameOf = (each: string) => each.slice(each.lastIndexOf("/") + 1);
  const [oldName, newName] = [nameOf(path), nameOf(newPath)];
  if (oldName === newName) return { files: [], lost: [] };
  const pattern = String.raw`(?:^|[^\w.-])${escapeRegExp(oldName)}(?:$|[^\w-])`;
  const found = yield* call("search_files", { pattern, caseSensitive: true });
  // A twin elsewhere has references of its own.
  const folderOf = (each: string) => each.slice(0, each.lastIndexOf("/") + 1);
  const own = folderOf(path);
  const twins = others.filter((each) => nameOf(each) === oldName).map(folderOf);
  const isOurs = (each: string) =>
    twins.length === 0 ||
    (each.startsWith(own) && !twins.some((folder) => folder.length > own.length && each.startsWith(folder)));
  const files = [...new Set(found.output.split("\n").flatMap((line) => /^(.+?):\d+: /.exec(line)?.[1] ?? []))].filter(
    (each) => isOurs(each) && (others.includes(each) || each === newPath),
  );
  const contents = yield* readFiles(files);
  const calls: Call[] = [];
  for (const [file, content] of contents) {
    const whole = new RegExp(String.raw`(?<![\w.-])${escapeRegExp(oldName)}(?![\w-])`, "g");
    const lines = [...new Set(content.split("\n").filter((line) => line.search(whole) >= 0))];
    const edits = lines.map((line) => ({
      oldText: line,
      newText: line.replace(whole, () => newName),
      replaceAll: true,
    }));
    if (edits.length > 0) calls.push({ name: "edit_file", input: { path: file, edits } });
  }
  const done = calls.length > 0 ? yield* callAll(calls) : [];
  return {
    files: done.filter(({ failed }) => !failed).map(({ input }) => String(input.path)),
    lost: done.filter(({ failed }) => failed).map(({ input, output }) => `${code(String(input.path))}: ${output}`),
  };
}
