import { headOf } from "@slipway/contract/cut";
import { setTimeout as sleep } from "node:timers/promises";
import { VisibleError } from "@slipway/contract/error";
import { z } from "zod";
import { now } from "../clock/clock.ts";
import { GitHubError, RateLimited } from "./client.ts";
import type { Credential } from "./credential.ts";
import { settings } from "./settings.ts";

/** Git's own protocol over HTTPS: packet lines, and one request of a service. */

export interface Remote {
  owner: string;
  repo: string;
}

export function packet(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, "0")), bytes]);
}

export const flush = Buffer.from("0000");
export const delimiter = Buffer.from("0001");

/** The packets of a response; undefined for a flush or a delimiter. A truncated last packet is dropped. */
export function* packets(bytes: Buffer): Generator<Buffer | undefined> {
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = Number.parseInt(bytes.subarray(at, at + 4).toString("latin1"), 16);
    if (!Number.isInteger(length) || at + length > bytes.length) return;
    yield length >= 4 ? bytes.subarray(at + 4, at + length) : undefined;
    at += Math.max(4, length);
  }
}

/** Sends a request to one of git's services. @throws GitHubError, RateLimited, VisibleError github_failed */
export async function request(
  { owner, repo }: Remote,
  credential: Credential | undefined,
  path: string,
  init: RequestInit & { duplex?: "half" } = {},
): Promise<Response> {
  const { web, host } = settings();
  let reply: Response;
  try {
    reply = await fetch(`${web}/${owner}/${repo}.git/${path}`, {
      ...init,
      headers: {
        "user-agent": "git/slipway",
        ...(credential
          ? { authorization: `Basic ${Buffer.from(`x-access-token:${credential.token}`).toString("base64")}` }
          : {}),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
  } catch (error) {
    throw new VisibleError("github_failed", `${host} broke the connection. Try again.`, {}, error);
  }
  if (reply.ok) return reply;
  const after = reply.headers.get("retry-after");
  const reason = reasonIn(await reply.text().catch(() => ""));
  if (reply.status === 429 || after !== null) throw new RateLimited(now() + Math.max(1, Number(after) || 60) * 1000);
  if (reply.status >= 500) throw new VisibleError("github_failed", `${host} answered ${reply.status}. Try again.`);
  throw new GitHubError(reply.status, reason);
}

const Refusal = z.object({ message: z.string() });

/** GitHub answers with a line of text, or with JSON. */
function reasonIn(body: string): string {
  try {
    const parsed = Refusal.safeParse(JSON.parse(body));
    if (parsed.success) return headOf(parsed.data.message, 300);
  } catch {
    // Not JSON.
  }
  return headOf(body.trim(), 300);
}

/** Milliseconds between looks at a repository that GitHub is still creating. */
const pauses = [250, 500, 1000, 2000, 4000, 8000];

/** Waits until a repository that was just created or forked accepts pushes: GitHub answers 404 for some seconds. */
export async function untilReady(remote: Remote, credential: Credential, signal?: AbortSignal): Promise<void> {
  for (const pause of [...pauses, undefined]) {
    try {
      const reply = await request(remote, credential, "info/refs?service=git-receive-pack", signal ? { signal } : {});
      await reply.arrayBuffer();
      return;
    } catch (error) {
      if (!(error instanceof GitHubError && error.status === 404) || pause === undefined) throw error;
    }
    await sleep(pause, undefined, signal ? { signal } : {});
  }
}
