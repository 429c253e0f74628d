import type { Feature } from "../languages/language.ts";
import type { Wish } from "../understand/wish.ts";
import { slug } from "../words.ts";
import type { BrowserKind, DemoProject, Kind } from "./kind.ts";
import { filesIn, json, readme, render, template } from "./template.ts";

/**
 * Small apps for the browser. Each has its folder in `templates/`: a page, its logic without the page, what shows it, its
 * style and its tests. They run as they are, or with Vite and TypeScript.
 */
const common: readonly Feature[] = ["responsive", "keyboard", "tests"];

function browser(
  kind: BrowserKind,
  about: string,
  always: readonly Feature[],
  optional: readonly Feature[] = [],
): Kind {
  return {
    always: [...common, ...always],
    optional: ["theme", ...optional],
    make: (wish, title) =>
      (wish.stacks.has("vite") || wish.stacks.has("typescript") ? viteApp : page)(kind, { wish, title, about }),
  };
}

export const browserKinds: Record<BrowserKind, Kind> = {
  snake: browser(
    "snake",
    "The classic game of snake. Steer with the arrow keys, WASD, swipes or the buttons; space pauses. It gets faster as you score, and remembers the best score.",
    ["score"],
    ["sound", "wrap"],
  ),
  noughts: browser("noughts", "Noughts and crosses for two players, with the score of both.", ["score"], ["computer"]),
  quiz: browser("quiz", "A quiz of multiple-choice questions. The questions are in a file of their own.", ["score"]),
  todo: browser(
    "todo",
    "A list of tasks: add, complete, filter and delete. They are kept in this browser.",
    ["persist", "filter"],
    ["search", "due"],
  ),
  kanban: browser(
    "kanban",
    "A board with three columns. Drag cards, use their buttons, or focus a card and press Alt with an arrow key; Delete removes it. The board is kept in this browser.",
    ["persist", "drag", "charts"],
    ["search"],
  ),
  dashboard: browser(
    "dashboard",
    "Key figures, a bar chart, a line chart and a ring chart, drawn as SVG from one file of numbers, for 3, 6 or 12 months. The numbers are samples.",
    ["charts", "filter"],
    ["csv"],
  ),
  pomodoro: browser("pomodoro", "25 minutes of work, then 5 of rest, and a long rest after four rounds.", []),
  calculator: browser("calculator", "A calculator with brackets, the keyboard and a history.", []),
  notes: browser("notes", "Notes: write, search and delete them. They are kept in this browser.", [
    "persist",
    "search",
  ]),
  expenses: browser(
    "expenses",
    "Expenses by category, with their total. They are kept in this browser.",
    ["persist", "charts"],
    ["csv"],
  ),
  password: browser(
    "password",
    "Random passwords from the browser's cryptographic source. Nothing is sent or kept.",
    [],
  ),
};

interface Made {
  wish: Wish;
  title: string;
  about: string;
}

function page(kind: BrowserKind, { wish, title, about }: Made): DemoProject {
  const rendering = { values: { title }, features: wish.features };
  const files: Record<string, string> = {
    "index.html": render(`${kind}/index.html`, rendering),
    "style.css": style(kind),
  };
  for (const name of filesIn(kind)) {
    if (name.endsWith(".js")) files[name] = render(`${kind}/${name}`, rendering);
  }
  if (wish.features.has("theme")) files["theme.js"] = render("base/theme.js", rendering);
  files["package.json"] = json({
    name: slug(title),
    private: true,
    type: "commonjs",
    scripts: { test: "node --test" },
  });
  const more = "Nothing has to be installed. With Node 20 or newer, `npm test` runs the tests.";
  files["README.md"] = readme({ title, about, run: "", more });
  return { files, run: "", about };
}

function viteApp(kind: BrowserKind, { wish, title, about }: Made): DemoProject {
  const rendering = { values: { title }, features: wish.features, isTypeScript: true };
  const imports = wish.features.has("theme") ? 'import "./theme.ts";\n' : "";
  const html = render(`${kind}/index.html`, rendering)
    .replace(/ *<link rel="stylesheet"[^\n]*\n| *<script src[^\n]*\n/g, "")
    .replace("  </body>", '    <script type="module" src="./src/main.ts"></script>\n  </body>');
  const files: Record<string, string> = { "index.html": html, "src/style.css": style(kind) };
  for (const name of filesIn(kind).filter((each) => each.endsWith(".js"))) {
    const made = render(`${kind}/${name}`, rendering);
    if (name.startsWith("test/")) files[name.replace(/\.js$/, ".ts")] = asModuleTest(made);
    else if (name === "script.js") files["src/main.ts"] = `import "./style.css";\n${imports}${made}`;
    else files[`src/${name.replace(/\.js$/, ".ts")}`] = made;
  }
  if (wish.features.has("theme")) files["src/theme.ts"] = render("base/theme.js", rendering);
  const run = "npm install\nnpm run dev";
  const withVite = `${about} Built with Vite and TypeScript.`;
  files["package.json"] = json({
    name: slug(title),
    private: true,
    type: "module",
    scripts: { dev: "vite", build: "tsc && vite build", preview: "vite preview", test: "node --test" },
    devDependencies: { typescript: "7.0.2", vite: "8.3.8" },
  });
  files["tsconfig.json"] = json(typescript());
  files[".gitignore"] = "node_modules/\ndist/\n";
  files["README.md"] = readme({
    title,
    about: withVite,
    run,
    more: "`npm run build` checks the types and writes `dist/`. `npm test` runs the tests, with Node 22.18 or newer.",
  });
  return { files, run, about: withVite };
}

/** The compiler's settings of every project with TypeScript. */
export function typescript(jsx: Record<string, string> = {}) {
  return {
    compilerOptions: {
      target: "ES2023",
      lib: ["ES2023", "DOM", "DOM.Iterable"],
      module: "ESNext",
      moduleResolution: "Bundler",
      ...jsx,
      types: ["vite/client"],
      strict: true,
      noUnusedLocals: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
    },
    include: ["src"],
  };
}

export function style(kind: BrowserKind | undefined): string {
  return template("base/app.css") + (kind === undefined ? "" : template(`${kind}/style.css`));
}

/** Tests with `require` as modules that import TypeScript. */
export function asModuleTest(source: string): string {
  return source
    .replace(/const assert = require\("(.*?)"\);/, 'import assert from "$1";')
    .replace(/const (\{.*?\}) = require\("(node:.*?)"\);/g, 'import $1 from "$2";')
    .replace(/const (\{.*?\}) = require\("\.\.\/(.*?)\.js"\);/g, 'import $1 from "../src/$2.ts";');
}
