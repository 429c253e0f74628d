import { call, listFiles, readFiles, type Context, type Script } from "../script.ts";
import { bullets, code, escapeRegExp } from "../words.ts";
import type { Says } from "../languages/language.ts";
import { commandsOf, manifestOf } from "./readme.ts";

/** Says what is in the project, without changing it. */

export function* howToRun({ language: { says } }: Context): Script {
  const paths = yield* listFiles(says.looking);
  if (paths.length === 0) return `${says.empty} ${says.whatToBuild}`;
  const root = shortest(paths, /(?:^|\/)(?:package\.json|go\.mod|index\.html|[\w-]+\.py)$/);
  const folder = root === undefined ? "" : root.slice(0, root.lastIndexOf("/") + 1);
  const inside = paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
  const contents = yield* readFiles(inside.includes("package.json") ? [`${folder}package.json`] : []);
  const run = commandsOf(inside, new Map([...contents].map(([path, content]) => [path.slice(folder.length), content])));
  const isStatic = inside.includes("index.html") && !/npm (?:start|run)/.test(run);
  if (isStatic) return says.openPage + (run === "" ? "" : `\n\n\`\`\`sh\n${run}\n\`\`\``);
  return run === ""
    ? says.noRun
    : `${says.howToRun}\n\n\`\`\`sh\n${folder === "" ? "" : `cd ${folder}\n`}${run}\n\`\`\``;
}

function shortest(paths: readonly string[], pattern: RegExp): string | undefined {
  return paths.filter((path) => pattern.test(path)).toSorted((a, b) => a.split("/").length - b.split("/").length)[0];
}

/** Files that are read to explain a project. */
const maxRead = 8;

export function* explain(wanted: string | undefined, { language: { says } }: Context): Script {
  const paths = yield* listFiles(says.looking);
  if (paths.length === 0) return `${says.empty} ${says.whatToBuild}`;
  const found =
    wanted === undefined
      ? undefined
      : (paths.find((path) => path === wanted) ?? paths.find((path) => path.endsWith(`/${wanted}`)));
  if (wanted !== undefined && found === undefined)
    return `${says.noFile(wanted)} ${says.filesAre}\n${bullets(paths.slice(0, 30).map(code))}`;
  const isCode = (path: string) =>
    /\.(?:m?[jt]sx?|py|html|css|go|rs|rb|java|php|json|md)$/.test(path) &&
    !/(?:^|\/)(?:package-lock\.json|node_modules\/)/.test(path);
  const order = (path: string) =>
    /readme/i.test(path)
      ? 0
      : /package\.json|go\.mod|pyproject/.test(path)
        ? 1
        : /test/.test(path)
          ? 4
          : path.endsWith(".css")
            ? 3
            : 2;
  const main =
    found === undefined
      ? paths
          .filter(isCode)
          .toSorted((a, b) => order(a) - order(b) || a.split("/").length - b.split("/").length)
          .slice(0, maxRead)
      : [found];
  const contents = yield* readFiles(main);
  const parts = [...contents].map(([path, content]) => describe(path, content, says));
  const rest = paths.filter((path) => !contents.has(path));
  return [
    ...(found === undefined ? [says.explains(paths.length)] : []),
    ...parts,
    ...(found === undefined && rest.length > 0
      ? [`… ${rest.slice(0, 12).map(code).join(", ")}${rest.length > 12 ? ` (+${rest.length - 12})` : ""}`]
      : []),
  ].join("\n\n");
}

function describe(path: string, content: string, says: Says): string {
  const all = (pattern: RegExp) =>
    [...new Set([...content.matchAll(pattern)].map((found) => (found[1] ?? "").trim()).filter(Boolean))].slice(0, 12);
  const lines = content.replace(/\n$/, "").split("\n").length;
  const comment = (
    /^\s*(?:#!.*\n)?\/\*\*\s*([\s\S]+?)\s*\*\//.exec(content)?.[1] ??
    /^"""(.+?)"""/s.exec(content)?.[1] ??
    /^\/\/ (.+)/.exec(content)?.[1]
  )?.replace(/\n\s*\*?\s*/g, " ");
  const first = path.endsWith(".md") ? /^(?!#|```)(\S.+)$/m.exec(content)?.[1] : comment;
  const names = path.endsWith(".py")
    ? all(/^(?:def|class) (\w+)/gm)
    : path.endsWith(".go")
      ? all(/^(?:func(?: \([^)]*\))?|type) (\w+)/gm)
      : /\.m?[jt]sx?$/.test(path)
        ? all(/(?:^|\s)(?:function\*?|class) (\w+)|export (?:const|interface|type) (\w+)/gm)
        : path.endsWith(".html")
          ? [...all(/<title>([^<]*)/g), ...all(/(?:src|href)="([^"#][^"]*)"/g)]
          : path.endsWith("package.json")
            ? Object.entries(manifestOf(content).scripts ?? {}).map(([name, command]) => `${name}: ${command}`)
            : path.endsWith(".css")
              ? all(/(--[\w-]+):/g)
              : all(/^#+ (.+)$/gm);
  return `**${code(path)}** (${says.lines(lines)})${first === undefined ? "" : `: ${first.slice(0, 200)}`}${names.length > 0 ? `\n${bullets(names.map(code))}` : ""}`;
}

export function* find(wanted: string, { language: { says } }: Context): Script {
  const name = wanted.replace(/\(\)$/, "");
  const done = yield* call("search_files", { pattern: escapeRegExp(name) }, says.searching(name));
  if (done.failed) return done.output;
  const [hits = "", notes = ""] = done.output.split(/\n\nNot searched whole:\n/);
  const lines = hits.split("\n").filter((line) => /^.+?:\d+: /.test(line));
  const limits = notes === "" ? "" : `\n\n${says.notSearched(bullets(notes.split("\n").filter(Boolean)))}`;
  if (lines.length === 0) {
    const named = yield* call("search_files", { pattern: escapeRegExp(name), kind: "name" });
    const paths =
      named.failed || named.output.startsWith("Nothing matches")
        ? []
        : named.output.split("\n").filter((line) => line !== "" && !line.includes(": "));
    return paths.length > 0 ? bullets(paths.slice(0, 20).map(code)) : `${says.notFound(name)}${limits}`;
  }
  // Where it is made comes first.
  const defines = new RegExp(
    String.raw`\b(?:function\*?|class|const|let|var|def|func|type|interface)\s+(?:\([^)]*\)\s*)?${escapeRegExp(name)}\b`,
    "i",
  );
  const sorted = lines.toSorted((a, b) => Number(defines.test(b)) - Number(defines.test(a)));
  const shown = sorted.slice(0, 15).map((line) => {
    const [, path = "", number = "", text = ""] = /^(.+?):(\d+): (.*)$/.exec(line) ?? [];
    return `${code(`${path}:${number}`)} ${code(text.trim().replaceAll("`", "'").slice(0, 100) || " ")}`;
  });
  return `${says.matches(lines.length)}\n${bullets(shown)}${lines.length > 15 ? `\n- … (+${lines.length - 15})` : ""}${limits}`;
}

export function* fetchPage(url: string, { language: { says } }: Context): Script {
  const page = yield* call("fetch_url", { url }, says.searching(url));
  if (page.failed) return says.notReadable(page.output);
  const sentences = page.output
    .replace(/\s+/g, " ")
    .split(/(?<=[.!?]) /)
    .slice(0, 5)
    .join(" ");
  return says.pageBegins(sentences.slice(0, 1200));
}
