import { headOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import * as GitHub from "../github/github.ts";
import { GitHubError } from "../github/github.ts";
import type { Outgoing } from "./outgoing.ts";
import { patch, type Request, type Step } from "./record.ts";

/**
 * Rules of every export. Anything to be created on GitHub is first recorded in the transfer's row, and objects are
 * written before the branch that shows them. An attempt that dies leaves nothing visible, and the next one resumes.
 * Commits carry the time of the request, so repeating an export yields the same commit.
 */
export type ExportStep = Step & { request: Extract<Request, { kind: "export" }>; credential: GitHub.Credential };

export async function say({ record }: Step, phase: string): Promise<void> {
  await patch(record, { phase });
}

/** GitHub takes no larger file. */
const maxSentBytes = 100 * 1024 * 1024;

/** What GitHub would refuse is refused before anything is sent. */
export function requireSendable(
  { scopes }: GitHub.Credential,
  { changes, outgoing }: { changes: ReadonlyMap<string, unknown>; outgoing: Outgoing },
): void {
  const large = [...outgoing.files.values()].find(({ meta, object }) => !object && meta.size > maxSentBytes);
  if (large)
    throw new VisibleError(
      "github_failed",
      `"${large.path}" is larger than 100 MB, which GitHub refuses. Add it to .gitignore, or to Git LFS in .gitattributes.`,
    );
  if (scopes === undefined || scopes.includes("workflow")) return;
  const touched = [...changes.keys()].find((path) => path.startsWith(".github/workflows/"));
  if (touched !== undefined)
    throw new VisibleError(
      "github_scope_missing",
      `"${touched}" is a GitHub Actions workflow. Reconnect GitHub and grant permission to change workflows.`,
    );
}

export function notConnected(): VisibleError {
  return new VisibleError("github_not_connected", "Connect GitHub first: an export is made under your own account.");
}

export function explainWrite(
  { client }: Step,
  { owner, repo }: { owner: string; repo: string },
  error: unknown,
): unknown {
  if (!(error instanceof GitHubError)) return error;
  if (/workflow/i.test(error.reason) && [403, 404, 422].includes(error.status))
    return new VisibleError(
      "github_scope_missing",
      "GitHub requires the permission to change workflows. Connect GitHub again and grant it.",
    );
  if (error.status === 422)
    return new VisibleError("github_failed", `GitHub refused the export: ${headOf(error.reason, 300)}`, {}, error);
  return GitHub.explain(error, client, `${owner}/${repo}`);
}
