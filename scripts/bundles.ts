import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { functions } from "@slipway/manifest";
import type { BuildOptions, Plugin } from "esbuild";

/** How the functions and the local cloud are bundled. */

/** zod ships every language's messages; ours are English. */
const englishOnly: Plugin = {
  name: "english-only",
  setup(build) {
    build.onResolve({ filter: /locales\/index\.js$/ }, (found) =>
      found.importer.includes("/zod/")
        ? { path: join(found.resolveDir, "../locales/en.js"), namespace: "english" }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "english" }, ({ path }) => ({
      contents: `export { default as en } from ${JSON.stringify(path)}`,
      resolveDir: "/",
    }));
  },
};

/** Every function with the module it starts from; the local cloud may have an entry of its own, with the local login. */
export function functionEntries(root: string): { name: string; entry: string }[] {
  return Object.entries(functions).map(([name, { entry }]) => {
    const local = join(root, `packages/local/src/${name}-entry.ts`);
    return { name, entry: existsSync(local) ? local : join(root, entry) };
  });
}

export function functionBuild(root: string, name: string, entry: string): BuildOptions {
  return {
    entryPoints: [entry],
    outfile: join(root, ".build/functions", name, "index.mjs"),
    bundle: true,
    minify: true,
    keepNames: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    metafile: true,
    // CommonJS modules inside an ES module still call require for Node's own.
    banner: { js: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);' },
    plugins: [englishOnly],
    logLevel: "error",
  };
}

/** The local cloud and its threads, in one folder; their dependencies stay in node_modules. */
export function localBuild(root: string): BuildOptions {
  const source = join(root, "packages/local/src");
  const threads = readdirSync(source).filter((file) => file.endsWith("-thread.ts"));
  return {
    entryPoints: ["local.ts", ...threads].map((file) => join(source, file)),
    outdir: join(root, ".build/local"),
    bundle: true,
    packages: "external",
    alias: { "@slipway/manifest": join(root, "packages/manifest/src/manifest.ts") },
    format: "esm",
    platform: "node",
    target: "node24",
    sourcemap: true,
    logLevel: "error",
  };
}
