// Programs of the system that a command needs, installed where it may.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

export function has(name) {
  return spawnSync("which", [name], { stdio: "ignore" }).status === 0;
}

/** Installs Debian's packages quietly. False where it may not: no apt-get, or not root. */
export function install(packages) {
  if (!existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) return false;
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const run = (...command) =>
    spawnSync("apt-get", command, { stdio: ["ignore", "ignore", "inherit"], env: environment }).status === 0;
  run("update", "-qq");
  return run("install", "-y", "-qq", "--no-install-recommends", ...packages);
}
