import { z } from "zod";
import { callAll, hasEffect, listFiles, readFiles, type Call, type Context, type Script } from "../script.ts";
import { bullets, code } from "../words.ts";

/** Finds faults that can be seen without running the project, and mends those with only one remedy. */
export function* fix(context: Context): Script {
  const { says } = context.language;
  const paths = yield* listFiles(says.checking);
  const contents = yield* readFiles(
    paths.filter((path) => /\.(?:json|html|m?[jt]sx?|py|go)$/.test(path) && !/package-lock/.test(path)).slice(0, 40),
  );
  const calls: Call[] = [];
  const mended: string[] = [];
  const faults: string[] = [];
  for (const [path, content] of contents) {
    for (const { found, edit } of [
      ...brokenJson(path, content),
      ...brokenReferences(path, content, paths),
      ...changedCode(path, content, context),
    ]) {
      if (edit === undefined) faults.push(`${code(path)}: ${found}`);
      else {
        mended.push(`${code(path)}: ${found}`);
        const same = calls.find(({ input }) => input.path === path);
        if (same && Array.isArray(same.input.edits)) same.input.edits.push(edit);
        else calls.push({ name: "edit_file", input: { path, edits: [edit] } });
      }
    }
  }
  if (calls.length === 0) return faults.length === 0 ? says.noFault : says.faults(bullets(faults));
  const done = yield* callAll(calls);
  const lost = done.filter(({ failed }) => failed);
  return [
    ...(lost.length < done.length ? [says.fixed(bullets(mended))] : []),
    ...(lost.length > 0
      ? [says.couldNot(bullets(lost.map(({ input, output }) => `${code(String(input.path))}: ${output}`)))]
      : []),
    ...(faults.length > 0 ? [says.faults(bullets(faults))] : []),
  ].join("\n\n");
}

interface Fault {
  found: string;
  edit?: { oldText: string; newText: string };
}

/** A comma before the end is the usual slip. */
function brokenJson(path: string, content: string): Fault[] {
  if (!path.endsWith(".json") || parses(content)) return [];
  const comma = /,\s*[}\]]/.exec(content)?.[0];
  if (
    comma !== undefined &&
    content.indexOf(comma) === content.lastIndexOf(comma) &&
    parses(content.replace(comma, () => comma.slice(1)))
  ) {
    return [{ found: "JSON, `,`", edit: { oldText: comma, newText: comma.slice(1) } }];
  }
  return [{ found: "JSON" }];
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Files that a page or a module loads and that are not there; a single file of the same name elsewhere is meant. */
function brokenReferences(path: string, content: string, paths: readonly string[]): Fault[] {
  const isPage = path.endsWith(".html");
  const pattern = isPage
    ? /(?:src|href)="(?![a-z]+:|#|\/\/)([^"?#]+)"/g
    : /(?:from|import|require\()\s*"(\.{1,2}\/[^"]+\.\w+)"/g;
  if (!isPage && !/\.m?[jt]sx?$/.test(path)) return [];
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return [...content.matchAll(pattern)].flatMap(([whole, target = ""]): Fault[] => {
    const resolved = target.startsWith("/") ? target.slice(1) : resolve(folder + target);
    if (
      paths.includes(resolved) ||
      paths.includes(`public/${resolved}`) ||
      paths.some((each) => each.startsWith(`${resolved.replace(/\/$/, "")}/`))
    )
      return [];
    const name = resolved.slice(resolved.lastIndexOf("/") + 1);
    const same = paths.filter((each) => each.endsWith(`/${name}`) || each === name);
    const [only] = same;
    if (only === undefined || same.length > 1 || content.split(whole).length > 2) return [{ found: `\`${target}\`` }];
    const relative = relativeTo(folder, only);
    const reference = isPage || relative.startsWith(".") ? relative : `./${relative}`;
    return [
      {
        found: `\`${target}\` → \`${reference}\``,
        edit: { oldText: whole, newText: whole.replace(target, () => reference) },
      },
    ];
  });
}

function resolve(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

function relativeTo(folder: string, path: string): string {
  const [from, to] = [folder.split("/").filter(Boolean), path.split("/")];
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/");
}

const Edits = z.array(z.object({ oldText: z.string(), newText: z.string(), replaceAll: z.boolean().optional() }));

/** Lines of code that this conversation wrote and that were changed since: when a test fails, they are the suspects. */
export function changedCode(path: string, content: string, { conversation }: Context): Fault[] {
  const prompt = conversation.tasks.at(-1)?.prompt ?? "";
  if (!/\btests?\b|\bprueba|测试/i.test(prompt) || !/\.(?:[jt]sx?|py|go)$/.test(path)) return [];
  const effects = conversation.earlier
    .flatMap(({ steps }) => steps)
    .flatMap(({ calls }) => calls)
    .filter((each) => hasEffect(each) && each.input.path === path);
  const created = effects.findLast(({ name }) => name === "create_file");
  if (created === undefined) return [];
  let written = String(created.input.content);
  for (const { name, input } of effects.slice(effects.indexOf(created) + 1)) {
    if (name !== "edit_file") return [];
    for (const { oldText, newText, replaceAll } of Edits.safeParse(input.edits).data ?? [])
      written = replaceAll ? written.replaceAll(oldText, () => newText) : written.replace(oldText, () => newText);
  }
  const [now, before] = [content.split("\n"), written.split("\n")];
  // Only a change of lines in place can be told apart from other work.
  if (now.length !== before.length) return [];
  return now.flatMap((line, index): Fault[] => {
    const was = before[index] ?? "";
    if (line === was || line.trim() === "" || now.filter((each) => each.includes(line)).length > 1) return [];
    return [{ found: `\`${line.trim()}\` → \`${was.trim()}\``, edit: { oldText: line, newText: was } }];
  });
}
