// `npm run github [-- FOLDER…]`: serves a stand-in for GitHub on this machine, to try imports and pull requests; see test/support.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

const node = await prepare();
const served = spawn(node, [join(root, "test/support/github-serve.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.on("SIGINT", () => {});
served.on("exit", (code) => process.exit(code ?? 1));
