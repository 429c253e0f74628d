import { VisibleError } from "@slipway/contract/error";
import * as GitHub from "../github/github.ts";
import { GitHubError } from "../github/github.ts";
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

/** GitHub requires the scope `workflow` to change these files. Checked before anything is sent. */
export function requireWorkflowScope({ scopes }: GitHub.Credential, changes: readonly { path: string }[]): void {
  if (scopes === undefined || scopes.includes("workflow")) return;
  const touched = changes.find(({ path }) => path.startsWith(".github/workflows/"));
  if (touched)
    throw new VisibleError(
      "github_scope_missing",
      `"${touched.path}" is a GitHub Actions workflow. Reconnect GitHub and grant permission to change workflows.`,
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
    return new VisibleError("github_failed", `GitHub refused the export: ${error.reason.slice(0, 300)}`, {}, error);
  return GitHub.explain(error, client, `${owner}/${repo}`);
}
