import { z } from "zod";
import { call, listFiles, readFiles, type Context, type Script } from "../script.ts";
import { bullets, capitalise, code, harmless } from "../words.ts";
import { append } from "./look.ts";

/** Writes a README, and adds sections to one. */

const Manifest = z.object({ name: z.string().optional(), scripts: z.record(z.string(), z.string()).optional() });

export function manifestOf(text: string | undefined): z.infer<typeof Manifest> {
  try {
    return Manifest.safeParse(JSON.parse(text ?? "{}")).data ?? {};
  } catch {
    return {};
  }
}

export function* addReadme({ language: { says } }: Context): Script {
  const paths = yield* listFiles(says.looking);
  const existing = paths.find((path) => /^readme(?:\.\w+)?$/i.test(path));
  if (existing !== undefined) return says.exists(existing);
  if (paths.length === 0) return `${says.empty} ${says.whatToBuild}`;
  const contents = yield* readFiles(
    paths.filter((path) => /^(?:package\.json|index\.html|pyproject\.toml|go\.mod)$/.test(path)),
  );
  const run = commandsOf(paths, contents);
  const title =
    /<title>([^<]*)<\/title>/.exec(contents.get("index.html") ?? "")?.[1] ??
    manifestOf(contents.get("package.json")).name ??
    /^module (\S+)/m.exec(contents.get("go.mod") ?? "")?.[1] ??
    "Project";
  const how = run === "" ? "" : `## Run it\n\n\`\`\`sh\n${run}\n\`\`\`\n\n`;
  const content = `# ${capitalise(title)}\n\n${how}## Files\n\n${bullets(paths.slice(0, 60).map(code))}\n${paths.length > 60 ? `\n${paths.length - 60} more.\n` : ""}`;
  const made = yield* call("create_file", { path: "README.md", content });
  return made.failed ? says.notCreated(bullets([`\`README.md\`: ${made.output}`])) : says.readmeMade;
}

export function* addSection(wanted: string, context: Context): Script {
  const { says } = context.language;
  const name = capitalise(harmless(wanted.replace(/^(?:an?|the|new|eine?n?|neuen?|une?|una?)\s+/i, "")));
  const paths = yield* listFiles(says.looking);
  const path =
    paths.find((each) => /^readme\.md$/i.test(each)) ?? paths.find((each) => /(?:^|\/)readme\.md$/i.test(each));
  const text = sectionText(name, paths, says.sectionText);
  if (path === undefined) {
    const made = yield* call("create_file", { path: "README.md", content: `# README\n\n## ${name}\n\n${text}\n` });
    return made.failed ? says.notCreated(bullets([`\`README.md\`: ${made.output}`])) : says.readmeSection(name);
  }
  const content = (yield* readFiles([path])).get(path);
  if (content === undefined) return says.noFile(path);
  if (new RegExp(`^#+\\s+${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`, "im").test(content))
    return says.hasSection(name);
  const change = content.trim() === "" ? undefined : append(content, `\n## ${name}\n\n${text}`);
  if (change === undefined) return says.couldNot(bullets([code(path)]));
  const done = yield* call("edit_file", { path, edits: [change] });
  return done.failed ? says.couldNot(bullets([`${code(path)}: ${done.output}`])) : says.readmeSection(name);
}

/** What can be told of a section from the files; otherwise a line to fill in. */
function sectionText(name: string, paths: readonly string[], otherwise: string): string {
  if (/^(?:files?|structure|dateien|fichiers|archivos|文件)/i.test(name)) return bullets(paths.slice(0, 60).map(code));
  if (/^(?:tests?|testing|prueb|测试)/i.test(name)) {
    if (paths.some((path) => path.endsWith(".py"))) return "```sh\npython3 -m unittest\n```";
    if (paths.some((path) => path.endsWith(".go"))) return "```sh\ngo test ./...\n```";
    if (paths.includes("package.json")) return "```sh\nnpm test\n```";
  }
  if (/^(?:licen[cs]e|lizenz|licencia|许可)/i.test(name))
    return paths.includes("LICENSE") ? "See [LICENSE](LICENSE)." : otherwise;
  return otherwise;
}

/** How the project is run, from its files. */
export function commandsOf(paths: readonly string[], contents: ReadonlyMap<string, string>): string {
  const scripts = manifestOf(contents.get("package.json")).scripts ?? {};
  const names = Object.keys(scripts).filter((name) => ["dev", "start", "test", "build"].includes(name));
  const installs = /"(?:devD|d)ependencies"/.test(contents.get("package.json") ?? "");
  if (names.length > 0) {
    const commands = names.map((name) => (name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`));
    return [...(installs ? ["npm install"] : []), ...commands].join("\n");
  }
  if (paths.includes("go.mod")) return "go run .\ngo test ./...";
  const module = paths
    .find((path) => path.endsWith("__main__.py"))
    ?.split("/")
    .at(-2);
  if (module !== undefined) return `python3 -m ${module}`;
  const script = [
    "server.py",
    "main.py",
    "app.py",
    ...paths.filter((path) => /^[^/]+\.py$/.test(path) && !path.startsWith("test_")),
  ].find((path) => paths.includes(path));
  if (script !== undefined)
    return `python3 ${script}${paths.some((path) => /(?:^|\/)test_/.test(path)) ? "\npython3 -m unittest" : ""}`;
  return "";
}
