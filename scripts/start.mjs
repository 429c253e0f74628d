// `npm start`: installs and builds what has changed, then starts everything. `--dev` reloads as sources change.
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";
import { has, install } from "./programs.mjs";

const development = process.argv.includes("--dev");
const node = await prepare();

const built = spawnSync(node, [join(root, "scripts/build.ts"), ...(development ? ["--no-web"] : [])], {
  cwd: root,
  stdio: "inherit",
});
if (built.status !== 0) process.exit(1);

// Sandboxes run in it. All else works without, and a launch says what is missing.
if (process.platform === "linux" && !has("bwrap")) {
  process.stdout.write("Installing bubblewrap, which sandboxes run in…\n");
  if (!install(["bubblewrap"]))
    process.stdout.write("Not installed. To run code in sandboxes: apt-get install bubblewrap\n");
}

process.stdout.write("Starting…\n");
const server = spawn(node, [join(root, ".build/local/local.js")], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, ...(development ? { SLIPWAY_DEVELOPMENT: "1" } : {}) },
});
// Ctrl+C reaches the server directly; a signal to this process alone must be forwarded.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill(signal));
server.on("exit", (code) => process.exit(code ?? 0));
