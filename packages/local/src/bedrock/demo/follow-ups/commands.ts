import type { Done } from "../conversation.ts";
import { commandWords, type CommandWords } from "../languages/command-words.ts";
import { english } from "../languages/english.ts";
import { call, listFiles, readFiles, type Context, type Say, type Script } from "../script.ts";
import { manifestOf } from "./readme.ts";

/** Runs commands: what a project needs, its tests, its server, and whatever is asked for. */

export interface Workspace {
  /** Where it is, without a slash at its end; "" for the root. */
  folder: string;
  install?: string;
  test?: string;
  start?: string;
}

/** What a project's files say about its commands. */
export function workspaceOf(paths: readonly string[], manifest: string | undefined, folder = ""): Workspace {
  const { scripts = {} } = manifestOf(manifest);
  const start = ["dev", "start", "serve"].find((name) => name in scripts);
  const workspace: Workspace = { folder };
  if (/"(?:devD|d)ependencies"\s*:\s*\{\s*"/.test(manifest ?? "")) workspace.install = "npm install";
  if ("test" in scripts) workspace.test = "npm test";
  if (start !== undefined) workspace.start = start === "start" ? "npm start" : `npm run ${start}`;
  if (manifest !== undefined) return workspace;
  if (paths.includes("go.mod")) return { folder, test: "go test ./...", start: "go run ." };
  if (paths.some((path) => /(?:^|\/)(?:test_[\w-]+|[\w-]+_test)\.py$/.test(path)))
    workspace.test = "python3 -m unittest";
  const server = paths.find((path) => /^(?:server|app)\.py$/.test(path));
  if (server !== undefined) workspace.start = `python3 ${server}`;
  if (workspace.test === undefined && paths.some((path) => /\.test\.m?js$/.test(path))) workspace.test = "node --test";
  return workspace;
}

/** Installs, tests and starts what was just written. What it says, as paragraphs. */
export function* tryOut(files: Readonly<Record<string, string>>, folder: string, context: Context): Paragraphs {
  if (!context.conversation.tools.has("run_command")) return [];
  const words = commandWords[context.language.code];
  const workspace = workspaceOf(Object.keys(files), files["package.json"], folder.replace(/\/$/, ""));
  if (workspace.install !== undefined) {
    const refused = yield* install(workspace, words);
    if (refused !== undefined) return [refused];
  }
  const said: string[] = [];
  if (workspace.test !== undefined) said.push(testResult(yield* run(workspace, workspace.test, words.testing), words));
  if (workspace.start !== undefined) said.push(yield* startIn(workspace, words));
  return said;
}
type Paragraphs = Generator<Say, string[], Done[]>;
type Words = Generator<Say, string, Done[]>;

export function* runTests(context: Context): Script {
  const words = commandWords[context.language.code];
  const workspace = yield* find(context);
  if (typeof workspace === "string") return workspace;
  if (workspace.test === undefined) return words.noTests;
  const done = yield* testIn(workspace, words);
  return testResult(done, words);
}

export function* start(context: Context): Script {
  const words = commandWords[context.language.code];
  const workspace = yield* find(context);
  if (typeof workspace === "string") return workspace;
  if (workspace.start === undefined) return words.noServer;
  return yield* startIn(workspace, words);
}

export function* runAny(text: string, context: Context): Script {
  const words = commandWords[context.language.code];
  if (!context.conversation.tools.has("run_command")) return words.unavailable;
  const done = yield* call("run_command", { command: text }, words.running(`\`${text}\``));
  return said(done, words);
}

/** The project of the files that are there, or why there are no commands. */
export function* find({ conversation, language }: Context): Generator<Say, Workspace | string, Done[]> {
  const words = commandWords[language.code];
  if (!conversation.tools.has("run_command")) return words.unavailable;
  const paths = yield* listFiles(language.says.looking);
  if (paths.length === 0) return `${language.says.empty} ${language.says.whatToBuild}`;
  const roots = paths.filter((path) => /(?:^|\/)(?:package\.json|go\.mod|[\w-]+\.py|[\w.-]+\.test\.m?js)$/.test(path));
  const [root = ""] = roots.toSorted((a, b) => a.split("/").length - b.split("/").length);
  const folder = root.includes("/") && !/(?:^|\/)tests?\/[^/]+$/.test(root) ? root.slice(0, root.lastIndexOf("/")) : "";
  const inside = paths.flatMap((path) => {
    if (folder === "") return [path];
    return path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [];
  });
  const manifest = folder === "" ? "package.json" : `${folder}/package.json`;
  const contents = yield* readFiles(paths.includes(manifest) ? [manifest] : []);
  return { ...workspaceOf(inside, contents.get(manifest), folder), ...commandsOf(conversation.notes) };
}

/** What the project's settings say of its commands, which run in its root. */
function commandsOf(notes: readonly string[]): Partial<Workspace> {
  const [line = ""] = /^Its settings name the commands .*$/m.exec(notes.join("\n")) ?? [];
  const command = (purpose: string) => {
    const found = new RegExp(`\\bto ${purpose} ("(?:[^"\\\\]|\\\\.)*")`).exec(line)?.[1];
    return found === undefined ? undefined : String(JSON.parse(found));
  };
  const [install, start, test] = [command("install"), command("develop"), command("test")];
  if (install === undefined && start === undefined && test === undefined) return {};
  return { folder: "", ...(install ? { install } : {}), ...(start ? { start } : {}), ...(test ? { test } : {}) };
}

/** Runs the tests; where packages are missing, installs them first. */
export function* testIn(workspace: Workspace, words: CommandWords): Generator<Say, Done, Done[]> {
  const done = yield* run(workspace, workspace.test ?? "", words.testing);
  if (workspace.install === undefined || !lacksPackages(done)) return done;
  const installed = yield* run(workspace, workspace.install, words.installing);
  return exitOf(installed) === 0 ? yield* run(workspace, workspace.test ?? "", words.testing) : installed;
}

function* install(workspace: Workspace, words: CommandWords): Generator<Say, string | undefined, Done[]> {
  const done = yield* run(workspace, workspace.install ?? "", words.installing);
  return exitOf(done) === 0 ? undefined : `${words.notInstalled}\n\n${excerpt(outputOf(done))}`;
}

function* startIn(workspace: Workspace, words: CommandWords): Words {
  const begin = () => run(workspace, workspace.start ?? "", words.starting, true);
  let done = yield* begin();
  if (workspace.install !== undefined && lacksPackages(done)) {
    const refused = yield* install(workspace, words);
    if (refused !== undefined) return refused;
    done = yield* begin();
  }
  const port = /It listens on port (\d+)/.exec(done.output)?.[1];
  if (port !== undefined) return words.listens(port);
  if (done.failed || exitOf(done) !== undefined) return said(done, words);
  return `${words.noPort}\n\n${excerpt(outputOf(done))}`;
}

function run({ folder }: Workspace, command: string, text: string, background = false) {
  const input = { command, ...(folder === "" ? {} : { cwd: folder }), ...(background ? { background } : {}) };
  return call("run_command", input, text);
}

/** Undefined for a command that did not run, or runs on. */
export function exitOf({ output }: Done): number | undefined {
  const code = /^Exit code (\d+) /.exec(output)?.[1];
  return code === undefined ? undefined : Number(code);
}

export function outputOf({ output }: Done): string {
  return output
    .replace(/^(?:Exit code|It runs in the background|Stopped|Ended by)[^\n]*\n+/, "")
    .replace(/\n+It changed these files of the project: [^\n]*$/, "");
}

function lacksPackages(done: Done): boolean {
  return /\bnot found\b|Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND/.test(done.output);
}

export function testResult(done: Done, words: CommandWords): string {
  const code = exitOf(done);
  if (code === undefined) return words.notRun(done.output.replace(/^(?:Error|Denied): /, ""));
  return code === 0 ? words.passed : `${words.failing}\n\n${excerpt(outputOf(done))}`;
}

function said(done: Done, words: CommandWords): string {
  const code = exitOf(done);
  if (code === undefined && done.failed) return words.notRun(done.output.replace(/^(?:Error|Denied): /, ""));
  return `${words.ended(String(code ?? "?"))}\n\n${excerpt(outputOf(done))}`;
}

const maxLines = 30;

/** The last lines, in a fence that they cannot close. */
export function excerpt(output: string): string {
  const lines = output.trim().split("\n").slice(-maxLines);
  return `\`\`\`\`text\n${lines.join("\n").replaceAll("````", "'''")}\n\`\`\`\``;
}

/** The command that a request names, in its language or in English. */
export function commandHeard(
  prompt: string,
  { language, conversation }: Context,
): { kind: "tests" | "start" | "mend" } | { kind: "command"; text: string } | undefined {
  if (!conversation.tools.has("run_command")) return undefined;
  const text = prompt.trim();
  for (const { code } of language === english ? [english] : [language, english]) {
    const { heard } = commandWords[code];
    if (heard.tests.test(text)) return { kind: "tests" };
    if (heard.start.test(text)) return { kind: "start" };
    const groups = heard.command.exec(text)?.groups;
    const named = groups?.text ?? groups?.plain;
    if (named !== undefined) return { kind: "command", text: named.trim() };
    if (heard.mend.test(text)) return { kind: "mend" };
  }
  return undefined;
}
