// `npm run bench`: speed and cost, each beside a floor measured in the same run; `npm run bench -- NAME` runs one.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

const node = await prepare();
for (const command of [
  [join(root, "scripts/build.ts")],
  [join(root, "test/bench/bench.ts"), ...process.argv.slice(2)],
]) {
  const { status } = spawnSync(node, command, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
