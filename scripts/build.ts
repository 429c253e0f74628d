import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { functionBuild, functionBundles, localBuild, nativeModules, nativePackage, runnerBuild } from "./bundles.ts";
import { make, outputs, stateOf, type Output } from "./outputs.ts";

/**
 * Builds what has changed: the functions, the local cloud and the sandbox's runner with esbuild, the web with Vite.
 * `--no-web` skips the web, for its development server.
 */

const root = join(import.meta.dirname, "..");
const output = join(root, ".build");
mkdirSync(output, { recursive: true });

async function ifChanged(made: Output, run: () => Promise<void>): Promise<void> {
  if (stateOf(made) === "fresh") return;
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`Building the ${made.name}…\n`);
  // A slow machine is not a broken one.
  const telling = setInterval(() => process.stdout.write(`  ${seconds()} s\n`), 10_000);
  await make(made, run).finally(() => clearInterval(telling));
  process.stdout.write(`Built the ${made.name} in ${seconds()} s\n`);
}

async function buildFunctions(): Promise<void> {
  const bundles = functionBundles(root);
  const [, , ...built] = await Promise.all([
    build(localBuild(root)),
    build(runnerBuild(root)),
    ...bundles.map((bundle) => build({ ...functionBuild(bundle), metafile: true })),
  ]);
  // The demo model reads its templates when it builds a project.
  rmSync(join(output, "local/templates"), { recursive: true, force: true });
  cpSync(join(root, "packages/local/src/bedrock/demo/templates"), join(output, "local/templates"), { recursive: true });
  // The edge of sandboxes runs what CloudFront runs.
  cpSync(join(root, "packages/sandbox/src/edge"), join(output, "local/edge"), { recursive: true });
  // An image for another system installs its own.
  writeFileSync(join(output, "sandbox/package.json"), `${JSON.stringify(nativePackage(root), null, 2)}\n`);
  for (const path of nativeModules())
    if (existsSync(join(root, path))) cpSync(join(root, path), join(output, "sandbox", path), { recursive: true });
  // Everything in a function's folder is deployed, so files of an older build are removed.
  const made = new Set(
    built.flatMap(({ metafile }) => Object.keys(metafile?.outputs ?? {})).map((path) => resolve(path)),
  );
  for (const folder of ["functions", "local-functions"]) {
    for (const entry of readdirSync(join(output, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !made.has(path)) rmSync(path);
    }
  }
}

async function buildWeb(): Promise<void> {
  await vite();
  // Everything in this folder is published; how the pages were built is not.
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

try {
  await ifChanged(outputs.functions, buildFunctions);
  if (!process.argv.includes("--no-web")) await ifChanged(outputs.web, buildWeb);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
