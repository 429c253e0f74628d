import { VisibleError } from "@slipway/contract/error";
import * as GitHub from "../github/github.ts";
import { GitHubError } from "../github/github.ts";
import { patch, type Request, type Step } from "./record.ts";

/**
 * What every export keeps to. What is made on GitHub is first named in the transfer's row, and objects come before the
 * branch that shows them: a try that dies leaves nothing that people see, and the next one goes on. Commits carry the
 * time at which the export was asked for, so that the same export is the same commit.
 */
export type ExportStep = Step & { request: Extract<Request, { kind: "export" }>; credential: GitHub.Credential };

export async function say({ record }: Step, phase: string): Promise<void> {
  await patch(record, { phase });
}

/** GitHub lets only tokens with the scope `workflow` touch these files: better said before than after. */
export function requireWorkflowScope({ scopes }: GitHub.Credential, changes: readonly { path: string }[]): void {
  if (scopes === undefined || scopes.includes("workflow")) return;
  const touched = changes.find(({ path }) => path.startsWith(".github/workflows/"));
  if (touched)
    throw new VisibleError(
      "github_scope_missing",
      `"${touched.path}" is a workflow of GitHub Actions: connect GitHub again with the permission to change workflows.`,
    );
}

export function notConnected(): VisibleError {
  return new VisibleError("github_not_connected", "Connect GitHub first: what is exported is exported as you.");
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
      "GitHub asks for the permission to change workflows. Connect GitHub again with it.",
    );
  if (error.status === 422)
    return new VisibleError("github_failed", `GitHub refused this: ${error.reason.slice(0, 300)}`, {}, error);
  return GitHub.explain(error, client, `${owner}/${repo}`);
}
