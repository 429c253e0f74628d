import type { ServerMessage } from "@slipway/contract/socket";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { createClient, listen, signIn, until, type Client, type Listener } from "../support/client.ts";

/** What ends with a login: its cookie, copies of it, and its sockets. */

let cloud: Cloud & { remove(): Promise<void> };

beforeAll(async () => {
  cloud = await cloudWith();
});
afterAll(() => cloud.remove());

async function projectOf(client: Client): Promise<string> {
  return String((await client.post("/api/projects", { name: "Engine" })).json().id);
}

let files = 0;
/** A commit; resolves to its revision, which the project's sockets are told. */
async function change(client: Client, project: string): Promise<number> {
  const path = `/api/projects/${project}/files/file-${files++}.txt`;
  return Number((await client.request("PUT", path, { body: { content: "x" } })).json().rev);
}

const tells = (rev: number) => (message: ServerMessage) => message.type === "files-changed" && message.rev === rev;

async function signOut(client: Client): Promise<void> {
  const { csrfToken } = (await client.get("/api/auth/csrf")).json();
  const reply = await client.request("POST", "/api/auth/signout", {
    raw: new URLSearchParams({ csrfToken: String(csrfToken) }).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", "x-auth-return-redirect": "1" },
  });
  expect(reply.status).toBe(200);
}

const heard = (listener: Listener, rev: number) => listener.messages.some(tells(rev));

/** Everything that was sent to the socket before has arrived. */
async function caughtUp(listener: Listener): Promise<void> {
  const pongs = () => listener.messages.filter(({ type }) => type === "pong").length;
  const before = pongs();
  listener.send({ type: "ping" });
  await until(() => Promise.resolve(pongs() > before || undefined), "a pong");
}

test("a cookie that was copied before the sign-out is refused after it, and another login stays", async () => {
  const ada = await signIn(cloud.url, { name: "Ada" });
  const other = await signIn(cloud.url, { name: "Ada" });
  const copied = [...ada.cookies()].map(([name, value]) => `${name}=${value}`).join("; ");
  const withCopy = () => createClient(cloud.url).request("GET", "/api/me", { headers: { cookie: copied } });
  expect((await withCopy()).status).toBe(200);
  await signOut(ada);
  expect((await withCopy()).status).toBe(401);
  expect((await other.get("/api/me")).status).toBe(200);
});

test("a sign-out closes the sockets of that login alone", async () => {
  const [ada, other] = [await signIn(cloud.url, { name: "Ada" }), await signIn(cloud.url, { name: "Ada" })];
  const project = await projectOf(ada);
  const [ended, open] = [await listen(ada, project), await listen(other, project)];
  await signOut(ada);
  await ended.closed;
  const rev = await change(other, project);
  await open.next(tells(rev));
  expect(heard(ended, rev)).toBe(false);
  open.close();
});

test("a sign-out everywhere closes all of the person's sockets and nobody else's", async () => {
  const [ada, other] = [await signIn(cloud.url, { name: "Ada" }), await signIn(cloud.url, { name: "Ada" })];
  const eve = await signIn(cloud.url, { name: "Eve" });
  const sockets = [await listen(ada, await projectOf(ada)), await listen(other)];
  const hers = await listen(eve);
  expect((await other.post("/api/me/sign-out-everywhere")).status).toBe(200);
  await Promise.all(sockets.map(({ closed }) => closed));
  expect((await ada.get("/api/me")).status).toBe(401);
  await caughtUp(hers);
  hers.close();
});

test("a ticket from before the sign-out opens no socket", async () => {
  const ada = await signIn(cloud.url, { name: "Ada" });
  const ticket = (await ada.post("/api/socket-tickets")).json();
  await signOut(ada);
  const { WebSocket } = await import("ws");
  const status = await new Promise<number>((resolve) => {
    const socket = new WebSocket(`${String(ticket.url)}?ticket=${String(ticket.ticket)}`, { origin: cloud.url });
    socket.on("open", () => resolve(101));
    socket.on("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => resolve(0));
  });
  expect(status).toBe(401);
});

test("a person who loses the membership stops hearing the project", async () => {
  Object.assign(process.env, cloud.rootEnvironment);
  const Member = await import("@slipway/core/member");
  const { transact } = await import("@slipway/core/table");
  const [ada, eve] = [await signIn(cloud.url, { name: "Ada" }), await signIn(cloud.url, { name: "Eve" })];
  const project = await projectOf(ada);
  const userID = String((await eve.get("/api/me")).json().id);
  await transact([Member.createItem({ projectID: project, userID, role: "viewer", kind: "project" })]);
  const [hers, his] = [await listen(ada, project), await listen(eve, project)];
  const first = await change(ada, project);
  await his.next(tells(first));
  await transact([Member.removeItem(project, userID)]);
  // The list of sockets is used again for up to a second.
  await until(async () => {
    const rev = await change(ada, project);
    await hers.next(tells(rev));
    await caughtUp(his);
    return heard(his, rev) ? undefined : true;
  }, "a change that the former member does not hear");
  const rev = await change(ada, project);
  await hers.next(tells(rev));
  await caughtUp(his);
  expect(heard(his, rev)).toBe(false);
  hers.close();
  his.close();
});

test("of more than 20 sockets of one person the oldest are closed", async () => {
  const ada = await signIn(cloud.url, { name: "Grace" });
  const sockets: Listener[] = [];
  for (let at = 0; at < 24; at++) sockets.push(await listen(ada));
  await Promise.all(sockets.slice(0, 4).map(({ closed }) => closed));
  for (const socket of sockets.slice(4)) await caughtUp(socket);
  for (const socket of sockets) socket.close();
});
