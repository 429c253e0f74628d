// Dependencies of the infrastructure's checks: its own tools, and SST's platform, whose sources and types
// `sst.config.ts` uses. Works where SST's own downloads (bun, Pulumi) cannot be reached.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, install, prepare, root } from "./prepare.mjs";

/** Engine version that this SST requires. The checks use its language library and never the engine. */
const pulumi = "v3.215.0";

/** Resolves to the path of Node 24. */
export async function prepareInfra() {
  const node = await prepare();
  await install(join(root, "infra"), "Installing the tools of the infrastructure (once)…");
  installPlatform();
  return node;
}

function installPlatform() {
  const sst = join(root, "node_modules/sst");
  const { version } = JSON.parse(readFileSync(join(sst, "package.json"), "utf8"));
  const platform = join(root, ".sst/platform");
  // Written last, so a folder without it is incomplete.
  const stamp = join(platform, ".complete");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === version) return;
  process.stdout.write("Unpacking SST's platform (once)…\n");
  rmSync(platform, { recursive: true, force: true });
  // A separate home, so that nothing of the user's is read or changed.
  const home = join(root, ".sst/home");
  const programs = join(home, ".config/sst/bin");
  mkdirSync(programs, { recursive: true });
  const engine = join(programs, "pulumi");
  writeFileSync(engine, `#!/bin/sh\necho ${pulumi}\n`);
  chmodSync(engine, 0o755);
  const bun = join(root, `infra/node_modules/@oven/bun-${process.platform}-${architecture()}/bin/bun`);
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin/sst"), ["install"], {
    cwd: root,
    encoding: "utf8",
    env: {
      ...process.env,
      HOME: home,
      SST_STAGE: "synth",
      DO_NOT_TRACK: "1",
      ...(existsSync(bun) ? { SST_BUN_PATH: bun } : {}),
    },
  });
  // bun's cache is a copy of what it has just installed.
  rmSync(home, { recursive: true, force: true });
  if (status !== 0) fail(`SST's platform could not be unpacked:\n${stdout}${stderr}`);
  writeFileSync(stamp, version);
}

function architecture() {
  return process.arch === "arm64" ? "aarch64" : process.arch;
}
