// `npm run synth`, `account`, `preflight` and `cost`: runs a program of `infra`, after installing its dependencies.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepareInfra } from "./prepare-infra.mjs";
import { root } from "./prepare.mjs";

const [name = "", ...rest] = process.argv.slice(2);
const node = await prepareInfra();
const { status } = spawnSync(node, [join(root, "infra", name, "run.ts"), ...rest], { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);
