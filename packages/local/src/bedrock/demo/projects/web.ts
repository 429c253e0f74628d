import { capitalise, escapeHtml, slug } from "../words.ts";
import { css, readme, type DemoProject } from "./project.ts";
import { landing, type Topic } from "./topics.ts";

function page(title: string, topic: Topic, head: string, script: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escapeHtml(title)}</title>
${head}  </head>
  <body>
    <main>
      ${topic.body(escapeHtml(title))}
    </main>
    ${script}
  </body>
</html>
`;
}

const find = `/** The element with an id; a missing one is a bug. */
function element(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error("there is no #" + id);
  return found;
}
const input = element;

`;

const typedFind = `/** The element with an id; a missing one is a bug. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error("there is no #" + id);
  return found;
}

export function input(id: string): HTMLInputElement {
  return element(id) as HTMLInputElement;
}
`;

export function staticSite(title: string, topic: Topic = landing): DemoProject {
  const about = topic.about;
  const run = "npx serve .   # or open index.html in a browser";
  return {
    title,
    about,
    run,
    files: {
      "index.html": page(
        title,
        topic,
        '    <link rel="stylesheet" href="style.css" />\n',
        '<script src="script.js" defer></script>',
      ),
      "style.css": css,
      "script.js": find + topic.script,
      "README.md": readme({ title, about, run }),
    },
  };
}

/** Adds the types that the topics' scripts leave out. */
function typed(script: string): string {
  return script
    .replace("JSON.parse(stored);", (found) => found)
    .replace("const items = stored", "const items: { text: string; done: boolean }[] = stored")
    .replace("let notes = stored", "let notes: string[] = stored")
    .replace("let rows = stored", "let rows: { what: string; amount: number }[] = stored")
    .replace('let cells = Array(9).fill("")', 'let cells: string[] = Array(9).fill("")')
    .replace("const lines = [[", "const lines: [number, number, number][] = [[")
    .replace('line === undefined ? "" : cells[line[0]]', 'line === undefined ? "" : (cells[line[0]] ?? "")')
    .replace(
      "function calculate(left, operation, right)",
      "function calculate(left: number, operation: string, right: number)",
    )
    .replace("function generate(length)", "function generate(length: number)");
}

export function viteApp(title: string, topic: Topic = landing): DemoProject {
  const about = `${topic.about} Built with Vite and TypeScript.`;
  const run = "npm install\nnpm run dev";
  const manifest = {
    name: slug(title),
    private: true,
    version: "0.1.0",
    type: "module",
    scripts: { dev: "vite", build: "tsc --noEmit && vite build", preview: "vite preview" },
    devDependencies: { typescript: "^5.9.0", vite: "^7.0.0" },
  };
  const configuration = {
    compilerOptions: {
      target: "ES2022",
      lib: ["ES2022", "DOM", "DOM.Iterable"],
      module: "ESNext",
      moduleResolution: "Bundler",
      strict: true,
      noUnusedLocals: true,
      noEmit: true,
    },
    include: ["src"],
  };
  return {
    title,
    about,
    run,
    files: {
      "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
      "tsconfig.json": `${JSON.stringify(configuration, null, 2)}\n`,
      "index.html": page(
        title,
        topic,
        '    <link rel="stylesheet" href="/src/style.css" />\n',
        '<script type="module" src="/src/main.ts"></script>',
      ),
      "src/dom.ts": typedFind,
      "src/main.ts": `import { ${/\binput\(/.test(topic.script) ? "element, input" : "element"} } from "./dom";\n\n${typed(topic.script)}`,
      "src/style.css": css,
      ".gitignore": "node_modules/\ndist/\n",
      "README.md": readme({ title, about, run, extra: `\`npm run build\` checks the types and writes \`dist/\`.` }),
    },
  };
}

export function titleFor(words: readonly string[], topic: Topic | undefined): string {
  const noun = words
    .filter(
      (word) =>
        !/^(vite|typescript|ts|html|css|javascript|js|react|web|website|static|site|page|landing|node|rest|api|python|cli|tests?|frontend)$/.test(
          word,
        ),
    )
    .slice(0, 3);
  return noun.length > 0 ? capitalise(noun.join(" ")) : (topic?.name ?? "Hello");
}
