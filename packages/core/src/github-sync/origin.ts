import { VisibleError } from "@slipway/contract/error";
import * as GitHub from "../github/github.ts";
import { GitHubError } from "../github/github.ts";
import type { PullState, SourceRecord } from "./record.ts";

/** The source repository as GitHub has it now. */

/**
 * The source under its current name: GitHub redirects a renamed repository, until another takes the old name. Only its id
 * tells which one answers. @throws VisibleError conflict when it is another repository
 */
export async function currentSource(
  client: GitHub.Client,
  known: SourceRecord,
): Promise<{ source: SourceRecord; repository: GitHub.Repository }> {
  const repository = await GitHub.repository(client, known.owner, known.repo);
  if (known.repositoryID !== undefined && known.repositoryID !== repository.id)
    throw new VisibleError(
      "conflict",
      `${known.owner}/${known.repo} is another repository now; the one that this project came from was renamed, moved or deleted. Import it again from its new address.`,
    );
  const { owner, repo, isPrivate, id } = repository;
  return { repository, source: { ...known, owner, repo, isPrivate, repositoryID: id } };
}

/** Whether the pull request is open and its branch exists. */
export async function isPullOpen(client: GitHub.Client, source: SourceRecord, pull: PullState): Promise<boolean> {
  return !pull.isClosed && (await lookAt(client, source, pull)).isOpen;
}

/** The pull request's state for its row: undefined when nothing has changed. One or two requests. @throws GitHubError */
export async function pullNow(client: GitHub.Client, source: SourceRecord): Promise<PullState | undefined> {
  const { pull } = source;
  if (!pull || pull.isClosed || pull.isMerged) return undefined;
  const { isOpen, isMerged } = await lookAt(client, source, pull);
  if (isOpen) return undefined;
  // What a merge brought upstream is ours still: the next pull takes it from there.
  return isMerged ? { ...pull, isMerged } : { ...pull, isClosed: true };
}

/** Gone counts as closed. What may pass, such as a rate limit, is thrown: nothing is concluded from it. */
async function lookAt(
  client: GitHub.Client,
  source: SourceRecord,
  pull: PullState,
): Promise<{ isOpen: boolean; isMerged: boolean }> {
  try {
    const { isOpen, isMerged } = await GitHub.pullRequest(client, source, pull.number);
    if (isOpen) await GitHub.commitAt(client, pull.head ?? source, `heads/${pull.branch}`);
    return { isOpen, isMerged };
  } catch (error) {
    if (error instanceof GitHubError && [404, 409, 422].includes(error.status))
      return { isOpen: false, isMerged: false };
    throw error;
  }
}
