import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { VisibleError } from "@slipway/contract/error";
import type { GitHubConnection } from "@slipway/contract/github";
import { z } from "zod";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import type { Actor } from "../member/member.ts";
import * as Log from "../log/log.ts";
import { seal, unseal } from "../secret/secret.ts";
import { deleteItem, putItem, transact, updateItem } from "../table/table.ts";
import { ConnectIntentEntity, CredentialEntity } from "./credential.entity.ts";
import { settings, type Settings } from "./settings.ts";

/**
 * A person's GitHub credential. OAuth tokens and GitHub Apps' user tokens are treated alike: a token, its scopes, and
 * optionally its expiry and refresh token. Tokens are encrypted in the table and leave this module only for GitHub.
 */

const purpose = "github-token";
const refreshPurpose = "github-refresh-token";
const intentSeconds = 600;
/** A token is renewed this many milliseconds before it expires: it must outlast a function. */
const early = 20 * 60_000;
const refreshTime = 20_000;

export interface Credential {
  token: string;
  login: string;
  /** The token's scopes; undefined for a GitHub App, whose tokens have none. */
  scopes: readonly string[] | undefined;
  /** Author of commits. */
  author: { name: string; email: string };
}

/** Whether it may read and write repositories. A token from a sign-in often may not. */
export function reachesRepositories({ scopes }: Credential): boolean {
  return scopes === undefined || scopes.includes("repo") || scopes.includes("public_repo");
}

/** GitHub's response to a code or a refresh token. */
const Token = z.object({
  access_token: z.string().min(1),
  scope: z.string().default(""),
  refresh_token: z.string().optional(),
  expires_in: z.coerce.number().optional(),
});
const Account = z.object({ id: z.int(), login: z.string().min(1), email: z.string().nullish() });

/** Whether a token can be decrypted. Without its key the person counts as not connected. */
function opens({ token, userID }: { token: string; userID: string }): boolean {
  return unseal(token, userID, purpose) !== undefined;
}

export async function status(actor: Actor): Promise<GitHubConnection> {
  const { host, web, app } = settings();
  const { data } = await CredentialEntity.get({ userID: actor.userID }).go({ consistent: true });
  const known = data && opens(data) ? data : undefined;
  return {
    host,
    canConnect: app !== undefined,
    kind: app?.slug ? "app" : "oauth",
    scopes: known ? scopesOf(known.scopes) : [],
    ...(known ? { login: known.login } : {}),
    ...(app?.slug ? { installURL: `${web}/apps/${encodeURIComponent(app.slug)}/installations/new` } : {}),
  };
}

/** Starts connecting. Resolves to the URL to redirect to. @throws VisibleError unavailable without an app */
export async function begin(actor: Actor, options: { returnTo: string; workflow: boolean }): Promise<string> {
  const { web, app } = requireApp();
  const state = randomBytes(24).toString("base64url");
  const verifier = randomBytes(32).toString("base64url");
  const { data } = await CredentialEntity.get({ userID: actor.userID }).go({ consistent: true });
  await ConnectIntentEntity.create({
    state,
    verifier,
    userID: actor.userID,
    returnTo: ownPath(options.returnTo),
    expires: Math.ceil(now() / 1000) + intentSeconds,
  }).go();
  const url = new URL(`${web}/login/oauth/authorize`);
  url.searchParams.set("client_id", app.clientID);
  url.searchParams.set("redirect_uri", callbackURL());
  url.searchParams.set("state", state);
  url.searchParams.set("code_challenge", createHash("sha256").update(verifier).digest("base64url"));
  url.searchParams.set("code_challenge_method", "S256");
  if (app.slug === undefined) {
    // Requesting fewer scopes than before would revoke some.
    const wanted = new Set(["read:user", "user:email", "repo", ...scopesOf(data?.scopes ?? "")]);
    if (options.workflow) wanted.add("workflow");
    url.searchParams.set("scope", [...wanted].join(" "));
  }
  return url.href;
}

/**
 * Handles GitHub's callback. Only the person who started it can finish it, once, within ten minutes. Resolves to the path
 * to return to. @throws VisibleError bad_request, github_failed
 */
export async function finish(actor: Actor, query: { state: string; code?: string; error?: string }): Promise<string> {
  const { data: intent } = await ConnectIntentEntity.get({ state: query.state }).go({ consistent: true });
  if (intent) await ConnectIntentEntity.delete({ state: query.state }).go();
  if (intent?.userID !== actor.userID || intent.expires * 1000 < now())
    throw new VisibleError("bad_request", "This connection was not started here, or has expired. Connect again.");
  if (query.error !== undefined || query.code === undefined) return withNote(intent.returnTo, "declined");
  const token = await exchange({ code: query.code, redirect_uri: callbackURL(), code_verifier: intent.verifier });
  await save(actor.userID, token, { explicit: true });
  return withNote(intent.returnTo, "connected");
}

/**
 * Stores the token of a GitHub sign-in, so the person need not connect as well. It never replaces a token with more
 * scopes or of another account.
 */
export async function keep(userID: string, answer: unknown): Promise<void> {
  const token = Token.safeParse(answer);
  if (token.success) await save(userID, token.data, { explicit: false });
}

/** The person's token, renewed if it expires soon. Undefined when not connected. */
export async function credential(userID: string): Promise<Credential | undefined> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const { data } = await CredentialEntity.get({ userID }).go({ consistent: true });
    if (!data) return undefined;
    const isFresh = data.expiresAt === undefined || data.expiresAt > now() + early;
    if (isFresh || data.refreshToken === undefined) {
      if (data.expiresAt !== undefined && data.expiresAt <= now()) return undefined;
      const token = unseal(data.token, userID, purpose);
      if (token === undefined) return undefined;
      return {
        token,
        login: data.login,
        scopes: settings().app?.slug ? undefined : scopesOf(data.scopes),
        author: {
          name: data.login,
          email: data.email ?? `${data.accountID}+${data.login}@users.noreply.${settings().host.replace(/:\d+$/, "")}`,
        },
      };
    }
    if ((data.refreshingUntil ?? 0) > now()) {
      await sleep(250);
      continue;
    }
    const refreshToken = unseal(data.refreshToken, userID, refreshPurpose);
    if (refreshToken === undefined) return undefined;
    await refresh(userID, { version: data.version, refreshToken });
  }
  throw new VisibleError("busy", "GitHub is slow to renew your connection. Try again.");
}

/** Deletes the token and revokes it at GitHub. Resolves to whether GitHub revoked it. */
export async function disconnect(actor: Actor): Promise<{ revoked: boolean }> {
  const { userID } = actor;
  const { data } = await CredentialEntity.get({ userID }).go({ consistent: true });
  if (!data) return { revoked: false };
  const { app, api } = settings();
  let revoked = false;
  const token = unseal(data.token, userID, purpose);
  if (app && token !== undefined) {
    try {
      const reply = await fetch(`${api}/applications/${encodeURIComponent(app.clientID)}/grant`, {
        method: "DELETE",
        headers: {
          authorization: `Basic ${Buffer.from(`${app.clientID}:${app.clientSecret}`).toString("base64")}`,
          accept: "application/vnd.github+json",
          "content-type": "application/json",
        },
        body: JSON.stringify({ access_token: token }),
        signal: AbortSignal.timeout(10_000),
      });
      // 404 and 422: GitHub no longer knows the token.
      revoked = reply.ok || reply.status === 404 || reply.status === 422;
    } catch (error) {
      Log.error("github-revoke-failed", error, { userID });
    }
  }
  await CredentialEntity.delete({ userID }).go();
  return { revoked };
}

/** Renews a token under a lease: a refresh token is valid once, so only one process may use it. */
async function refresh(userID: string, read: { version: number; refreshToken: string }): Promise<void> {
  const claimed = await transact([
    updateItem(
      CredentialEntity.patch({ userID })
        .set({ refreshingUntil: now() + refreshTime })
        .where(
          (attribute, operation) =>
            `${operation.eq(attribute.version, read.version)} AND (${operation.notExists(attribute.refreshingUntil)} OR ${operation.lt(attribute.refreshingUntil, now())})`,
        ),
    ),
  ]);
  if (!claimed.ok) return;
  let token: z.infer<typeof Token>;
  try {
    token = await exchange({ grant_type: "refresh_token", refresh_token: read.refreshToken });
  } catch (error) {
    if (error instanceof VisibleError && error.code === "bad_request") {
      // GitHub rejects it: the person must reconnect.
      const isRead = CredentialEntity.remove({ userID }).where((attribute, operation) =>
        operation.eq(attribute.version, read.version),
      );
      await transact([deleteItem(isRead)]);
      return;
    }
    await CredentialEntity.patch({ userID }).remove(["refreshingUntil"]).go();
    throw error;
  }
  await transact([
    updateItem(
      CredentialEntity.patch({ userID })
        .set({ ...sealed(userID, token), version: read.version + 1 })
        .remove(["refreshingUntil"])
        .where((attribute, operation) => operation.eq(attribute.version, read.version)),
    ),
  ]);
}

async function save(userID: string, token: z.infer<typeof Token>, how: { explicit: boolean }): Promise<void> {
  const account = await whoIs(token.access_token);
  for (let attempt = 0; attempt < 5; attempt++) {
    const { data: known } = await CredentialEntity.get({ userID }).go({ consistent: true });
    const accountID = String(account.id);
    if (known && opens(known)) {
      if (known.accountID !== accountID && !how.explicit) return;
      // The tokens of a GitHub App have no scopes to compare.
      const mayCompare = settings().app?.slug === undefined;
      if (mayCompare && known.accountID === accountID && isNarrower(token.scope, known.scopes)) return;
    }
    const row = {
      userID,
      accountID,
      login: account.login,
      ...(account.email ? { email: account.email } : {}),
      scopes: scopesOf(token.scope).join(" "),
      version: (known?.version ?? 0) + 1,
      ...sealed(userID, token),
    };
    const written = await transact([
      putItem(
        known
          ? CredentialEntity.put(row).where((attribute, operation) => operation.eq(attribute.version, known.version))
          : CredentialEntity.create(row),
      ),
    ]);
    if (written.ok) return;
  }
  throw new VisibleError("busy", "The connection was changed at the same time. Try again.");
}

function sealed(userID: string, token: z.infer<typeof Token>) {
  return {
    token: seal(token.access_token, userID, purpose),
    ...(token.refresh_token ? { refreshToken: seal(token.refresh_token, userID, refreshPurpose) } : {}),
    ...(token.expires_in ? { expiresAt: now() + token.expires_in * 1000 } : {}),
  };
}

/** Whether one set of scopes lacks some of another. */
function isNarrower(scopes: string, than: string): boolean {
  const has = new Set(scopesOf(scopes));
  return scopesOf(than).some((scope) => !has.has(scope));
}

function scopesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

async function exchange(form: Record<string, string>): Promise<z.infer<typeof Token>> {
  const { web, app } = requireApp();
  const reply = await answer(`${web}/login/oauth/access_token`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ ...form, client_id: app.clientID, client_secret: app.clientSecret }).toString(),
  });
  const token = Token.safeParse(reply);
  if (!token.success)
    throw new VisibleError("bad_request", "GitHub rejected the connection. Connect again from Slipway.");
  return token.data;
}

async function whoIs(token: string): Promise<z.infer<typeof Account>> {
  const reply = await answer(`${settings().api}/user`, {
    headers: { accept: "application/vnd.github+json", authorization: `Bearer ${token}` },
  });
  const account = Account.safeParse(reply);
  if (!account.success) throw new VisibleError("github_failed", "GitHub did not say who you are. Try again.");
  return account.data;
}

async function answer(url: string, init: RequestInit): Promise<unknown> {
  try {
    const reply = await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) });
    return await reply.json();
  } catch (error) {
    throw new VisibleError("github_failed", `${settings().host} cannot be reached. Try again.`, {}, error);
  }
}

function requireApp(): Settings & { app: NonNullable<Settings["app"]> } {
  const found = settings();
  if (!found.app)
    throw new VisibleError("unavailable", "This deployment has no GitHub app. An admin can add one: see the README.");
  return { ...found, app: found.app };
}

function callbackURL(): string {
  return `${resource("Settings").url}/api/github/callback`;
}

/** A path within the app, never another site. */
function ownPath(path: string): string {
  return /^\/(?![/\\])/.test(path) && URL.canParse(path, "http://x") ? path : "/";
}

function withNote(path: string, note: string): string {
  const url = new URL(path, "http://x");
  url.searchParams.set("github", note);
  return url.pathname + url.search;
}
