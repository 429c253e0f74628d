import type { Wish } from "../understand/wish.ts";
import { slug } from "../words.ts";
import { asModuleTest, style, typescript } from "./browser.ts";
import type { DemoProject, Kind } from "./kind.ts";
import { json, readme, render } from "./template.ts";

/** React and Solid apps with Vite and TypeScript: a todo list, or a start for something else. */

interface Framework {
  folder: "react" | "solid";
  name: string;
  plugin: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  jsx: Record<string, string>;
}

const tools = { typescript: "7.0.2", vite: "8.3.8" };
const frameworks: Record<"react" | "solid", Framework> = {
  react: {
    folder: "react",
    name: "React",
    plugin:
      'import react from "@vitejs/plugin-react";\nimport { defineConfig } from "vite";\n\nexport default defineConfig({ base: "./", plugins: [react()] });\n',
    dependencies: { react: "19.3.1", "react-dom": "19.3.1" },
    devDependencies: {
      "@types/react": "19.3.0",
      "@types/react-dom": "19.3.0",
      "@vitejs/plugin-react": "6.3.0",
      ...tools,
    },
    jsx: { jsx: "react-jsx" },
  },
  solid: {
    folder: "solid",
    name: "Solid",
    plugin:
      'import { defineConfig } from "vite";\nimport solid from "vite-plugin-solid";\n\nexport default defineConfig({ base: "./", plugins: [solid()] });\n',
    dependencies: { "solid-js": "1.9.19" },
    devDependencies: { ...tools, "vite-plugin-solid": "2.11.14" },
    jsx: { jsx: "preserve", jsxImportSource: "solid-js" },
  },
};

export const react: Kind = kindOf(frameworks.react);
export const solid: Kind = kindOf(frameworks.solid);

function kindOf(framework: Framework): Kind {
  return {
    always: ["responsive", "keyboard", "tests", "persist", "filter", "search", "theme"],
    optional: [],
    make: (wish, title) => make(framework, wish, title),
  };
}

function make(framework: Framework, wish: Wish, title: string): DemoProject {
  const isTodo = wish.topic === "todo";
  const { folder, name } = framework;
  const rendering = { values: { title }, isTypeScript: true };
  const about = isTodo
    ? `A list of tasks with ${name}, Vite and TypeScript: add, complete, filter, search and delete. They are kept in this browser, and the colours follow the system, light or dark.`
    : `A start for an app with ${name}, Vite and TypeScript: a page with a counter.`;
  const files: Record<string, string> = {
    "index.html": render(`${folder}/index.html`, rendering),
    "src/main.tsx": render(`${folder}/src/main.jsx`, rendering),
    "src/App.tsx": render(`${folder}/src/App.${isTodo ? "todo" : "starter"}.jsx`, rendering),
    "src/style.css": style(isTodo ? "todo" : undefined),
    "vite.config.ts": framework.plugin,
    "tsconfig.json": json(typescript(framework.jsx)),
    "package.json": json({
      name: slug(title),
      private: true,
      type: "module",
      scripts: {
        dev: "vite",
        build: "tsc && vite build",
        preview: "vite preview",
        ...(isTodo ? { test: "node --test" } : {}),
      },
      dependencies: framework.dependencies,
      devDependencies: framework.devDependencies,
    }),
    ".gitignore": "node_modules/\ndist/\n",
  };
  if (isTodo) {
    files["src/tasks.ts"] = render("todo/tasks.js", rendering);
    files["src/storage.ts"] = render(`${folder}/src/storage.js`, rendering);
    files["test/tasks.test.ts"] = asModuleTest(render("todo/test/tasks.test.js", rendering));
  }
  const run = "npm install\nnpm run dev";
  const test = isTodo ? " `npm test` runs the tests, with Node 22.18 or newer." : "";
  files["README.md"] = readme({
    title,
    about,
    run,
    more: `\`npm run build\` checks the types and writes \`dist/\`.${test}`,
  });
  return { files, run, about };
}
