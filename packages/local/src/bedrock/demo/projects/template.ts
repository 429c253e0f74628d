import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeHtml } from "../words.ts";

/**
 * Templates are real files in `templates/`, which the build copies beside the bundle. What varies is marked:
 *
 * - `{{name}}` is a value.
 * - Lines between `feature:name` and `end:name` are there with the feature, between `not:name` and `end:name` without it.
 * - A comment that begins with `:` is the type of what is before it, one that begins with `::` is code, both in TypeScript
 *   only.
 */
const folder = join(import.meta.dirname, import.meta.dirname.endsWith("projects") ? "../templates" : "templates");

export interface Rendering {
  values?: Readonly<Record<string, string>>;
  features?: ReadonlySet<string>;
  isTypeScript?: boolean;
}

export function template(path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

export function filesIn(path: string): string[] {
  return readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, path).length + 1));
}

/** A template as it is written into a project. */
export function render(path: string, rendering: Rendering = {}): string {
  return renderText(template(path), { ...rendering, isHtml: path.endsWith(".html") });
}

function renderText(source: string, rendering: Rendering & { isHtml: boolean }): string {
  const chosen = choose(source, rendering.features ?? new Set());
  const typed = rendering.isTypeScript ? asTypeScript(chosen) : asJavaScript(chosen);
  const values = rendering.values ?? {};
  const filled = typed.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : rendering.isHtml && !name.startsWith("html") ? escapeHtml(value) : value;
  });
  const isPython = /^(?:def|class|from) /m.test(filled);
  return `${filled.replace(/\n{3,}/g, (gap) => (isPython ? gap.slice(0, 3) : "\n\n")).trim()}\n`;
}

const mark = /^\s*(?:\/\/|#|<!--|\{?\/\*)\s*(feature|not|end):([\w-]+)\s*(?:-->|\*\/\}?)?\s*$/;

function choose(source: string, features: ReadonlySet<string>): string {
  const open: boolean[] = [];
  return source
    .split("\n")
    .filter((line) => {
      const found = mark.exec(line);
      if (found === null) return open.every(Boolean);
      const [, kind, name = ""] = found;
      if (kind === "end") open.pop();
      else open.push(features.has(name) === (kind === "feature"));
      return false;
    })
    .join("\n");
}

function asJavaScript(source: string): string {
  return source
    .replace(/^[ \t]*\/\*::?(?:(?!\*\/)[\s\S])*\*\/[ \t]*\n/gm, "")
    .replace(/^([ \t]*)\/\*::?(?:(?!\*\/)[\s\S])*\*\/[ \t]?/gm, "$1")
    .replace(/ ?\/\*::?(?:(?!\*\/)[\s\S])*\*\//g, "");
}

function asTypeScript(source: string): string {
  return source
    .replace(/\nif \(typeof module !== "undefined"\)[\s\S]*$/, "\n")
    .replace(/ ?\/\*:: (<(?:(?!\*\/)[\s\S])*>) \*\//g, "$1")
    .replace(/\/\*::\s?((?:(?!\*\/)[\s\S])*?)\s?\*\//g, "$1")
    .replace(/\s?\/\*: ((?:(?!\*\/)[\s\S])*?) \*\//g, ": $1");
}

/** A README in the shape of all projects. */
export function readme(project: { title: string; about: string; run: string; more?: string }): string {
  const run = project.run === "" ? "Open `index.html` in a browser." : `\`\`\`sh\n${project.run}\n\`\`\``;
  return `# ${project.title}\n\n${project.about}\n\n## Run it\n\n${run}\n${project.more ? `\n${project.more}\n` : ""}`;
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
