import { endpointsOf, recordOf } from "./projects/api.ts";
import { isNode } from "./projects/cli.ts";
import type { Choice } from "./projects/kind.ts";
import { isApiKind, isBrowserKind, isCliTool, kindOf } from "./projects/kinds.ts";
import { titleFor } from "./projects/title.ts";
import { tryOut } from "./follow-ups/commands.ts";
import { callAll, listFiles, type Context, type Script } from "./script.ts";
import type { Wish } from "./understand/wish.ts";
import { bullets, code, slug } from "./words.ts";

/** Creates a whole project; in a folder of its own when the project already has files. */
export function* build(choice: Choice, wish: Wish, context: Context): Script {
  const { says, choices } = wish.language;
  const existing = yield* listFiles(says.looking);
  const title = titleFor(choice, wish);
  const { files, run, isSample } = kindOf(choice).make(wish, title);
  const folder = existing.length > 0 ? freeFolder(slug(title), existing) : "";
  const { included, leftOut, notUnderstood } = wishesOf(choice, wish);
  const about = [
    says.building(choices[choice], folder),
    ...(leftOut.length > 0 ? [says.leftOut(leftOut.join(", "))] : []),
    ...(notUnderstood.length > 0
      ? [says.notUnderstood(notUnderstood.map((each) => says.openQuote + each + says.closeQuote).join(", "))]
      : []),
  ];
  const calls = Object.entries(files).map(([path, content]) => ({
    name: "create_file",
    input: { path: folder + path, content },
  }));
  const done = yield* callAll(calls, about.join(" "));
  const lost = done.filter(({ failed }) => failed).map(({ input, output }) => `${code(String(input.path))}: ${output}`);
  const written = done.length - lost.length;
  if (written === 0) return `${says.nothingCreated} ${says.notCreated(bullets(lost))}`;
  const how =
    run === "" ? says.openPage : `${says.howToRun}\n\n\`\`\`sh\n${folder === "" ? "" : `cd ${folder}\n`}${run}\n\`\`\``;
  const tried = lost.length > 0 ? [] : yield* tryOut(files, folder, { ...context, language: wish.language });
  return [
    says.ready(title, written),
    ...(included.length > 0 ? [says.included(included.join(", "))] : []),
    ...about.slice(1),
    ...(isSample ? [says.sampleTexts] : []),
    ...(says.englishInterface !== "" && hasInterface(choice) ? [says.englishInterface] : []),
    ...(lost.length > 0 ? [says.notCreated(bullets(lost))] : []),
    ...tried,
    how,
  ].join("\n\n");
}

function hasInterface(choice: Choice): boolean {
  return isBrowserKind(choice) || choice === "react" || choice === "solid" || choice === "vite";
}

/** A folder that holds nothing yet. */
function freeFolder(name: string, existing: readonly string[]): string {
  for (let number = 1; ; number++) {
    const folder = `${name}${number === 1 ? "" : `-${number}`}/`;
    if (!existing.some((path) => path.startsWith(folder))) return folder;
  }
}

const counter =
  /^(?:simple |einfache[nr]? )?(?:click )?(?:counter|zähler|compteur|contador|计数器?)(?: button| page| app)?$/i;

/** Which further wishes are built, which are not, and which were not understood; in the person's words. */
function wishesOf(
  choice: Choice,
  wish: Wish,
): { included: string[]; leftOut: string[]; notUnderstood: readonly string[] } {
  const { always, optional } = kindOf(choice);
  const included = [...wish.words].filter(([feature]) => optional.includes(feature)).map(([, word]) => word);
  const leftOut = [...wish.words]
    .filter(([feature]) => ![...always, ...optional, "responsive", "keyboard"].includes(feature))
    .map(([, word]) => word)
    .filter((word) => !wish.beyond.some((each) => each.includes(word)));
  if (isApiKind(choice)) {
    const { routes, unknown } = endpointsOf(wish, choice);
    included.unshift(...routes.filter(({ path }) => wish.endpoints.includes(path)).map(({ path }) => code(path)));
    leftOut.push(...unknown.map(code));
    if (choice !== "python-server" && choice !== "go" && wish.stacks.has("typescript")) leftOut.push("TypeScript");
  }
  const hasTypes = choice === "react" || choice === "solid" || choice === "vite" || isBrowserKind(choice);
  if (!hasTypes && !isApiKind(choice) && wish.stacks.has("typescript")) leftOut.push("TypeScript");
  if (isCliTool(choice) && !isNode(wish) && wish.stacks.has("node")) leftOut.push("Node");
  if (choice === "duplicates")
    leftOut.push(
      ...(/(?<!\p{L})(?:delet|remov|lösch|entfern|supprim|effac|borr|elimin)\p{L}*|删除/iu.exec(wish.text) ?? []),
    );
  const entity = isApiKind(choice) ? recordOf(wish) : undefined;
  const isField = (word: string) =>
    word === entity?.said || entity?.fields.some(({ name }) => name === word.replace("-", "")) === true;
  const beyond = wish.beyond.filter((word) => !isField(word));
  const hasCounter = choice === "vite" || choice === "react" || choice === "solid";
  const notUnderstood = wish.others.filter((other) => !(hasCounter && counter.test(other)));
  return { included, leftOut: [...new Set([...leftOut, ...beyond])], notUnderstood };
}
