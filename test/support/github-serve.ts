import { basename, join, resolve } from "node:path";
import { git, gitText } from "./git.ts";
import { startGitHub } from "./github-peer.ts";

/**
 * `npm run github`: serves the tests' GitHub with local repositories, to try imports and pull requests without a network
 * or an account. Everything written there is deleted on exit.
 */
const port = Number(process.env.PORT ?? 4000);
const root = join(import.meta.dirname, "../..");
const paths = process.argv.slice(2);
const peer = await startGitHub({ port }).catch((error: NodeJS.ErrnoException) => {
  process.stderr.write(
    error.code === "EADDRINUSE"
      ? `Port ${port} is taken. Choose another: PORT=${port + 1} npm run github\n`
      : `${error.message}\n`,
  );
  return process.exit(1);
});
for (const path of paths.length > 0 ? paths : [root]) {
  const from = resolve(path);
  const name = basename(from).replace(/\.git$/, "");
  const head = await gitText(from, "rev-parse", "--abbrev-ref", "HEAD").catch(() => {
    process.stderr.write(`${from} is not a git repository with a commit.\n`);
    return process.exit(1);
  });
  // A checkout of a single commit has no branch.
  const branch = head === "HEAD" ? "main" : head;
  const directory = await peer.createRepository("octo", name, { branch });
  // Without the option, git leaves out what a shallow clone holds, and says nothing.
  await git(directory, ["fetch", "-q", "--update-shallow", from, `HEAD:refs/heads/${branch}`]);
  process.stdout.write(`octo/${name}, branch ${branch}\n`);
}
process.stdout.write(`
A GitHub stands in at ${peer.url}; every account that connects is octo. In another terminal:

  AUTH_GITHUB_ID=${peer.app.clientId} AUTH_GITHUB_SECRET=${peer.app.clientSecret} AUTH_GITHUB_URL=${peer.url} npm start

Ctrl+C ends it, and what was written to it is gone.
`);
process.on("SIGINT", () => void peer.close().then(() => process.exit(0)));
