import { call, callAll, listFiles, readFiles, type Context, type Script } from "../script.ts";
import { bullets, code } from "../words.ts";

/** Adds, deletes, moves and lists files. */

export function* addFile(path: string, content: string, { language: { says } }: Context): Script {
  const paths = yield* listFiles(says.looking);
  if (paths.includes(path)) return says.exists(path);
  const made = yield* call("create_file", { path, content });
  return made.failed ? says.notCreated(bullets([`${code(path)}: ${made.output}`])) : says.created(path);
}

/** Files that are read before they are deleted, so that it can be undone. */
const maxKept = 20;

export function* remove(target: string, { language: { says } }: Context): Script {
  const paths = yield* listFiles(says.looking);
  const isAll =
    /^(?:everything|all(?: the)?(?: files)?|every file|the whole project|alles|alle dateien|tout|tous les fichiers|todo|todos los archivos|所有文件|全部|所有)$/i.test(
      target,
    );
  const names = target.split(/\s*(?:,|\band\b|\bund\b|\bet\b|\by\b|和|、)\s*/).map((name) =>
    name
      .replace(/^["'`@]|["'`]$/g, "")
      .replace(/^\.?\//, "")
      .replace(/\/$/, ""),
  );
  const matching = (name: string) => {
    const exact = paths.filter((path) => path === name || path.startsWith(`${name}/`));
    return exact.length > 0 ? exact : paths.filter((path) => path.endsWith(`/${name}`));
  };
  const missing = isAll ? [] : names.filter((name) => matching(name).length === 0);
  if (missing.length > 0) return `${missing.map(says.noFile).join(" ")} ${says.nothingChanged}`;
  const wanted = isAll ? paths : [...new Set(names.flatMap(matching))];
  if (wanted.length === 0) return says.empty;
  if (wanted.length <= maxKept) yield* readFiles(wanted);
  const done = yield* call("delete_files", { paths: wanted.slice(0, 500) }, says.deleting(wanted.length));
  return done.failed
    ? says.notDeleted(done.output)
    : says.deleted(
        wanted.length > 8
          ? `${wanted.slice(0, 8).map(code).join(", ")} … (${wanted.length})`
          : wanted.map(code).join(", "),
      );
}

export function* move(target: string, folder: string, { language: { says } }: Context): Script {
  const paths = yield* listFiles(says.looking);
  const names = target.split(/\s*(?:,|\band\b|\bund\b|\bet\b|\by\b|和|、)\s*/).filter(Boolean);
  const found = names.map(
    (name) =>
      paths.find((path) => path === name) ??
      paths.find((path) => path.endsWith(`/${name}`)) ??
      (paths.some((path) => path.startsWith(`${name}/`)) ? name : undefined),
  );
  const missing = names.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) return `${missing.map(says.noFile).join(" ")} ${says.nothingChanged}`;
  const clean = folder.replace(/^\.?\/|\/$/g, "");
  const moves = found.flatMap((path) =>
    path === undefined ? [] : [{ path, newPath: `${clean}/${path.slice(path.lastIndexOf("/") + 1)}` }],
  );
  const done = yield* callAll(moves.map((input) => ({ name: "rename_file", input })));
  const lost = done.filter(({ failed }) => failed).map(({ input, output }) => `${code(String(input.path))}: ${output}`);
  const moved = done
    .filter(({ failed }) => !failed)
    .map(({ input }) => `${code(String(input.path))} → ${code(String(input.newPath))}`);
  return [
    ...(moved.length > 0 ? [says.moved(bullets(moved))] : [says.nothingChanged]),
    ...(lost.length > 0 ? [says.couldNot(bullets(lost))] : []),
  ].join("\n\n");
}

export function* listAll({ language: { says } }: Context): Script {
  const paths = yield* listFiles(says.looking);
  return paths.length === 0 ? says.empty : `${says.filesAre}\n${bullets(paths.map(code))}`;
}

export const ignored = "node_modules/\ndist/\n.env\n*.log\n__pycache__/\n.DS_Store\n";

export const licence = `MIT License

Copyright (c) the authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;
