import { slug } from "../words.ts";
import { style, typescript } from "./browser.ts";
import type { Kind } from "./kind.ts";
import { json, readme, render } from "./template.ts";

/** A start for an app with Vite and TypeScript, without a framework: a page with a counter, and its tests. */
export const vite: Kind = {
  always: ["responsive", "keyboard", "tests", "theme"],
  optional: [],
  make(_, title) {
    const rendering = { values: { title }, isTypeScript: true };
    const about = "A start for an app with Vite and TypeScript: a page with a counter, and its tests.";
    const run = "npm install\nnpm run dev";
    return {
      run,
      about,
      files: {
        "index.html": render("vite/index.html", rendering),
        "src/main.ts": render("vite/src/main.js", rendering),
        "src/counter.ts": render("vite/src/counter.js", rendering),
        "src/style.css": style(undefined),
        "test/counter.test.ts": render("vite/test/counter.test.js", rendering),
        "vite.config.ts": 'import { defineConfig } from "vite";\n\nexport default defineConfig({ base: "./" });\n',
        "tsconfig.json": json(typescript()),
        "package.json": json({
          name: slug(title),
          private: true,
          type: "module",
          scripts: { dev: "vite", build: "tsc && vite build", preview: "vite preview", test: "node --test" },
          devDependencies: { typescript: "7.0.2", vite: "8.3.8" },
        }),
        ".gitignore": "node_modules/\ndist/\n",
        "README.md": readme({
          title,
          about,
          run,
          more: "`npm run build` checks the types and writes `dist/`. `npm test` runs the tests, with Node 22.18 or newer.",
        }),
      },
    };
  },
};
