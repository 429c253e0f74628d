import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ended, listen, signIn, until, type Client } from "../support/client.ts";
import {
  cloudWith,
  isTitle,
  lastResults,
  lastText,
  speak,
  stepsTaken,
  type Cloud,
  type Said,
} from "../support/cloud.ts";

/** The workspace's API besides files and runs: review, undo, search, archives, inbox, admins, assistance. */

let cloud: Cloud & { remove(): Promise<void> };
const plays = new Map<string, (step: number, results: string[]) => Said>();
const requests: string[] = [];
let people = 0;

beforeAll(async () => {
  cloud = await cloudWith({
    script(request) {
      if (isTitle(request)) return speak({ text: "A title of four words" });
      requests.push(JSON.stringify(request));
      const text = lastText(request);
      const play = [...plays].find(([words]) => text.includes(words))?.[1];
      return speak(play?.(stepsTaken(request), lastResults(request)) ?? { text: "Nothing to say." });
    },
  });
});
afterAll(() => cloud.remove());

interface Place {
  client: Client;
  project: string;
  conversation: string;
}
async function place(): Promise<Place> {
  const client = await signIn(cloud.url, { name: `Worker ${++people}`, plan: "pro" });
  const project = String((await client.post("/api/projects", { name: "Test" })).json().id);
  const conversation = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
  return { client, project, conversation };
}
async function send(here: Place, message: string, attachments?: unknown): Promise<string> {
  const body = { conversationId: here.conversation, message, ...(attachments ? { attachments } : {}) };
  const reply = await here.client.post("/api/messages", body);
  if (reply.status !== 200) throw new Error(reply.text);
  return String(reply.json().runId);
}
async function ask(here: Place, message: string, attachments?: unknown): Promise<string> {
  const runID = await send(here, message, attachments);
  await ended(here.client, runID);
  return runID;
}
async function write(here: Place, files: Record<string, string>): Promise<void> {
  const all = Object.entries(files).map(([path, content]) => ({ op: "put", path, content }));
  for (let at = 0; at < all.length; at += 90) {
    const reply = await here.client.post(`/api/projects/${here.project}/changes`, { changes: all.slice(at, at + 90) });
    if (reply.status !== 200) throw new Error(reply.text);
  }
}
const paths = async ({ client, project }: Place) =>
  ((await client.get(`/api/projects/${project}/files`)).json().files as unknown as { path: string }[]).map(
    ({ path }) => path,
  );
const file = async ({ client, project }: Place, path: string) =>
  (await client.get(`/api/projects/${project}/files/${path}`)).json() as unknown as { content: string; rev: number };
async function upload({ client, project }: Place, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const made = (await client.post("/api/uploads", { projectId: project, size: bytes.length })).json();
  expect((await fetch(String(made.url), { method: "PUT", body: bytes })).status).toBe(200);
  return String(made.id);
}

describe("a run's changes", () => {
  async function changed(): Promise<Place & { runID: string }> {
    plays.set("change three files", (step) =>
      step === 0
        ? {
            tools: [
              {
                name: "edit_file",
                input: { path: "edit.txt", edits: [{ oldText: "two", newText: "TWO" }] },
              },
              { name: "create_file", input: { path: "new.txt", content: "new\n" } },
              { name: "delete_files", input: { paths: ["gone.txt"] } },
              { name: "rename_file", input: { path: "old.txt", newPath: "renamed.txt" } },
            ],
          }
        : { text: "Done." },
    );
    const here = await place();
    await write(here, { "edit.txt": "one\ntwo\nthree\n", "gone.txt": "gone\n", "old.txt": "same\n", "stay.txt": "x" });
    return { ...here, runID: await ask(here, "change three files") };
  }
  const list = async (here: Place & { runID: string }) =>
    (await here.client.get(`/api/runs/${here.runID}/changes`)).json().files as unknown as {
      path: string;
      op: string;
      from?: string;
      isSettled: boolean;
    }[];

  test("are listed with their review state and shown with both sides", async () => {
    const here = await changed();
    expect((await list(here)).map(({ path, op, from, isSettled }) => [path, op, from, isSettled])).toEqual([
      ["edit.txt", "edited", undefined, false],
      ["new.txt", "created", undefined, false],
      ["gone.txt", "deleted", undefined, false],
      ["renamed.txt", "moved", "old.txt", false],
    ]);
    const shown = (await here.client.get(`/api/runs/${here.runID}/changes/edit.txt`)).json();
    expect(shown).toMatchObject({ base: "one\ntwo\nthree\n", content: "one\nTWO\nthree\n" });
  });

  test("are accepted and rejected hunk by hunk, and the model is told", async () => {
    const here = await changed();
    const { rev } = await file(here, "edit.txt");
    const part = { path: "edit.txt", content: "one\ntwo\nthree\n", rev, diff: "-two\n+TWO" };
    expect((await here.client.post(`/api/runs/${here.runID}/reject`, part)).status).toBe(200);
    expect((await here.client.post(`/api/runs/${here.runID}/reject`, part)).status).toBe(409);
    await here.client.post(`/api/runs/${here.runID}/accept`, { path: "new.txt" });
    await here.client.post(`/api/runs/${here.runID}/accept`, { path: "gone.txt" });
    expect((await list(here)).map(({ isSettled }) => isSettled)).toEqual([true, true, true, false]);
    plays.set("and now", () => ({ text: "Heard." }));
    await ask(here, "and now");
    expect(requests.at(-1)).toContain("In edit.txt the person reverted this part of your change:");
    expect(requests.at(-1)).toContain("-two\\n+TWO");
  });

  test("are reverted per file or all together, keeping later edits", async () => {
    const here = await changed();
    const reverted = await here.client.post(`/api/runs/${here.runID}/revert`, { paths: ["renamed.txt"] });
    expect(reverted.json()).toMatchObject({ kept: [] });
    expect(await paths(here)).toEqual(["edit.txt", "new.txt", "old.txt", "stay.txt"]);
    const { rev } = await file(here, "new.txt");
    await here.client.request("PUT", `/api/projects/${here.project}/files/new.txt`, {
      body: { content: "mine\n" },
      headers: { "if-match": `"${rev}"` },
    });
    const all = (await here.client.post(`/api/runs/${here.runID}/revert`, {})).json();
    expect(all).toMatchObject({ kept: ["new.txt"] });
    expect(await paths(here)).toEqual(["edit.txt", "gone.txt", "new.txt", "old.txt", "stay.txt"]);
    await here.client.post(`/api/projects/${here.project}/undo`, all.undo);
    expect(await paths(here)).toEqual(["edit.txt", "new.txt", "old.txt", "stay.txt"]);
  });

  test("are removed by a restore, which can be undone and does not count as a rejection", async () => {
    const here = await changed();
    await write(here, { "later.txt": "mine" });
    const restored = (await here.client.post(`/api/runs/${here.runID}/restore`)).json();
    expect(await paths(here)).toEqual(["edit.txt", "gone.txt", "old.txt", "stay.txt"]);
    expect((await file(here, "edit.txt")).content).toBe("one\ntwo\nthree\n");
    await here.client.post(`/api/projects/${here.project}/undo`, restored.undo);
    expect(await paths(here)).toEqual(["edit.txt", "later.txt", "new.txt", "renamed.txt", "stay.txt"]);
    await ask(here, "and now");
    expect(requests.at(-1)).not.toContain("restored the whole project");
  });

  test("are invisible to others", async () => {
    const here = await changed();
    const other = await signIn(cloud.url, { name: "Eve" });
    for (const reply of await Promise.all([
      other.get(`/api/runs/${here.runID}/changes`),
      other.get(`/api/runs/${here.runID}/changes/edit.txt`),
      other.post(`/api/runs/${here.runID}/revert`, {}),
      other.post(`/api/runs/${here.runID}/restore`),
      other.post(`/api/runs/${here.runID}/accept`, { path: "edit.txt" }),
      other.post(`/api/runs/${here.runID}/reject`, { path: "edit.txt", content: "", rev: 1, diff: "" }),
      other.post(`/api/projects/${here.project}/undo`, { from: 0, to: 1 }),
      other.get(`/api/projects/${here.project}/search?query=x`),
      other.post(`/api/projects/${here.project}/replace`, {
        query: "x",
        replacement: "y",
        files: [{ path: "stay.txt", rev: 1 }],
      }),
      other.post(`/api/projects/${here.project}/archives`),
    ]))
      expect(reply.status).toBe(404);
  });
});

describe("search", () => {
  test("finds text, expressions and words in globbed files, page by page", async () => {
    const here = await place();
    const many = Object.fromEntries(
      Array.from({ length: 620 }, (_, n) => [`many/f${String(n).padStart(4, "0")}.txt`, "needle\n"]),
    );
    await write(here, { ...many, "src/a.ts": "const Needle = 1;\nneedles();\n", "docs/b.md": "a needle. (x)\n" });
    const search = async (query: string) =>
      (await here.client.get(`/api/projects/${here.project}/search?${query}`)).json();
    type Found = { path: string; lines: { line: number; column: number }[] };
    let pages = 0;
    async function found(query: string, cursor = ""): Promise<Found[]> {
      pages++;
      const page = await search(query + (cursor && `&cursor=${encodeURIComponent(cursor)}`));
      const files = page.files as unknown as Found[];
      return page.cursor === undefined ? files : [...files, ...(await found(query, String(page.cursor)))];
    }
    expect((await found("query=needle&include=src,docs")).map(({ path, lines }) => [path, lines.length])).toEqual([
      ["docs/b.md", 1],
      ["src/a.ts", 2],
    ]);
    expect(await found("query=Needle&caseSensitive=true&exclude=many")).toMatchObject([
      { path: "src/a.ts", lines: [{ line: 1, column: 6, length: 6, text: "const Needle = 1;", at: 6 }] },
    ]);
    expect((await found("query=needle&wholeWord=true&include=*.ts"))[0]?.lines).toHaveLength(1);
    expect(await found("query=needle(s%7C%5C.)&isRegex=true&exclude=many")).toHaveLength(2);
    expect(await found("query=(x)")).toHaveLength(1);
    pages = 0;
    expect(await found("query=needle")).toHaveLength(622);
    expect(pages).toBeGreaterThan(1);
    expect((await here.client.get(`/api/projects/${here.project}/search?query=(&isRegex=true`)).status).toBe(422);
  });

  test("replaces what it showed, skips what has changed since, and can be undone", async () => {
    const here = await place();
    await write(here, { "a.txt": "foo(1) foo(2)\n", "b.txt": "foo(3)\n", "c.txt": "foo(4)" });
    const query = { query: String.raw`foo\((\d)\)`, isRegex: true, replacement: "bar[$1]" };
    const shown = (
      await here.client.get(
        `/api/projects/${here.project}/search?isRegex=true&query=${encodeURIComponent(query.query)}&replacement=${encodeURIComponent(query.replacement)}`,
      )
    ).json().files as unknown as { path: string; rev: number; lines: { replacement: string }[] }[];
    expect(shown[0]?.lines.map(({ replacement }) => replacement)).toEqual(["bar[1]", "bar[2]"]);
    const { rev } = await file(here, "c.txt");
    await here.client.request("PUT", `/api/projects/${here.project}/files/c.txt`, {
      body: { content: "mine foo(4)" },
      headers: { "if-match": `"${rev}"` },
    });
    const done = (
      await here.client.post(`/api/projects/${here.project}/replace`, {
        ...query,
        files: shown.map(({ path, rev: at }) => ({ path, rev: at })),
      })
    ).json();
    expect(done).toMatchObject({ replaced: 3, files: ["a.txt", "b.txt"], stale: ["c.txt"] });
    expect((await file(here, "a.txt")).content).toBe("bar[1] bar[2]\n");
    await here.client.post(`/api/projects/${here.project}/undo`, done.undo);
    expect((await file(here, "a.txt")).content).toBe("foo(1) foo(2)\n");
  });
});

/** Names and contents of a zip file, from its central directory. */
function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  let at = bytes.readUInt32LE(bytes.length - 22 + 16);
  for (let count = bytes.readUInt16LE(bytes.length - 22 + 10); count > 0; count--) {
    const [method, size, nameLength] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
    ];
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString();
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + size);
    files.set(name, (method === 8 ? inflateRawSync(data) : data).toString("latin1"));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

test("a hundred writers that append to one file at once all succeed at their first try, and none is lost", async () => {
  const here = await place();
  await write(here, { "log.txt": "start\n" });
  const { content, rev } = await file(here, "log.txt");
  const replies = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      here.client.request("PUT", `/api/projects/${here.project}/files/log.txt`, {
        body: { content: `${content}line ${n}\n`, merge: true },
        headers: { "if-match": `"${rev}"` },
      }),
    ),
  );
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
  const lines = (await file(here, "log.txt")).content.trimEnd().split("\n");
  expect(lines.toSorted()).toEqual(["start", ...replies.map((_, n) => `line ${n}`)].toSorted());
  const late = await here.client.request("PUT", `/api/projects/${here.project}/files/log.txt`, {
    body: { content: "all new\n", merge: true },
    headers: { "if-match": `"${rev}"` },
  });
  expect(late.status).toBe(409);
  expect(late.json()).toMatchObject({ error: { code: "stale_revision" } });
  // Without `merge` the revision decides, as ever.
  const strict = await here.client.request("PUT", `/api/projects/${here.project}/files/log.txt`, {
    body: { content: `${content}strict\n` },
    headers: { "if-match": `"${rev}"` },
  });
  expect(strict.status).toBe(409);
});

test("downloads a project as one multipart zip that says which names differ by case", async () => {
  const here = await place();
  await write(here, { "README.md": "upper", "readme.md": "lower", "src/ä.txt": "ü" });
  await here.client.post(`/api/projects/${here.project}/changes`, { changes: [{ op: "folder", path: "empty" }] });
  const noise = new Uint8Array(9_000_000);
  for (let n = 0; n < noise.length; n += 65_536) crypto.getRandomValues(noise.subarray(n, n + 65_536));
  noise[0] = 0;
  const id = await upload(here, noise);
  await here.client.request("PUT", `/api/projects/${here.project}/files/big.bin`, { body: { upload: id } });
  const begun = (await here.client.post(`/api/projects/${here.project}/archives`)).json();
  const ready = await until(async () => {
    const archive = (await here.client.get(`/api/archives/${String(begun.id)}`)).json() as unknown as {
      state: string;
      url: string;
      size: number;
    };
    return archive.state === "making" ? undefined : archive;
  }, "the archive");
  expect(ready.state).toBe("ready");
  const reply = await fetch(ready.url);
  expect(reply.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''Test.zip");
  const bytes = Buffer.from(await reply.arrayBuffer());
  expect(bytes.length).toBe(ready.size);
  const files = unzip(bytes);
  expect([...files.keys()].toSorted()).toEqual([
    "NAMES-THAT-DIFFER-BY-CASE.txt",
    "README.md",
    "big.bin",
    "empty/",
    "readme.md",
    "src/ä.txt",
  ]);
  expect(files.get("readme.md")).toBe("lower");
  expect(files.get("big.bin")?.length).toBe(noise.length);
  const other = await signIn(cloud.url, { name: "Eve" });
  expect((await other.get(`/api/archives/${String(begun.id)}`)).status).toBe(404);
});

test("one inbox holds pending approvals of all projects until answered or their run ends", async () => {
  plays.set("delete them all", (step) =>
    step === 0
      ? { tools: [{ name: "delete_files", input: { paths: Array.from({ length: 12 }, (_, n) => `f${n}.txt`) } }] }
      : { text: "Done." },
  );
  const one = await place();
  await write(one, Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`f${n}.txt`, ""])));
  const project = String((await one.client.post("/api/projects", { name: "Other" })).json().id);
  const two = {
    ...one,
    project,
    conversation: String((await one.client.post(`/api/projects/${project}/conversations`)).json().id),
  };
  await write(two, Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`f${n}.txt`, ""])));
  const listener = await listen(one.client, one.project);
  const runs = [await send(one, "delete them all"), await send(two, "delete them all")];
  const inbox = async () =>
    (await one.client.get("/api/approvals")).json().approvals as unknown as {
      id: string;
      runId: string;
      projectId: string;
    }[];
  const waiting = await until(async () => ((await inbox()).length === 2 ? await inbox() : undefined), "both questions");
  await listener.next(({ type }) => type === "inbox");
  listener.close();
  expect(waiting.map(({ projectId }) => projectId).toSorted()).toEqual([one.project, two.project].toSorted());
  const first = waiting.find(({ runId }) => runId === runs[0]);
  await one.client.post(`/api/runs/${runs[0]}/approvals/${first?.id}`, { answer: "allow", scope: "once" });
  expect(await inbox()).toHaveLength(1);
  await one.client.post("/api/messages/cancel", { projectId: two.project });
  await until(async () => ((await inbox()).length === 0 ? true : undefined), "an empty inbox");
});

describe("attachments of a message", () => {
  const png = Uint8Array.from(
    Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    ),
  );
  test("reach the model: images, texts and mentioned files", async () => {
    plays.set("look at", () => ({ text: "Seen." }));
    const here = await place();
    await write(here, { "src/a.ts": "export const secret = 42;\n" });
    const attachments = [
      { upload: await upload(here, png), name: "shot.png" },
      { upload: await upload(here, new TextEncoder().encode("the log says ouch")), name: "log.txt" },
    ];
    await ask(here, "look at @src/a.ts and these", attachments);
    const request = requests.at(-1) ?? "";
    expect(request).toContain("export const secret = 42;");
    expect(request).toContain("the log says ouch");
    expect(request).toContain(Buffer.from(png).toString("base64"));
    const { messages } = (
      await here.client.get(`/api/conversations/${here.conversation}/messages`)
    ).json() as unknown as {
      messages: { attachments?: { name: string; kind: string; url: string }[] }[];
    };
    expect(messages[0]?.attachments?.map(({ name, kind }) => [name, kind])).toEqual([
      ["shot.png", "image"],
      ["log.txt", "text"],
    ]);
    const reply = await fetch(messages[0]?.attachments?.[0]?.url ?? "");
    expect(new Uint8Array(await reply.arrayBuffer())).toEqual(png);
  });

  test("are refused without a charge when unreadable or another person's", async () => {
    const here = await place();
    const binary = await upload(here, new Uint8Array([0, 1, 2, 3]));
    const there = await place();
    const body = (upload: string) => ({
      conversationId: here.conversation,
      message: "look",
      attachments: [{ upload, name: "x" }],
    });
    expect((await here.client.post("/api/messages", body(binary))).status).toBe(415);
    expect((await here.client.post("/api/messages", body(await upload(there, png)))).status).toBe(404);
    expect((await here.client.get("/api/agent/usage")).json().used).toBe(0);
  });
});

test("deleting a conversation deletes its run and messages", async () => {
  plays.set("on and on", () => ({ text: "word ".repeat(500), pace: 20 }));
  const here = await place();
  const runID = await send(here, "on and on");
  await until(async () => {
    const { events } = (await here.client.get(`/api/runs/${runID}/events?after=0`)).json();
    return (events as unknown as unknown[]).length > 0 ? true : undefined;
  }, "the run to begin");
  expect((await here.client.request("DELETE", `/api/conversations/${here.conversation}`)).status).toBe(200);
  expect((await here.client.get(`/api/runs/${runID}`)).json().status).toBe("cancelled");
  expect((await here.client.get(`/api/conversations/${here.conversation}/messages`)).status).toBe(404);
  const other = String((await here.client.post(`/api/projects/${here.project}/conversations`)).json().id);
  plays.set("again", () => ({ text: "Here." }));
  expect((await ended(here.client, await send({ ...here, conversation: other }, "again"))).status).toBe("completed");
});

describe("people and admins", () => {
  test("a person sees monthly usage, requests Pro, renames themselves and signs out everywhere", async () => {
    const client = await signIn(cloud.url, { name: "Asker", plan: "free" });
    expect((await client.post("/api/me/plan-request")).json()).toMatchObject({ askedForPro: true });
    expect((await client.request("PATCH", "/api/me", { body: { name: "Asker the Second" } })).status).toBe(200);
    expect((await client.get("/api/me")).json()).toMatchObject({ name: "Asker the Second", plan: "free" });
    expect((await client.request("PATCH", "/api/me", { body: { name: "  " } })).status).toBe(422);
    await client.post("/api/me/sign-out-everywhere");
    expect((await client.get("/api/me")).status).toBe(401);
  });

  test("an admin sees everyone and sets plans and limits; every change is audited", async () => {
    const admin = await signIn(cloud.url, { name: "Boss", role: "admin" });
    const client = await signIn(cloud.url, { name: "Small", plan: "free" });
    await client.post("/api/me/plan-request");
    expect((await admin.get("/api/admin/requests")).json().requests).toMatchObject([
      { name: "Asker", plan: "free" },
      { name: "Small", plan: "free" },
    ]);
    expect((await client.get("/api/admin/requests")).status).toBe(403);
    const everyone = async () =>
      (await admin.get("/api/admin/people")).json().people as unknown as {
        id: string;
        name: string;
        plan: string;
        limit: number;
        used: number;
        askedForProAt?: number;
      }[];
    const small = (await everyone()).find(({ name }) => name === "Small");
    expect(small).toMatchObject({ plan: "free", limit: 5, used: 0 });
    expect(small?.askedForProAt).toBeGreaterThan(0);
    const path = `/api/admin/people/${small?.id}`;
    const change = (body: unknown) => admin.request("PATCH", path, { body });
    expect((await change({ plan: "pro" })).json()).toMatchObject({ plan: "pro", limit: 15 });
    expect((await change({ limit: 2 })).json()).toMatchObject({ limit: 2, ownLimit: 2 });
    await client.post("/api/projects/create-with-prompt", { prompt: "hello" });
    expect((await client.get("/api/agent/usage")).json()).toMatchObject({ used: 1, limit: 2, plan: "pro" });
    expect((await change({ resetMonth: true, limit: null })).json()).toMatchObject({ used: 0, limit: 15 });
    expect((await change({})).status).toBe(422);
    const limits = await admin.request("PATCH", "/api/admin/limits", { body: { free: 7, pro: 20 } });
    expect(limits.json()).toEqual({ free: 7, pro: 20 });
    expect((await client.get("/api/agent/usage")).json()).toMatchObject({ limit: 20 });
    await admin.request("PATCH", "/api/admin/limits", { body: { free: 5, pro: 15 } });
    const { entries } = (await admin.get("/api/admin/audit")).json() as unknown as {
      entries: { action: string; subject: string; before: string; after: string; byName: string }[];
    };
    expect(entries.map(({ action, subject, after }) => `${subject}: ${action} ${after}`).toSorted()).toEqual([
      "Small: limit 2",
      "Small: limit as the plan",
      "Small: month reset 0 runs used",
      "Small: plan pro",
      "everyone: limit of the free plan 5",
      "everyone: limit of the free plan 7",
      "everyone: limit of the pro plan 15",
      "everyone: limit of the pro plan 20",
    ]);
    for (const [method, at, body] of [
      ["GET", "/api/admin/people", undefined],
      ["GET", "/api/admin/audit", undefined],
      ["GET", "/api/admin/limits", undefined],
      ["PATCH", "/api/admin/limits", { free: 1, pro: 1 }],
      ["PATCH", path, { plan: "pro" }],
    ] as const)
      expect((await client.request(method, at, body ? { body } : {})).status).toBe(403);
  });
  test("model cost is summed by month, once per call", async () => {
    const here = await place();
    await ask(here, "hello");
    const { months } = (await here.client.get("/api/me/usage")).json() as unknown as {
      months: { runs: number; dollars: number; assists: number }[];
    };
    expect(months).toHaveLength(1);
    expect(months[0]).toMatchObject({ runs: 1, assists: 0 });
  });
});

describe("editor assistance", () => {
  test("completes and edits through the model, is metered separately, and needs write access", async () => {
    plays.set("<before>", () => ({ text: "```ts\nreturn a + b;\n```" }));
    const here = await place();
    const around = { projectId: here.project, path: "a.ts", before: "function add(a, b) {\n  ", after: "\n}" };
    expect((await here.client.post("/api/assist/complete", around)).json()).toEqual({ text: "return a + b;" });
    const edited = await here.client.post("/api/assist/edit", {
      ...around,
      selection: "x\n",
      instruction: "Make it add. See http://127.0.0.1:9/secret",
    });
    expect(edited.json()).toMatchObject({ text: "return a + b;\n" });
    expect(String(edited.json().unread)).toContain("http://127.0.0.1:9/secret");
    const { months } = (await here.client.get("/api/me/usage")).json() as unknown as {
      months: { runs: number; assists: number }[];
    };
    expect(months[0]).toMatchObject({ runs: 0, assists: 2 });
    const other = await signIn(cloud.url, { name: "Eve" });
    expect((await other.post("/api/assist/complete", around)).status).toBe(404);
  });
});
