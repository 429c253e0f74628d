import { setTimeout as sleep } from "node:timers/promises";
import { RequestError } from "@octokit/request-error";
import type { Octokit } from "@octokit/rest";
import { VisibleError } from "@slipway/contract/error";
import { now } from "../clock/clock.ts";
import type { Credential } from "./credential.ts";
import { settings } from "./settings.ts";

/** GitHub's rate limit lasts longer than a request can wait. The caller waits until then and resumes. */
export class RateLimited extends Error {
  /** Milliseconds since 1970. */
  readonly until: number;
  constructor(until: number) {
    super("GitHub limits requests");
    this.until = until;
  }
}

/** GitHub refused a request for a reason that the caller may handle. */
export class GitHubError extends Error {
  readonly status: number;
  /** GitHub's message. */
  readonly reason: string;
  constructor(status: number, reason: string) {
    super(`GitHub answered ${status}`);
    this.status = status;
    this.reason = reason;
  }
}

export interface Client {
  octokit: Octokit;
  credential: Credential | undefined;
  /** Aborts requests in flight when time runs out. */
  signal: AbortSignal | undefined;
  /** Requests so far, against GitHub's rate limit. */
  requests(): number;
}

/** Milliseconds that a request waits for GitHub's rate limit. */
const patience = 10_000;
const attempts = 4;

/**
 * Requests to GitHub, as a person or anonymously. Broken connections and 5xx are retried where that is safe. Short rate
 * limits are waited out; longer ones throw `RateLimited`.
 */
export async function createClient(credential: Credential | undefined, signal?: AbortSignal): Promise<Client> {
  // Most requests to the API concern no repository.
  const { Octokit } = await import("@octokit/rest");
  const octokit = new Octokit({
    baseUrl: settings().api,
    userAgent: "slipway",
    ...(credential ? { auth: credential.token } : {}),
    ...(signal ? { request: { signal } } : {}),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });
  let requests = 0;
  octokit.hook.wrap("request", async (send, options) => {
    for (let attempt = 1; ; attempt++) {
      requests++;
      try {
        return await send(options);
      } catch (error) {
        if (signal?.aborted) throw error;
        const pause = pauseAfter(error, { attempt, isSafe: options.method === "GET" });
        if (pause === undefined) throw toGitHubError(error);
        if (pause > patience) throw new RateLimited(now() + pause);
        await sleep(pause, undefined, signal ? { signal } : {});
      }
    }
  });
  return { octokit, credential, signal, requests: () => requests };
}

/** Milliseconds until a retry; undefined for none. */
function pauseAfter(error: unknown, { attempt, isSafe }: { attempt: number; isSafe: boolean }): number | undefined {
  const status = statusOf(error);
  const headers = (error instanceof RequestError && error.response?.headers) || {};
  if (status === 403 || status === 429) {
    const after = Number(headers["retry-after"]);
    if (Number.isFinite(after) && headers["retry-after"] !== undefined)
      return attempt >= 10 ? undefined : Math.max(1, after) * 1000;
    if (headers["x-ratelimit-remaining"] === "0")
      return Math.max(1000, Number(headers["x-ratelimit-reset"]) * 1000 - now() + 1000);
    // The secondary limit does not always say how long.
    if (status === 429 || /secondary rate limit/i.test(reasonOf(error))) return 60_000;
    return undefined;
  }
  const isPassing = status === undefined || status >= 500;
  return isPassing && isSafe && attempt < attempts ? 300 * 2 ** attempt * (0.5 + Math.random() / 2) : undefined;
}

function toGitHubError(error: unknown): Error {
  const status = statusOf(error);
  if (status === undefined || status >= 500)
    return new VisibleError("github_failed", `${settings().host} does not answer. Try again.`, {}, error);
  return new GitHubError(status, reasonOf(error));
}

/** Status of GitHub's response; undefined without one. */
function statusOf(error: unknown): number | undefined {
  return error instanceof RequestError && error.response ? error.status : undefined;
}

/** GitHub's message. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}
