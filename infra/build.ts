import { execFileSync } from "node:child_process";

/** The bundles and the web as `npm run build` makes them, so that what is deployed is what runs locally. */
export function build(): void {
  // `sst dev` serves the pages with Vite.
  const options = $dev ? ["--", "--no-web"] : [];
  execFileSync("npm", ["run", "--silent", "build", ...options], {
    cwd: $cli.paths.root,
    stdio: ["ignore", "ignore", "inherit"],
  });
}
