// Prerequisites of every command: the locked dependencies and Node 24. Plain JavaScript for any Node from 20 on, without
// imports from outside Node.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

/** Installs the locked dependencies if package-lock.json has changed. Resolves to the path of Node 24. */
export async function prepare() {
  await install(root, "Installing dependencies (once, one to three minutes)…");
  return node24();
}

/** Installs a folder's locked dependencies if its package-lock.json has changed. */
export async function install(folder, announcement) {
  const stamp = join(folder, "node_modules/.installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  process.stdout.write(`${announcement}\n`);
  const done = progress(() => `${installed(folder)} of about ${packagesIn(folder)} packages`);
  // Not `npm ci`: it refuses a lock file without the native packages of other platforms, which a registry may lack.
  const options = ["--no-save", "--no-fund", "--no-audit", "--no-update-notifier", "--loglevel=error"];
  const npm = spawn("npm", ["install", ...options], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  const status = await new Promise((resolve) => npm.on("error", () => resolve(1)).on("exit", resolve));
  done();
  if (status !== 0) fail("The dependencies could not be installed. Check the network and try again.");
  writeFileSync(stamp, wanted);
}

/**
 * Tells every few seconds how long something takes and how far it is: a slow machine is not a broken one. Returns what
 * ends it.
 */
function progress(state) {
  const began = Date.now();
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    process.stdout.write(`  ${seconds} s: ${state()}\n`);
  }, tellEvery);
  timer.unref();
  return () => clearInterval(timer);
}
const tellEvery = 5000;

/** npm writes folders as it unpacks packages, so their number says how far it is. */
function installed(folder) {
  try {
    return readdirSync(join(folder, "node_modules")).flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(folder, "node_modules", name)) : [name],
    ).length;
  } catch {
    return 0;
  }
}

function packagesIn(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  // Those of other platforms are not installed, nor are nested ones counted.
  return Object.entries(packages).filter(([path, { os }]) => /^node_modules\/(?!.*node_modules)/.test(path) && !os)
    .length;
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
