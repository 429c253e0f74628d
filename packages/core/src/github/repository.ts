import { headOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import type { OwnRepository } from "@slipway/contract/github";
import type { RepositoryURL } from "@slipway/contract/repository-url";
import { GitHubError, type Client } from "./client.ts";
import { settings } from "./settings.ts";

export interface Repository {
  /** Stays when the repository is renamed or moved. */
  id: number;
  owner: string;
  repo: string;
  isPrivate: boolean;
  defaultBranch: string;
  canPush: boolean;
}

/** A repository at one commit. */
export interface Resolved extends Repository {
  /** Target of pull requests; undefined for a tag, a commit, or the branch of a deleted fork. */
  branch: string | undefined;
  /** Display name. */
  ref: string;
  folder: string;
  /** Absent for a repository without a commit. */
  commit: { sha: string; tree: string } | undefined;
  /** The pull request of a fork that this is, and the branch that it asks to change. */
  proposal?: { number: number; base: string };
}

const fullSHA = /^[0-9a-f]{40}$/;

/** @throws VisibleError not_found, github_not_connected */
export async function repository(client: Client, owner: string, repo: string): Promise<Repository> {
  try {
    const { data } = await client.octokit.rest.repos.get({ owner, repo });
    return {
      id: data.id,
      owner: data.owner.login,
      repo: data.name,
      isPrivate: data.private,
      defaultBranch: data.default_branch,
      canPush: data.permissions?.push ?? false,
    };
  } catch (error) {
    throw explain(error, client, `${owner}/${repo}`);
  }
}

/** Resolves a pasted URL to one commit: 2 requests, or 3 if a branch may contain slashes. */
export async function resolve(client: Client, url: RepositoryURL): Promise<Resolved> {
  const found = await repository(client, url.owner, url.repo);
  const { at } = url;
  try {
    switch (at.kind) {
      case "default":
        return await atBranch(client, found, found.defaultBranch, "");
      case "ref":
        return await atPath(client, found, [...at.name.split("/")], { isWhole: true, isFile: false });
      case "path":
        return await atPath(client, found, at.segments, { isWhole: false, isFile: at.isFile });
      case "commit":
        return await atCommit(client, found, at.sha);
      case "pull":
        return await atPull(client, found, at.number);
    }
  } catch (error) {
    throw explain(error, client, `${found.owner}/${found.repo}`);
  }
}

async function atBranch(client: Client, of: Repository, branch: string, folder: string): Promise<Resolved> {
  const base = { ...of, branch, ref: branch, folder };
  try {
    return { ...base, commit: await commitAt(client, of, `heads/${branch}`) };
  } catch (error) {
    // 409: a repository without a commit.
    const isEmpty = error instanceof GitHubError && error.status === 409;
    if (isEmpty && branch === of.defaultBranch) return { ...base, commit: undefined };
    throw explainBranch(error, client, of, branch);
  }
}

/** Refs may contain slashes: takes the longest that is a prefix of the path, branches before tags. */
async function atPath(
  client: Client,
  of: Repository,
  segments: readonly string[],
  { isWhole, isFile }: { isWhole: boolean; isFile: boolean },
): Promise<Resolved> {
  const path = segments.join("/");
  for (const kind of ["heads", "tags"] as const) {
    const { data } = await client.octokit.rest.git.listMatchingRefs({
      owner: of.owner,
      repo: of.repo,
      ref: `${kind}/${segments[0] ?? ""}`,
    });
    const names = data.map(({ ref }) => ref.slice(`refs/${kind}/`.length));
    const match = names
      .filter((name) => path === name || (!isWhole && path.startsWith(`${name}/`)))
      .sort((a, b) => b.length - a.length)[0];
    if (match === undefined) continue;
    const folder = folderOf(path.slice(match.length + 1), isFile);
    if (kind === "heads") return atBranch(client, of, match, folder);
    return { ...of, branch: undefined, ref: match, folder, commit: await commitAt(client, of, `tags/${match}`) };
  }
  const [first = "", ...rest] = segments;
  if (/^[0-9a-f]{7,40}$/i.test(first)) {
    const resolved = await atCommit(client, of, first);
    return { ...resolved, folder: folderOf(rest.join("/"), isFile) };
  }
  throw new VisibleError("not_found", `${of.owner}/${of.repo} has no branch or tag "${isWhole ? path : first}".`);
}

function folderOf(path: string, isFile: boolean): string {
  const clean = path.replace(/\/+$/, "");
  return isFile ? clean.split("/").slice(0, -1).join("/") : clean;
}

async function atCommit(client: Client, of: Repository, sha: string): Promise<Resolved> {
  const commit = await commitAt(client, of, sha);
  return { ...of, branch: undefined, ref: commit.sha.slice(0, 7), folder: "", commit };
}

async function atPull(client: Client, of: Repository, number: number): Promise<Resolved> {
  const found = await pullRequest(client, of, number).catch((error: unknown) => {
    if (error instanceof GitHubError && error.status === 404)
      throw new VisibleError("not_found", `${of.owner}/${of.repo} has no pull request #${number}.`);
    throw error;
  });
  // The commit is in this repository even if the fork is gone.
  const commit = await commitAt(client, of, found.head);
  const base = { ...of, ref: `#${number}`, folder: "", commit };
  if (found.from?.toLowerCase() === `${of.owner}/${of.repo}`.toLowerCase()) return { ...base, branch: found.branch };
  return { ...base, branch: undefined, proposal: { number, base: found.base } };
}

export interface PullRequest {
  isOpen: boolean;
  isMerged: boolean;
  /** Its last commit. */
  head: string;
  branch: string;
  /** owner/repository of its branch; undefined once that is deleted. */
  from: string | undefined;
  /** The branch that it asks to change. */
  base: string;
}

export async function pullRequest(
  client: Client,
  { owner, repo }: { owner: string; repo: string },
  number: number,
): Promise<PullRequest> {
  const { data } = await client.octokit.rest.pulls.get({ owner, repo, pull_number: number });
  // The types deny it, and GitHub answers null once a fork is gone.
  const from = data.head.repo as { name: string; owner: { login: string } } | null;
  return {
    isOpen: data.state === "open",
    isMerged: data.merged,
    head: data.head.sha,
    branch: data.head.ref,
    from: from ? `${from.owner.login}/${from.name}` : undefined,
    base: data.base.ref,
  };
}

/** Pages of 100 that a list reads at most. */
const maxPages = 3;

async function pagesOf<T>(read: (page: number) => Promise<T[]>): Promise<{ items: T[]; isComplete: boolean }> {
  const items: T[] = [];
  for (let page = 1; page <= maxPages; page++) {
    const more = await read(page);
    items.push(...more);
    if (more.length < 100) return { items, isComplete: true };
  }
  return { items, isComplete: false };
}

export async function branches(
  client: Client,
  { owner, repo }: { owner: string; repo: string },
): Promise<{ branches: string[]; isComplete: boolean }> {
  try {
    const { items, isComplete } = await pagesOf(async (page) => {
      const { data } = await client.octokit.rest.repos.listBranches({ owner, repo, per_page: 100, page });
      return data.map(({ name }) => name);
    });
    return { branches: items, isComplete };
  } catch (error) {
    throw explain(error, client, `${owner}/${repo}`);
  }
}

/** The repositories that the person may see, latest push first. */
export async function ownRepositories(client: Client): Promise<{ repositories: OwnRepository[]; isComplete: boolean }> {
  try {
    const { items, isComplete } = await pagesOf(async (page) => {
      const { data } = await client.octokit.rest.repos.listForAuthenticatedUser({
        sort: "pushed",
        per_page: 100,
        page,
      });
      return data.map((each) => ({
        repository: each.full_name,
        isPrivate: each.private,
        description: each.description ?? "",
        pushedAt: Date.parse(each.pushed_at ?? "") || 0,
      }));
    });
    return { repositories: items, isComplete };
  } catch (error) {
    throw explain(error, client, "your repositories");
  }
}

/** `ref` is `heads/x`, `tags/x` or a commit. */
export async function commitAt(
  client: Client,
  of: { owner: string; repo: string },
  ref: string,
): Promise<{ sha: string; tree: string }> {
  const { data } = await client.octokit.rest.repos.getCommit({ owner: of.owner, repo: of.repo, ref, per_page: 1 });
  const [sha, tree] = [data.sha, data.commit.tree.sha];
  if (!fullSHA.test(sha) || !fullSHA.test(tree))
    throw new VisibleError("github_failed", "GitHub's response is not a commit.");
  return { sha, tree };
}

/** As `explain`, where a branch was asked for. */
export function explainBranch(
  error: unknown,
  client: Client,
  { owner, repo }: { owner: string; repo: string },
  branch: string,
): unknown {
  if (error instanceof GitHubError && [404, 409, 422].includes(error.status))
    return new VisibleError(
      "not_found",
      error.status === 409
        ? `${owner}/${repo} is empty: it has no commits, and so no branch "${branch}".`
        : `${owner}/${repo} has no branch "${branch}". It may have been deleted or renamed.`,
    );
  return explain(error, client, `${owner}/${repo}`);
}

/** Turns GitHub's refusal into an error with the next step. Returns other errors unchanged. */
export function explain(error: unknown, client: Client, name: string): unknown {
  if (!(error instanceof GitHubError)) return error;
  const { host } = settings();
  const scopes: readonly string[] | undefined = client.credential ? client.credential.scopes : [];
  // A sign-in's token sees no private repository, like an anonymous request.
  const isConnected = scopes === undefined || scopes.includes("repo");
  switch (error.status) {
    case 401:
      return new VisibleError("github_not_connected", `${host} no longer accepts your connection. Connect again.`);
    case 403:
      if (/SAML|single sign-on|SSO/i.test(error.reason))
        return new VisibleError(
          "not_allowed",
          `${name} asks for single sign-on: authorise Slipway for the organisation on ${host}, then try again.`,
        );
      return new VisibleError("not_allowed", `${host} does not let you do this in ${name}: ${shorten(error.reason)}`);
    case 404:
    case 451:
      return isConnected
        ? new VisibleError(
            "not_found",
            `There is no ${name} that ${client.credential?.login ?? "you"} may see. Check the address, and your access on ${host}.`,
          )
        : new VisibleError(
            "github_not_connected",
            `There is no public repository ${name}. If it is private, connect GitHub.`,
          );
    case 409:
      return new VisibleError("not_found", `${name} is empty: it has no commits.`);
    case 422:
      return new VisibleError("not_found", `${name} has no such commit.`);
    default:
      return new VisibleError("github_failed", `${host} refused this (${error.status}): ${shorten(error.reason)}`);
  }
}

function shorten(text: string): string {
  return headOf(text.replace(/ - https?:\S+$/, ""), 300);
}
