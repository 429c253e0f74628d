import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { functionBuild, functionBundles, localBuild } from "./bundles.ts";

/**
 * Builds what has changed since the last time: the functions and the local cloud with esbuild, the web with Vite.
 * `--no-web` leaves the web out (its development server takes its place).
 */

const root = join(import.meta.dirname, "..");
const output = join(root, ".build");
mkdirSync(output, { recursive: true });

async function ifChanged(
  name: string,
  sources: readonly string[],
  made: string,
  run: () => Promise<void>,
): Promise<void> {
  const stamp = join(output, `${name}.stamp`);
  const hash = hashOf(sources);
  if (existsSync(stamp) && existsSync(made) && readFileSync(stamp, "utf8") === hash) return;
  const began = performance.now();
  await run();
  writeFileSync(stamp, hash);
  process.stdout.write(`Built the ${name} in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}

/** Of the files' names, sizes and times of change. */
function hashOf(paths: readonly string[]): string {
  const hash = createHash("sha256").update(process.version);
  const visit = (path: string) => {
    if (!existsSync(path)) return;
    const found = statSync(path);
    if (!found.isDirectory()) {
      hash.update(`${relative(root, path)} ${found.size} ${found.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(path).sort()) {
      if (name !== "node_modules" && !name.startsWith(".") && !name.endsWith(".test.ts")) visit(join(path, name));
    }
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest("hex");
}

async function buildFunctions(): Promise<void> {
  const bundles = functionBundles(root);
  await Promise.all([build(localBuild(root)), ...bundles.map((bundle) => build(functionBuild(bundle)))]);
  // What is in a function's folder is deployed: nothing of an older build may stay there.
  const made = new Set(bundles.map(({ outfile }) => outfile));
  for (const folder of ["functions", "local-functions"]) {
    for (const entry of readdirSync(join(output, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !made.has(path)) rmSync(path);
    }
  }
}

async function buildWeb(): Promise<void> {
  await vite();
  // How the pages were built is nobody's business: everything in this folder is published.
  rmSync(join(root, "web/.output/public/.vite"), { recursive: true, force: true });
}

function vite(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"],
      {
        cwd: join(root, "web"),
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, NODE_ENV: "production" },
      },
    );
    let printed = "";
    child.stdout.on("data", (chunk) => (printed += String(chunk)));
    child.stderr.on("data", (chunk) => (printed += String(chunk)));
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`The web could not be built:\n${printed}`))));
  });
}

const common = ["package-lock.json", "packages/contract/src"];
try {
  await ifChanged(
    "functions",
    [...common, "packages", "scripts"],
    join(output, "functions/api/index.mjs"),
    buildFunctions,
  );
  if (!process.argv.includes("--no-web")) {
    await ifChanged(
      "web",
      [...common, "web/src", "web/public", "web/vite.config.ts", "web/package.json"],
      join(root, "web/.output/server/index.mjs"),
      buildWeb,
    );
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
