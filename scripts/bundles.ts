import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { functions } from "@slipway/manifest";
import type { BuildOptions, Plugin } from "esbuild";

/** How the functions and the local cloud are bundled. */

/** zod ships every language's messages; only English is used. */
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

/** Parts of libraries that nothing here calls and no bundler can tell: 65 KB of each function. */
const unused = [
  /\/zod\/v4\/core\/compile\.js$/,
  /\/zod\/v4\/classic\/from-json-schema\.js$/,
  /\/electrodb\/src\/service\.js$/,
];
const withoutUnused: Plugin = {
  name: "without-unused",
  setup(build) {
    for (const filter of unused)
      build.onLoad({ filter }, ({ path }) => {
        const exported = readFileSync(path, "utf8").matchAll(/^export (?:const|function|class) (\w+)/gm);
        const names = [...exported].map(([, name = ""]) => `export const ${name} = undefined;`);
        return { contents: names.length > 0 ? names.join("\n") : "module.exports = {};" };
      });
  },
};

/** The SDK would keep endpoints that DynamoDB tells it, which it is not asked for: a cache that keeps nothing does as well. */
const withoutEndpointCache: Plugin = {
  name: "without-endpoint-cache",
  setup(build) {
    build.onResolve({ filter: /^mnemonist\/lru-cache$/ }, ({ path }) => ({ path, namespace: "no-cache" }));
    build.onLoad({ filter: /.*/, namespace: "no-cache" }, () => ({
      contents: "export default class { has() { return false; } get() {} peek() {} set() {} clear() {} }",
    }));
  },
};

/** A function's credentials are in its environment; the SDK's other providers are for a developer's machine. */
const environmentCredentials: Plugin = {
  name: "environment-credentials",
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ resolveDir }) => ({
      path: "credentials",
      namespace: "environment",
      pluginData: resolveDir,
    }));
    build.onLoad({ filter: /.*/, namespace: "environment" }, ({ pluginData }) => ({
      contents: `import { fromEnv } from "@aws-sdk/credential-provider-env"; export const defaultProvider = () => fromEnv();`,
      resolveDir: String(pluginData),
    }));
  },
};

/**
 * ElectroDB validates each model against a schema when it is constructed, which is a fifth of a function's start time.
 * Bundled models do not change, and a test of core constructs every model from source.
 */
const checkedModels: Plugin = {
  name: "checked-models",
  setup(build) {
    build.onResolve({ filter: /^jsonschema$/ }, ({ importer }) =>
      importer.includes("/electrodb/") ? { path: "jsonschema", namespace: "checked" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "checked" }, () => ({
      contents: `export class Validator { addSchema() {} validate() { return { errors: [] }; } }
        Validator.prototype.customFormats = {};`,
    }));
  },
};

export interface Bundle {
  name: string;
  /** Module that exports `handler`. */
  entry: string;
  /** The output with the handler, in a folder of its own. */
  outfile: string;
  /** Whether the local cloud runs it rather than a local variant. */
  isRunHere: boolean;
}

/**
 * Every function as deployed, in `.build/functions`, and in `.build/local-functions` those with a local entry, which adds
 * the local login.
 */
export function functionBundles(root: string): Bundle[] {
  return Object.entries(functions).flatMap(([name, { entry }]) => {
    const local = join(root, `packages/local/src/${name}-entry.ts`);
    const hasVariant = existsSync(local);
    const outfile = (folder: string) => join(root, ".build", folder, name, "index.mjs");
    return [
      { name, entry: join(root, entry), outfile: outfile("functions"), isRunHere: !hasVariant },
      ...(hasVariant ? [{ name, entry: local, outfile: outfile("local-functions"), isRunHere: true }] : []),
    ];
  });
}

/** What is imported with `import()` becomes a file of its own beside `outfile`, loaded on first use. */
export function functionBuild({ entry, outfile }: Pick<Bundle, "entry" | "outfile">): BuildOptions {
  return {
    entryPoints: { [basename(outfile, ".mjs")]: entry },
    outdir: dirname(outfile),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    // CommonJS modules inside an ES module still require Node's built-ins.
    banner: { js: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);' },
    plugins: [englishOnly, withoutUnused, withoutEndpointCache, environmentCredentials, checkedModels],
    logLevel: "error",
  };
}

/** The programs inside a sandbox, a file each. The native part of terminals is copied beside them (`nativeModules`). */
export function runnerBuild(root: string): BuildOptions {
  return {
    entryPoints: {
      runner: join(root, "packages/sandbox/runner/main.ts"),
      tunnel: join(root, "packages/sandbox/runner/tunnel.ts"),
    },
    outdir: join(root, ".build/sandbox"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    keepNames: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    // Optional speed-ups of `ws`, which it does without.
    external: ["bufferutil", "utf-8-validate"],
    banner: { js: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);' },
    plugins: [englishOnly, withoutUnused],
    logLevel: "error",
  };
}

/** Declares the package with the native files that the runner loads, which installs those of the system that it is on. */
export function nativePackage(root: string): { private: true; dependencies: Record<string, string> } {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/@lydell/node-pty/package.json"), "utf8")) as {
    version: string;
  };
  return { private: true, dependencies: { "@lydell/node-pty": version } };
}

/** Packages with native files that the runner loads, for this machine's architecture, from the root. */
export function nativeModules(): string[] {
  return [`node_modules/@lydell/node-pty-${process.platform}-${process.arch}`];
}

/** Our own packages are part of a bundle whose dependencies are not. */
const ours: Plugin = {
  name: "ours",
  setup(build) {
    build.onResolve({ filter: /^@slipway\// }, ({ path }) => ({ path: fileURLToPath(import.meta.resolve(path)) }));
  },
};

/** The local cloud and its threads, in one folder. Dependencies stay in node_modules. */
export function localBuild(root: string): BuildOptions {
  const source = join(root, "packages/local/src");
  const threads = readdirSync(source).filter((file) => file.endsWith("-thread.ts"));
  return {
    entryPoints: ["local.ts", ...threads].map((file) => join(source, file)),
    outdir: join(root, ".build/local"),
    bundle: true,
    packages: "external",
    plugins: [ours],
    format: "esm",
    platform: "node",
    target: "node24",
    sourcemap: true,
    logLevel: "error",
  };
}
