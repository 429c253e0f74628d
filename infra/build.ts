import { execFileSync } from "node:child_process";

/** The bundles and the web, as `npm run build` makes them: what is deployed is what runs on one machine. */
export function build(): void {
  // In development a server of its own shows the pages.
  const options = $dev ? ["--", "--no-web"] : [];
  execFileSync("npm", ["run", "--silent", "build", ...options], {
    cwd: $cli.paths.root,
    stdio: ["ignore", "ignore", "inherit"],
  });
}
