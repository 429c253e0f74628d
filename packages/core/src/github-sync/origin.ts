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
  if (pull.isClosed) return false;
  try {
    const { isOpen } = await GitHub.pullRequest(client, source, pull.number);
    if (!isOpen) return false;
    await GitHub.commitAt(client, pull.head ?? source, `heads/${pull.branch}`);
    return true;
  } catch (error) {
    if (error instanceof GitHubError && [404, 409, 422].includes(error.status)) return false;
    throw error;
  }
}

/** The pull request's state for its row: undefined when nothing has changed. */
export async function pullNow(client: GitHub.Client, source: SourceRecord): Promise<PullState | undefined> {
  const { pull } = source;
  if (!pull || pull.isClosed) return undefined;
  if (await isPullOpen(client, source, pull)) return undefined;
  const isMerged = await GitHub.pullRequest(client, source, pull.number).then(
    (found) => found.isMerged,
    () => false,
  );
  if (isMerged === (pull.isMerged ?? false) && isMerged) return undefined;
  // What a merge brought upstream is ours still: the next pull takes it from there.
  return isMerged ? { ...pull, isMerged: true } : { ...pull, isClosed: true };
}
