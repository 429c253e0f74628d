import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseSync } from "vite";

/**
 * What people read on the pages is in web/src/text, so that a second language is a second folder. The pages' sources are
 * parsed for literals that would be read: text and expressions in JSX, attributes that are shown or spoken, toasts, errors
 * of the API's client, and the titles and labels of commands and menus.
 */

const root = join(import.meta.dirname, "../..");

const attributes = new Set(["aria-label", "aria-description", "title", "placeholder", "alt", "label", "about", "what"]);
const properties = new Set(["title", "label", "about", "group", "placeholder"]);
/** Functions whose argument is shown, and which one it is. */
const shown: Readonly<Record<string, number>> = { toast: 0, setFailure: 0, ApiError: 2, OperationFailed: 0 };

type Node = { type: string; start: number } & Record<string, unknown>;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string";
}

function literals(path: string, source: string): string[] {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} does not parse`);
  const found: string[] = [];
  const report = (node: Node, text: string) =>
    found.push(`${path}:${source.slice(0, node.start).split("\n").length}: ${text.trim()}`);

  /** A value that is shown: a literal with letters, or a choice between some. */
  function look(value: unknown): void {
    if (!isNode(value)) return;
    if (value.type === "Literal" && typeof value.value === "string" && hasWords(value.value))
      report(value, value.value);
    if (value.type === "TemplateLiteral") {
      const text = source.slice(Number(value.start), Number(value.end));
      if (hasWords(text.replace(/\$\{[^}]*\}/g, ""))) report(value, text);
    }
    for (const part of ["expression", "consequent", "alternate", "right"]) {
      if (["JSXExpressionContainer", "ConditionalExpression", "LogicalExpression"].includes(value.type))
        look(value[part]);
    }
  }

  function visit(value: unknown): void {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isNode(value)) return;
    const name = isNode(value.name) ? String(value.name.name) : "";
    const key = isNode(value.key) ? String(value.key.name ?? value.key.value) : "";
    const callee = isNode(value.callee) ? String(value.callee.name) : "";
    const at = shown[callee];
    if (value.type === "JSXText" && hasWords(String(value.value))) report(value, String(value.value));
    if (value.type === "JSXElement" || value.type === "JSXFragment") (value.children as unknown[]).forEach(look);
    if (value.type === "JSXAttribute" && attributes.has(name)) look(value.value);
    if (value.type === "Property" && properties.has(key)) look(value.value);
    if (["CallExpression", "NewExpression"].includes(value.type) && at !== undefined)
      look((value.arguments as unknown[])[at]);
    for (const child of Object.values(value)) visit(child);
  }
  visit(program);
  return found;
}

function hasWords(text: string): boolean {
  return /\p{L}{2}/u.test(text);
}

test.each([
  ["text", "<p>Nothing here</p>"],
  ["a choice", "<p>{busy() ? 'Saving…' : text.save}</p>"],
  ["a condition", "<p>{busy() && 'Saving…'}</p>"],
  ["a glued sentence", "<p>{`Deleted ${count} files`}</p>"],
  ["a spoken label", "<button aria-label='Close' />"],
  ["a tooltip", "<button title={`Close ${name}`} />"],
  ["a placeholder", "<input placeholder='Search' />"],
  ["a picture's text", "<img alt='A cat' />"],
  ["a prop that is shown", "<Toggle label='Minimap' />"],
  ["a toast", "toast('Saved.')"],
  ["a toast with a value", "toast(`${name} was saved.`)"],
  ["an error", "new ApiError(422, 'invalid_path', 'Not a name.')"],
  ["a command", "useCommands(() => [{ id: 'x', title: 'Go home' }])"],
])("finds a literal in %s", (_, source) => {
  expect(literals("planted.tsx", `const x = () => ${source};`)).toHaveLength(1);
});

test.each([
  "<p class='grow text-sm'>{text.save} · {count}</p>",
  "<button aria-label={text.close} title={open() ? text.close : text.open}>{'→'}</button>",
  "<Show when={kind === 'image'}>{text.image}</Show>",
  "toast(messageOf(error))",
  "new ApiError(422, 'invalid_path', text.invalidPath)",
  "<kbd>?</kbd>",
])("finds nothing in %s", (source) => {
  expect(literals("planted.tsx", `const x = () => ${source};`)).toEqual([]);
});

test("everything that people read on the pages is in web/src/text", () => {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "web/src"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\n")
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.ts$|^web\/src\/text\//.test(path));
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap((path) => literals(path, readFileSync(join(root, path), "utf8")))).toEqual([]);
});
