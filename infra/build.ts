import { execFileSync } from "node:child_process";

/** The bundles and the web, as `npm run build` makes them: what is deployed is what runs on one machine. */
export function build(): void {
  if ($dev) return;
  execFileSync("npm", ["run", "--silent", "build"], { cwd: $cli.paths.root, stdio: ["ignore", "ignore", "inherit"] });
}
