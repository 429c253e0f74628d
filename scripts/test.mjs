// `npm test`: the whole gate, with Node 20 or newer. `--long` runs only the long tests.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareInfra } from "./prepare-infra.mjs";
import { prepare, root } from "./prepare.mjs";
import { has, install } from "./programs.mjs";

const long = process.argv.includes("--long");
const node = long ? await prepare() : await prepareInfra();
const results = join(root, "test-results");
mkdirSync(results, { recursive: true });

const steps = long
  ? [["Build", "scripts/build.ts"]]
  : [
      ["Format", "node_modules/oxfmt/bin/oxfmt", "--check", "."],
      ["Lint", "node_modules/oxlint/bin/oxlint", "--type-aware"],
      ["Dead code", "node_modules/knip/bin/knip.js", "--no-config-hints"],
      ["Types", "node_modules/typescript/bin/tsc", "-p", "tsconfig.json"],
      ["Types of the web", "node_modules/typescript/bin/tsc", "-p", "web/tsconfig.json"],
      ["Types of the infrastructure", "node_modules/typescript/bin/tsc", "-p", "infra/tsconfig.json"],
      ["Build", "scripts/build.ts"],
    ];

let passed = 0;
let failed = 0;
let skipped = 0;
for (const [name, ...command] of steps) {
  const started = Date.now();
  const { status } = run(command);
  process.stdout.write(`${status === 0 ? "✓" : "✗"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  if (status === 0) passed++;
  else failed++;
}

installPrograms();
const report = join(results, long ? "long.json" : "test.json");
const projects = long ? ["long"] : ["unit", "infra", "web", "integration", "browser"];
const tests = run([
  "node_modules/vitest/vitest.mjs",
  "run",
  "--passWithNoTests",
  ...projects.flatMap((project) => ["--project", project]),
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
]);
if (existsSync(report)) {
  const summary = JSON.parse(readFileSync(report, "utf8"));
  passed += summary.numPassedTests;
  failed += summary.numFailedTests;
  skipped = summary.numPendingTests + summary.numTodoTests;
}
if (tests.status !== 0 && failed === 0) failed++;
// The image of a sandbox is built only where buildah is.
if (skipped > 0 && process.env.CI && !long) {
  process.stdout.write(`${skipped} tests were skipped; on CI that is a failure.\n`);
  failed++;
}

writeFileSync(join(results, long ? "long-count.json" : "count.json"), JSON.stringify({ passed, failed, skipped }));
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
process.exit(failed === 0 ? 0 : 1);

function run(command) {
  return spawnSync(node, command, { cwd: root, stdio: "inherit" });
}

/** Installs Debian's Chromium for the browser tests, git for those with GitHub and bubblewrap for sandboxes, where it may. */
function installPrograms() {
  const missing = [];
  if (!existsSync("/usr/bin/chromium") && !process.env.CHROMIUM) missing.push("chromium");
  if (!has("git")) missing.push("git");
  if (process.platform === "linux" && !has("bwrap")) missing.push("bubblewrap");
  if (missing.length === 0) return;
  process.stdout.write(`Installing ${missing.join(", ")} for the tests…\n`);
  if (!install(missing))
    process.stdout.write(`Not installed: ${missing.join(", ")}. Tests that need them are skipped or fail.\n`);
}
