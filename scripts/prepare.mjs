// Prerequisites of every command: the locked dependencies and Node 24. Plain JavaScript for any Node from 20 on, without
// imports from outside Node.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

/** Installs the locked dependencies if package-lock.json has changed. Resolves to the path of Node 24. */
export async function prepare() {
  install(root, "Installing dependencies (once, about a minute)…");
  return node24();
}

/** Installs a folder's locked dependencies if its package-lock.json has changed. */
export function install(folder, announcement) {
  const stamp = join(folder, "node_modules/.installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  process.stdout.write(`${announcement}\n`);
  // Not `npm ci`: it refuses a lock file without the native packages of other platforms, which a registry may lack.
  const options = ["--no-save", "--no-fund", "--no-audit", "--no-update-notifier", "--loglevel=error"];
  const { status } = spawnSync("npm", ["install", ...options], { cwd: folder, stdio: "inherit" });
  if (status !== 0) fail("The dependencies could not be installed. Check the network and try again.");
  writeFileSync(stamp, wanted);
}

/** npm has a current Node 24 for Linux only: elsewhere it must be installed. */
function node24() {
  const bundled = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin/node");
  if (existsSync(bundled)) return bundled;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  const how =
    process.platform === "darwin" ? "Install it with: brew install node@24" : "Install it from https://nodejs.org";
  return fail(`Slipway needs Node 24; this is Node ${process.versions.node}. ${how}`);
}

export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
