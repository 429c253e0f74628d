import type { Done } from "../conversation.ts";
import { apiFiles, routeEdits, routeFor, type Edit } from "../projects/endpoint.ts";
import type { ApiKind } from "../projects/kind.ts";
import { callAll, listFiles, readFiles, type Context, type Say, type Script } from "../script.ts";
import { bullets, code } from "../words.ts";

/** Adds endpoints, with their tests, to APIs that the demo model knows. */

/** The API in the project that the demo model knows, with its two files. */
function* knownApi(
  paths: readonly string[],
): Generator<Say, { kind: ApiKind; folder: string; files: Record<string, string> } | undefined, Done[]> {
  const server = paths.find((path) => /(?:^|\/)(?:src\/server\.js|server\.go|server\.py)$/.test(path));
  if (server === undefined) return undefined;
  const name = /(?:src\/server\.js|server\.go|server\.py)$/.exec(server)?.[0] ?? "";
  const folder = server.slice(0, server.length - name.length);
  const test = name === "server.go" ? "server_test.go" : name === "server.py" ? "test_server.py" : "test/api.test.js";
  const contents = yield* readFiles(
    [server, folder + test, `${folder}README.md`].filter((path) => paths.includes(path)),
  );
  const source = contents.get(server) ?? "";
  const kind: ApiKind =
    name === "server.go"
      ? "go"
      : name === "server.py"
        ? "python-server"
        : /from "hono"/.test(source)
          ? "hono"
          : /from "express"/.test(source)
            ? "express"
            : "node";
  const files = Object.fromEntries([...contents].map(([path, content]) => [path.slice(folder.length), content]));
  return { kind, folder, files };
}

export function* addEndpoint(prompt: string, { language: { says } }: Context): Script {
  const paths = yield* listFiles(says.looking);
  const api = yield* knownApi(paths);
  if (api === undefined) return `${says.noApi}\n\n${says.isDemo}`;
  const { kind, folder, files } = api;
  const wanted = [...prompt.matchAll(/(?<![\w./:])\/[a-z][\w-]*/gi)].map(([path]) => path);
  const named =
    /\b(?:an?|the|einen?|une?|una?|el)\s+["'`]?([a-z][\w-]*)["'`]?[\s-]+(?:endpoint|route|endpunkt)/i.exec(
      prompt,
    )?.[1] ??
    /(?:endpoint|route|endpunkt)\s+(?:called\s+|named\s+|namens\s+|llamado\s+)?["'`]?([a-z][\w-]*)/i.exec(prompt)?.[1];
  const asked = wanted.length > 0 ? [...new Set(wanted)] : named === undefined ? [] : [`/${named.toLowerCase()}`];
  if (asked.length === 0) return says.whatReturns("/path");
  const returns = returnedBy(prompt);
  const added: string[] = [];
  let current = files;
  const collected: Record<string, Edit[]> = {};
  for (const path of asked) {
    if ((current[apiFiles[kind].server] ?? "").includes(`"${path}"`)) return says.hasEndpoint(path);
    const route = routeFor(kind, path, returns);
    if (route === undefined) return says.whatReturns(path);
    const edits = routeEdits(kind, current, route);
    if (edits === undefined)
      return says.partsDoNotFit(bullets([code(folder + apiFiles[kind].server), code(folder + apiFiles[kind].test)]));
    const row = lastRow(current["README.md"]);
    if (row !== undefined)
      edits["README.md"] = [{ oldText: row, newText: `${row}\n| GET | ${path} | ${route.about} |` }];
    for (const [name, changes] of Object.entries(edits)) {
      collected[name] = [...(collected[name] ?? []), ...changes];
      current = {
        ...current,
        [name]: changes.reduce(
          (text, { oldText, newText }) => text.replace(oldText, () => newText),
          current[name] ?? "",
        ),
      };
    }
    added.push(code(path));
  }
  const calls = Object.entries(collected).map(([name, edits]) => ({
    name: "edit_file",
    input: { path: folder + name, edits },
  }));
  const done = yield* callAll(calls, says.building(added.join(", "), ""));
  const lost = done.filter(({ failed }) => failed);
  return lost.length > 0
    ? says.couldNot(bullets(lost.map(({ input, output }) => `${code(String(input.path))}: ${output}`)))
    : says.endpointAdded(added.join(", "));
}

/** The last row of the README's table of endpoints. */
function lastRow(readme: string | undefined): string | undefined {
  const row = [...(readme ?? "").matchAll(/^\| (?:GET|POST|PATCH|DELETE) \|.*\|$/gm)].at(-1)?.[0];
  return row !== undefined && readme?.indexOf(row) === readme?.lastIndexOf(row) ? row : undefined;
}

/** What an endpoint is to return: JSON, or a text in quotes. */
function returnedBy(prompt: string): unknown {
  const text =
    /(?:returns?|returning|answers?(?: with)?|responds?(?: with)?|gibt|liefert|zurückgibt|renvoie|retourne|devuelve|devuelva|返回)\s+([\s\S]+)$/i
      .exec(prompt)?.[1]
      ?.trim();
  if (text === undefined) return undefined;
  const json = /^[[{][\s\S]*[\]}]/.exec(text)?.[0];
  try {
    if (json !== undefined) return JSON.parse(json);
  } catch {
    return undefined;
  }
  const quoted = /^["'“«]([^"'”»]+)["'”»]/.exec(text)?.[1];
  if (quoted !== undefined) return { message: quoted };
  return /^[\w !,-]{1,40}\.?$/.test(text) ? { message: text.replace(/\.$/, "") } : undefined;
}
