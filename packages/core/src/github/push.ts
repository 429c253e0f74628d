import { Readable } from "node:stream";
import { VisibleError } from "@slipway/contract/error";
import type { Credential } from "./credential.ts";
import { settings } from "./settings.ts";

/**
 * Pushes a pack to a branch with git's HTTPS protocol: one request for any number of files. `old` is the commit that the
 * branch must be at, so nothing is forced; 40 zeros for a new branch.
 * @throws VisibleError conflict when the branch has moved, github_failed with GitHub's reason
 */
export async function push(
  repository: { owner: string; repo: string },
  credential: Credential,
  update: {
    branch: string;
    old: string;
    sha: string;
    pack: AsyncIterable<Uint8Array>;
    signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { branch, old, sha, pack } = update;
  async function* body(): AsyncGenerator<Uint8Array> {
    yield packet(`${old} ${sha} refs/heads/${branch}\0report-status agent=slipway\n`);
    yield Buffer.from("0000");
    yield* pack;
  }
  const url = `${settings().web}/${repository.owner}/${repository.repo}.git/git-receive-pack`;
  const init: RequestInit & { duplex: "half" } = {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`x-access-token:${credential.token}`).toString("base64")}`,
      "content-type": "application/x-git-receive-pack-request",
      accept: "application/x-git-receive-pack-result",
      "user-agent": "git/slipway",
    },
    body: Readable.toWeb(Readable.from(body())) as BodyInit,
    duplex: "half",
    ...(update.signal ? { signal: update.signal } : {}),
  };
  let reply: Response;
  try {
    reply = await fetch(url, init);
  } catch (error) {
    throw new VisibleError("github_failed", `${settings().host} broke the connection. Try again.`, {}, error);
  }
  const report = packets(Buffer.from(await reply.arrayBuffer()));
  if (!reply.ok)
    throw new VisibleError("github_failed", `${settings().host} refused the push (${reply.status}). Try again.`);
  const refused = report.find((line) => line.startsWith("ng "));
  if (refused !== undefined) {
    const why = refused.split(" ").slice(2).join(" ");
    if (/fetch first|non-fast-forward|failed to update|stale|lock|already exists/i.test(why))
      throw new VisibleError("conflict", `The branch ${branch} has changed. Try again.`);
    if (/workflow/i.test(why))
      throw new VisibleError("github_scope_missing", "GitHub requires the permission to change workflows.", {
        workflow: true,
      });
    throw new VisibleError("github_failed", `GitHub refused the push: ${why.slice(0, 300)}`);
  }
  if (!report.some((line) => line === "unpack ok"))
    throw new VisibleError("github_failed", "GitHub could not read the push. Try again.");
}

function packet(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, "0")), bytes]);
}

/** Lines of a report. */
function packets(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = Number.parseInt(bytes.subarray(at, at + 4).toString("latin1"), 16);
    if (!Number.isInteger(length)) break;
    if (length >= 4)
      lines.push(
        bytes
          .subarray(at + 4, at + length)
          .toString("utf8")
          .trim(),
      );
    at += Math.max(4, length);
  }
  return lines;
}
