import { headOf } from "@slipway/contract/cut";
import { Readable } from "node:stream";
import { VisibleError } from "@slipway/contract/error";
import type { Credential } from "./credential.ts";
import { flush, packet, packets, request, type Remote } from "./wire.ts";

/**
 * Pushes a pack to a branch: one request for any number of files, outside of the REST API's limits on creating content.
 * `old` is the commit that the branch must be at, so nothing is forced; 40 zeros for a new branch. Resolves to false when
 * the branch has moved.
 * @throws GitHubError, RateLimited; VisibleError github_failed with GitHub's reason, github_scope_missing
 */
export async function push(
  remote: Remote,
  credential: Credential,
  update: {
    branch: string;
    old: string;
    sha: string;
    pack: AsyncIterable<Uint8Array>;
    signal: AbortSignal | undefined;
  },
): Promise<boolean> {
  const { branch, old, sha, pack } = update;
  async function* body(): AsyncGenerator<Uint8Array> {
    yield packet(`${old} ${sha} refs/heads/${branch}\0report-status agent=slipway\n`);
    yield flush;
    yield* pack;
  }
  const reply = await request(remote, credential, "git-receive-pack", {
    method: "POST",
    headers: {
      "content-type": "application/x-git-receive-pack-request",
      accept: "application/x-git-receive-pack-result",
    },
    body: Readable.toWeb(Readable.from(body())) as BodyInit,
    duplex: "half",
    ...(update.signal ? { signal: update.signal } : {}),
  });
  const report = [...packets(Buffer.from(await reply.arrayBuffer()))].map((line) => line?.toString().trim() ?? "");
  const refused = report.find((line) => line.startsWith("ng "));
  if (refused !== undefined) {
    const why = refused.split(" ").slice(2).join(" ");
    if (/fetch first|non-fast-forward|failed to update|stale|lock|already exists|cannot lock/i.test(why)) return false;
    if (/workflow/i.test(why))
      throw new VisibleError("github_scope_missing", workflowRefused(credential), { workflow: true });
    throw new VisibleError("github_failed", `GitHub refused the push: ${headOf(why, 300)}`);
  }
  if (!report.includes("unpack ok"))
    throw new VisibleError("github_failed", "GitHub could not read the push. Try again.");
  return true;
}

function workflowRefused({ scopes }: Credential): string {
  return scopes === undefined
    ? "The GitHub App lacks the permission Workflows. Ask an admin to grant it, then retry."
    : "GitHub requires the permission to change workflows. Connect GitHub again and grant it.";
}
