import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn, type Client } from "../support/client.ts";
import type { Cloud } from "../support/cloud.ts";
import { commitTo } from "../support/git.ts";
import {
  begin,
  cloudWithGitHub,
  connect,
  edit,
  importFrom,
  settled,
  signInWithGitHub,
  type GitHubPeer,
} from "../support/github.ts";
import { startGitHub } from "../support/github-peer.ts";
import { startStack, temporaryFolder } from "../support/stack.ts";

let cloud: Cloud;
let peer: GitHubPeer;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ cloud, peer, remove } = await cloudWithGitHub());
});
afterAll(() => remove());

const statusOf = async (client: Client) => (await client.get("/api/github/connection")).json();

test("connecting returns to its page, once, only for the person who started it, with minimal scopes", async () => {
  const ada = await signIn(cloud.url, { name: "Connects" });
  expect(await statusOf(ada)).toMatchObject({ canConnect: true, scopes: [], kind: "oauth" });
  expect(await connect(ada, { returnTo: "/?import=octo%2Fapp" })).toBe("/?import=octo%2Fapp&github=connected");
  expect(await statusOf(ada)).toMatchObject({ login: "octo", scopes: ["read:user", "user:email", "repo"] });
  expect(await connect(ada, { returnTo: "https://evil.test/" })).toBe("/?github=connected");
  expect(await connect(ada, { returnTo: "//evil.test/" })).toBe("/?github=connected");

  const { url } = (await ada.post("/api/github/connection", {})).json();
  const authorised = await fetch(String(url), { redirect: "manual" });
  const back = new URL(authorised.headers.get("location") ?? "");
  const bob = await signIn(cloud.url, { name: "Steals" });
  const stolen = await bob.get(back.pathname + back.search);
  expect(stolen.headers.get("location")).toBe(`${cloud.url}/?github=failed`);
  expect((await statusOf(bob)).login).toBeUndefined();
  const repeated = await ada.get(back.pathname + back.search);
  expect(repeated.headers.get("location")).toBe(`${cloud.url}/?github=failed`);
  peer.visitor = { login: "octo", declines: true };
  expect(await connect(bob, { returnTo: "/settings" })).toBe("/settings?github=declined");
  peer.visitor = { login: "octo" };
});

test("a narrower token never replaces a wider one, nor one person's account another's", async () => {
  peer.addUser("wide");
  peer.addUser("other");
  peer.visitor = { login: "wide" };
  const client = await signIn(cloud.url, { name: "Not used" });
  await signInWithGitHub(client);
  expect(await statusOf(client)).toMatchObject({ login: "wide" });
  // A sign-in token sees no repository, so importing and exporting offer to connect.
  await commitTo(await peer.createRepository("wide", "closed", { isPrivate: true }), "main", [
    { path: "a", data: "1" },
  ]);
  expect((await client.post("/api/github/import", { url: "wide/closed" })).json().error?.code).toBe(
    "github_not_connected",
  );
  await connect(client, { workflow: true });
  expect((await client.post("/api/github/import", { url: "wide/closed" })).status).toBe(200);
  const wide = (await statusOf(client)).scopes;
  expect(wide).toContain("workflow");
  await signInWithGitHub(client);
  expect((await statusOf(client)).scopes).toEqual(wide);
  await connect(client);
  expect((await statusOf(client)).scopes).toContain("workflow");
  peer.visitor = { login: "other" };
  await connect(client);
  expect(await statusOf(client)).toMatchObject({ login: "other" });
  peer.visitor = { login: "octo" };
});

test("disconnecting revokes the token at GitHub too, and says when it could not", async () => {
  const client = await signIn(cloud.url, { name: "Leaves" });
  await connect(client);
  expect((await client.request("DELETE", "/api/github/connection")).json()).toEqual({ revoked: true });
  expect((await statusOf(client)).login).toBeUndefined();
  expect(peer.log).toContain(`DELETE /api/v3/applications/${peer.app.clientId}/grant`);
  await connect(client);
  peer.intercept = ({ method }) => (method === "DELETE" ? { status: 500 } : undefined);
  expect((await client.request("DELETE", "/api/github/connection")).json()).toEqual({ revoked: false });
  peer.intercept = undefined;
  expect((await statusOf(client)).login).toBeUndefined();
});

test("an expired token is refreshed once under concurrency; one that cannot be asks to reconnect", async () => {
  const app = await cloudWithGitHub({ appSlug: "slipway-test" });
  try {
    app.peer.tokenLife = 60_000;
    const client = await signIn(app.cloud.url, { name: "App" });
    await connect(client);
    expect(app.peer.authorizations.at(-1)?.searchParams.has("scope")).toBe(false);
    expect(await statusOf(client)).toMatchObject({
      kind: "app",
      installURL: `${app.peer.url}/apps/slipway-test/installations/new`,
    });
    await commitTo(await app.peer.createRepository("octo", "app", { isPrivate: true }), "main", [
      { path: "a", data: "1" },
    ]);
    app.peer.tokenLife = 8 * 3600_000;
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => client.post("/api/github/import", { url: "octo/app" })),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
    expect(app.peer.refreshes).toBe(1);
    for (const reply of replies)
      expect(await settled(client, String(reply.json().transferId))).toMatchObject({ state: "completed" });

    const late = await signIn(app.cloud.url, { name: "Late" });
    app.peer.tokenLife = 60_000;
    await connect(late);
    app.peer.intercept = ({ path }) =>
      path.endsWith("/access_token") ? { status: 200, body: { error: "bad_refresh_token" } } : undefined;
    const refused = await late.post("/api/github/import", { url: "octo/app" });
    expect(refused.json().error?.code).toBe("github_not_connected");
    expect((await statusOf(late)).login).toBeUndefined();
  } finally {
    await app.remove();
  }
});

test("an App without Contents or Workflows is told which permission is missing", async () => {
  const app = await cloudWithGitHub({ appSlug: "slipway-test" });
  try {
    const client = await signIn(app.cloud.url, { name: "App" });
    await connect(client);
    await commitTo(await app.peer.createRepository("octo", "app"), "main", [{ path: "a", data: "1" }]);
    const { project } = await importFrom(client, "octo/app");
    await edit(client, project, "a", "2");
    const send = async () =>
      settled(
        client,
        (await begin(client, "/api/github/export", { projectId: project, pullRequest: { title: "x", body: "" } }))
          .transfer,
      );
    app.peer.appPermissions = { contents: false, workflows: true };
    const refused = await send();
    expect(refused.error).toMatchObject({ code: "not_allowed", message: expect.stringContaining("denied to the app") });
    app.peer.appPermissions = { contents: true, workflows: false };
    await edit(client, project, ".github/workflows/ci.yml", "on: push\n");
    const workflow = await send();
    expect(workflow.error).toMatchObject({
      code: "github_scope_missing",
      message: expect.stringContaining("lacks the permission Workflows"),
    });
    app.peer.appPermissions = { contents: true, workflows: true };
    expect(await send()).toMatchObject({ state: "completed" });
  } finally {
    await app.remove();
  }
});

test("no file, log or response contains the token during an import and an export", async () => {
  const own = await startGitHub();
  const folder = temporaryFolder();
  const stack = await startStack({
    data: folder.path,
    env: { AUTH_GITHUB_ID: own.app.clientId, AUTH_GITHUB_SECRET: own.app.clientSecret, AUTH_GITHUB_URL: own.url },
  });
  const used = new Set<string>();
  own.intercept = ({ token }) => {
    if (token?.startsWith("gho_")) used.add(token);
    return undefined;
  };
  try {
    const client = await signIn(stack.url, { name: "Ada" });
    await connect(client);
    await commitTo(await own.createRepository("octo", "app", { isPrivate: true }), "main", [{ path: "a", data: "1" }]);
    const { project, transfer } = await importFrom(client, "octo/app");
    await client.request("PUT", `/api/projects/${project}/files/b.txt`, { body: { content: "b" } });
    const sent = await begin(client, "/api/github/export", {
      projectId: project,
      pullRequest: { title: "t", body: "" },
    });
    expect(await settled(client, sent.transfer)).toMatchObject({ state: "completed" });
    expect(used.size).toBe(1);
    const [token = "-"] = used;
    expect(stack.output()).not.toContain(token);
    expect(JSON.stringify(transfer)).not.toContain(token);
    expect((await client.get("/api/github/connection")).text).not.toContain(token);
    await stack.stop();
    let searched = 0;
    const look = (at: string) => {
      for (const name of readdirSync(at)) {
        const path = join(at, name);
        if (statSync(path).isDirectory()) look(path);
        else {
          searched++;
          expect([path, readFileSync(path).includes(token)]).toEqual([path, false]);
        }
      }
    };
    look(folder.path);
    expect(searched).toBeGreaterThan(3);
  } finally {
    await stack.kill();
    await own.close();
    folder.remove();
  }
});

test("key rotation keeps sealed tokens; without the old key a person reconnects", async () => {
  const own = await startGitHub();
  const folder = temporaryFolder();
  const env = { AUTH_GITHUB_ID: own.app.clientId, AUTH_GITHUB_SECRET: own.app.clientSecret, AUTH_GITHUB_URL: own.url };
  const file = join(folder.path, "secrets.json");
  const secrets = () => JSON.parse(readFileSync(file, "utf8")) as { dataKey: string };
  /** Restarts with other keys; people keep their accounts. */
  const startWith = async (dataKey?: string) => {
    if (dataKey) writeFileSync(file, JSON.stringify({ ...secrets(), dataKey }));
    const stack = await startStack({ data: folder.path, env });
    return { stack, client: await signIn(stack.url, { name: "Ada" }) };
  };
  try {
    const first = await startWith();
    await connect(first.client);
    await first.stack.stop();
    const old = secrets().dataKey;
    const next = randomBytes(32).toString("base64");
    await commitTo(await own.createRepository("octo", "app", { isPrivate: true }), "main", [{ path: "a", data: "1" }]);

    const both = await startWith(`${next},${old}`);
    expect((await statusOf(both.client)).login).toBe("octo");
    await importFrom(both.client, "octo/app");
    await both.stack.stop();

    const only = await startWith(next);
    expect(await statusOf(only.client)).toMatchObject({ canConnect: true, scopes: [] });
    expect((await statusOf(only.client)).login).toBeUndefined();
    const refused = await only.client.post("/api/github/import", { url: "octo/app" });
    expect(refused.json().error?.code).toBe("github_not_connected");
    await connect(only.client);
    await importFrom(only.client, "octo/app");
    await only.stack.stop();
  } finally {
    await own.close();
    folder.remove();
  }
});

test("without a GitHub app public imports work and connecting says what is missing", async () => {
  const { cloudWith } = await import("../support/cloud.ts");
  const plain = await cloudWith();
  try {
    const client = await signIn(plain.url, { name: "Ada" });
    expect(await statusOf(client)).toMatchObject({ host: "github.com", canConnect: false });
    expect((await client.post("/api/github/connection", {})).status).toBe(503);
  } finally {
    await plain.remove();
  }
});
