// `npm run reset`: deletes the data folder.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { prepare, root } from "./prepare.mjs";

const data = resolve(process.env.SLIPWAY_DATA ?? ".slipway");
if (!existsSync(data)) {
  process.stdout.write(`There is no data at ${data}.\n`);
} else {
  const { status } = spawnSync(await prepare(), [join(root, "scripts/reset.ts"), data], { stdio: "inherit" });
  process.exit(status ?? 1);
}
