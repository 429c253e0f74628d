import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createClient, signInWith, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { cloudWithGitHub, signInWithGitHub, type GitHubPeer } from "../support/github.ts";
import { startOidc, type OidcPeer } from "../support/oidc-peer.ts";

/** Who may sign in and as whom, decided only by addresses that GitHub has verified. */

let cloud: Cloud;
let peer: GitHubPeer;
let remove: () => Promise<void>;
let emails: { email: string; primary: boolean; verified: boolean }[];

beforeAll(async () => {
  ({ cloud, peer, remove } = await cloudWithGitHub({
    members: ["@example.com", "guest@elsewhere.org"],
    adminEmails: ["boss@home.net"],
  }));
  peer.intercept = ({ path }) => (path.endsWith("/user/emails") ? { status: 200, body: emails } : undefined);
});
afterAll(() => remove());
beforeEach(() => {
  peer.visitor = { login: `user-${Math.random().toString(36).slice(2)}` };
  peer.addUser(peer.visitor.login);
});

const verified = (email: string, primary = true) => ({ email, primary, verified: true });

/** Signs in as the peer's current account. Resolves to the client and the result. */
async function arrive(): Promise<{ client: Client; status: number; role: unknown; email: unknown }> {
  const client = createClient(cloud.url);
  await signInWithGitHub(client);
  const me = await client.get("/api/me");
  const { role, email } = me.json();
  return { client, status: me.status, role, email };
}

test.each([
  ["of the team's domain", [verified("ada@example.com")], { status: 200, role: "member", email: "ada@example.com" }],
  ["listed by address", [verified("Guest@elsewhere.org")], { status: 200, email: "guest@elsewhere.org" }],
  [
    "listed by a secondary address",
    [verified("ada@private.net"), verified("ada2@example.com", false)],
    { status: 200, email: "ada2@example.com" },
  ],
  ["an admin who is not listed", [verified("boss@home.net")], { status: 200, role: "admin" }],
])("admits a member: %s", async (_, given, expected) => {
  emails = given;
  expect(await arrive()).toMatchObject(expected);
});

test.each([
  ["of another domain", [verified("mallory@evil.test")]],
  [
    "whose domain only ends the same",
    [verified("mallory@notexample.com"), verified("mallory@sub.example.com.evil.test")],
  ],
  ["with an unverified address", [{ email: "eve@example.com", primary: true, verified: false }]],
  ["with an admin's address, unverified", [{ email: "boss@home.net", primary: true, verified: false }]],
  ["without an address", []],
])("refuses a non-member: %s", async (_, given) => {
  emails = given;
  const { client, status } = await arrive();
  expect(status).toBe(401);
  expect([...client.cookies().keys()].filter((name) => name.includes("session"))).toEqual([]);
});

test("a changed address replaces the old one", async () => {
  emails = [verified("before@example.com")];
  const { client: first } = await arrive();
  const { id } = (await first.get("/api/me")).json();
  emails = [verified("moved@example.com")];
  const { client: second, email } = await arrive();
  expect(email).toBe("moved@example.com");
  expect((await second.get("/api/me")).json().id).toBe(id);
  // Another person's address stays theirs.
  peer.visitor = { login: "impostor" };
  peer.addUser("impostor");
  emails = [verified("grace@example.com")];
  await arrive();
  emails = [verified("moved@example.com")];
  expect((await arrive()).email).toBe("grace@example.com");
});

test("without a member list the primary address counts", async () => {
  const everyone = await cloudWithGitHub();
  try {
    everyone.peer.intercept = ({ path }) =>
      path.endsWith("/user/emails")
        ? { status: 200, body: [verified("second@b.net", false), verified("first@a.net")] }
        : undefined;
    const client = createClient(everyone.cloud.url);
    await signInWithGitHub(client);
    expect((await client.get("/api/me")).json().email).toBe("first@a.net");
  } finally {
    await everyone.remove();
  }
});

test("redirects with a reason that the page shows", async () => {
  emails = [verified("mallory@evil.test")];
  const client = createClient(cloud.url);
  const ended = await signInWithGitHub(client);
  expect(ended).toBe("/?error=AccessDenied");
});

describe("the team's identity provider", () => {
  let oidc: OidcPeer;
  let team: Cloud & { remove(): Promise<void> };
  beforeAll(async () => {
    oidc = await startOidc();
    const provider = { type: "oidc", id: "acme", name: "Acme", issuer: oidc.issuer, ...oidc.client };
    team = await cloudWith({ authProviders: JSON.stringify([provider]), members: ["@example.com"] });
  });
  afterAll(async () => {
    await team.remove();
    await oidc.close();
  });

  test("signs in a vouched-for person and recognises them later", async () => {
    oidc.claims = { sub: "ada-1", name: "Ada", email: "ada@example.com" };
    const first = createClient(team.url);
    expect(await signInWith(first, "acme")).toBe("/");
    const { id, name } = (await first.get("/api/me")).json();
    expect(name).toBe("Ada");
    const again = createClient(team.url);
    await signInWith(again, "acme");
    expect((await again.get("/api/me")).json().id).toBe(id);
  });

  test.each([
    ["an unverified address", { sub: "eve-1", email: "eve@example.com", email_verified: false }],
    ["a person of another company", { sub: "bob-1", email: "bob@elsewhere.org", email_verified: true }],
  ])("does not sign in %s", async (_, claims) => {
    oidc.claims = claims;
    const client = createClient(team.url);
    expect(await signInWith(client, "acme")).toBe("/?error=AccessDenied");
    expect((await client.get("/api/me")).status).toBe(401);
  });
});
