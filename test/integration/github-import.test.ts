import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, until, type Client } from "../support/client.ts";
import type { Cloud } from "../support/cloud.ts";
import { commitTo, git, gitText } from "../support/git.ts";
import {
  begin,
  connect,
  connectedGitHub,
  edit,
  importFrom,
  type repositoriesOn,
  settled,
  sourceOf,
  treeOf,
  type GitHubPeer,
} from "../support/github.ts";
import { pathsOf, textOf } from "../support/page.ts";
import { noise, oddFiles } from "../support/shapes.ts";
import { putRows, rows } from "../support/table.ts";

let cloud: Cloud;
let peer: GitHubPeer;
let remove: () => Promise<void>;
let repository: ReturnType<typeof repositoriesOn>;
let ada: Client;

beforeAll(async () => {
  ({ cloud, peer, repository, ada, remove } = await connectedGitHub());
});
afterAll(() => remove());

describe("a round trip", () => {
  test("of every unusual kind of entry gives the same tree and reports what was omitted", async () => {
    const { name, directory, url } = await repository(oddFiles, { branch: "trunk" });
    const { project, transfer } = await importFrom(ada, url);
    const paths = await pathsOf(ada, project);
    expect(paths).toContain("a/Case.txt");
    expect(paths).toContain("a/case.txt");
    expect(paths).toContain("ignored.txt");
    expect(paths).not.toContain("link-inside");
    expect(await textOf(ada, project, "crlf.txt")).toBe("one\r\ntwo\r\n");
    expect(await textOf(ada, project, "version.txt")).toBe("$Format:%H$\n");
    const { skipped } = (await ada.get(`/api/projects/${project}/source/skipped`)).json() as unknown as {
      skipped: { path: string; reason: string }[];
    };
    const reasons = new Map(skipped.map(({ path, reason }) => [path, reason]));
    expect(Object.fromEntries([...reasons].filter(([path]) => path.length < 40))).toEqual({
      "link-inside": "symlink",
      "link-outside": "symlink",
      "dir/link-absolute": "symlink",
      "vendor/module": "submodule",
      "big.psd": "lfs",
      "back\\slash.txt": "name",
      "tab\there.txt": "name",
      "not-utf8-\\xe9\\xff.txt": "name",
    });
    expect(transfer.result).toMatchObject({ skipped: skipped.length, files: oddFiles.length - skipped.length + 1 });
    const state = await sourceOf(ada, project);
    expect(state.source).toMatchObject({ repository: `octo/${name}`, branch: "trunk" });
    expect(state.changes).toEqual([]);

    const exported = await begin(ada, "/api/github/export", {
      projectId: project,
      repository: { name: `${name}-copy` },
    });
    const done = await settled(ada, exported.transfer);
    expect(done).toMatchObject({ state: "completed" });
    const copy = peer.directory("octo", `${name}-copy`);
    expect(await treeOf(copy, "trunk")).toBe(await treeOf(directory, "trunk"));
    expect(await gitText(copy, "fsck", "--full", "--strict").catch(String)).not.toMatch(/error/i);
  });
});

describe("an import", () => {
  test("accepts every URL form: branches with slashes, folders, tags, commits and pull requests", async () => {
    const { name, directory, commit, url } = await repository([{ path: "a.txt", data: "main\n" }]);
    await commitTo(directory, "feature/x", [
      { path: "a.txt", data: "feature\n" },
      { path: "src/lib/b.txt", data: "b\n" },
    ]);
    await commitTo(directory, "feature/x/y", [{ path: "a.txt", data: "deeper\n" }]).catch(() => undefined);
    await git(directory, ["update-ref", "refs/tags/v1.0", commit]);
    peer.pulls("octo", name).push({
      number: 1,
      title: "t",
      body: "",
      head: "feature/x",
      base: "main",
      state: "open",
      author: "octo",
    });
    for (const [address, branch, paths, text] of [
      [`octo/${name}`, "main", ["a.txt"], "main\n"],
      [`${url}.git`, "main", ["a.txt"], "main\n"],
      [`${url}/tree/feature/x`, "feature/x", ["a.txt", "src/lib/b.txt"], "feature\n"],
      [`${url}/tree/feature/x/src/lib`, "feature/x", ["b.txt"], undefined],
      [`${url}/blob/feature/x/src/lib/b.txt`, "feature/x", ["b.txt"], undefined],
      [`octo/${name}#v1.0`, undefined, ["a.txt"], "main\n"],
      [`${url}/commit/${commit.slice(0, 10)}`, undefined, ["a.txt"], "main\n"],
      [`${url}/pull/1`, "feature/x", ["a.txt", "src/lib/b.txt"], "feature\n"],
    ] as const) {
      const { project } = await importFrom(ada, address);
      expect([address, (await pathsOf(ada, project)).toSorted()]).toEqual([address, [...paths]]);
      expect([address, (await sourceOf(ada, project)).source.branch]).toEqual([address, branch]);
      if (text !== undefined) expect(await textOf(ada, project, "a.txt")).toBe(text);
    }
    for (const address of [`octo/${name}#nowhere`, `${url}/tree/main/nowhere`, `${url}/pull/99`, "octo/nowhere"])
      expect([address, (await ada.post("/api/github/import", { url: address })).status]).toEqual([address, 404]);
    expect((await ada.post("/api/github/import", { url: "https://elsewhere.test/o/r" })).status).toBe(422);
  });

  test("of a public repository needs no account; a private one asks to connect and stays private", async () => {
    const open = await repository([{ path: "a", data: "1" }]);
    const closed = await repository([{ path: "a", data: "secret" }], { isPrivate: true });
    const bob = await signIn(cloud.url, { name: "Bob" });
    await importFrom(bob, open.url);
    const refused = await bob.post("/api/github/import", { url: closed.url });
    expect([refused.status, refused.json().error?.code]).toEqual([403, "github_not_connected"]);
    const { project, transfer } = await importFrom(ada, closed.url);
    expect((await bob.get(`/api/transfers/${transfer.id}`)).status).toBe(404);
    expect((await bob.get(`/api/projects/${project}/source`)).status).toBe(404);
    expect(
      (await bob.post("/api/github/export", { projectId: project, pullRequest: { title: "x", body: "" } })).status,
    ).toBe(404);
    expect((await bob.post(`/api/transfers/${transfer.id}/cancel`)).status).toBe(404);
  });

  test("of an empty repository is an empty project that exports as the first commit", async () => {
    const { name, directory } = await repository([], { branch: "trunk" });
    const { project } = await importFrom(ada, `octo/${name}`);
    await edit(ada, project, "hello.txt", "hello\n");
    const sent = await begin(ada, "/api/github/export", {
      projectId: project,
      pullRequest: { title: "First", body: "" },
    });
    expect(await settled(ada, sent.transfer)).toMatchObject({ state: "completed", result: { branch: "trunk" } });
    expect(await gitText(directory, "show", "trunk:hello.txt")).toBe("hello");
  });

  test("keeps 30 MB of binaries byte for byte", async () => {
    const bytes = noise(30 * 1024 * 1024);
    const { url, directory } = await repository([
      { path: "big.bin", data: bytes },
      { path: "run", data: "x", mode: "100755" },
    ]);
    const { project } = await importFrom(ada, url);
    const { url: link } = (await ada.get(`/api/projects/${project}/files/big.bin`)).json();
    expect(Buffer.from(await (await fetch(String(link))).arrayBuffer()).equals(bytes)).toBe(true);
    const name = "big-copy";
    const sent = await begin(ada, "/api/github/export", { projectId: project, repository: { name } });
    expect(await settled(ada, sent.transfer)).toMatchObject({ state: "completed" });
    expect(await treeOf(peer.directory("octo", name), "main")).toBe(await treeOf(directory, "main"));
  });

  test("of 10,000 files is complete though GitHub truncates the tree", async () => {
    const files = Array.from({ length: 10_000 }, (_, at) => ({
      path: `packages/p${at % 40}/src/f${at}.ts`,
      data: `export const value${at} = ${at};\n`,
    }));
    const { url, directory, name } = await repository(files);
    peer.treeLimit = 3000;
    try {
      const { project, transfer } = await importFrom(ada, url);
      expect(transfer.result).toMatchObject({ files: 10_000, skipped: 0 });
      expect((await pathsOf(ada, project)).length).toBe(10_000);
      const sent = await begin(ada, "/api/github/export", { projectId: project, repository: { name: `${name}-copy` } });
      expect(await settled(ada, sent.transfer)).toMatchObject({ state: "completed" });
      expect(await treeOf(peer.directory("octo", `${name}-copy`), "main")).toBe(await treeOf(directory, "main"));
    } finally {
      peer.treeLimit = 100_000;
    }
  });

  test("resumes after a kill; a cancelled one is removed with its project", async () => {
    const files = Array.from({ length: 3000 }, (_, at) => ({
      path: `d${at % 20}/f${at}.txt`,
      data: `${at}\n`.repeat(200),
    }));
    const { url } = await repository(files);
    const first = await begin(ada, "/api/github/import", { url });
    await until(async () => {
      const { files: done } = (await ada.get(`/api/transfers/${first.transfer}`)).json();
      return Number(done) > 0 ? true : undefined;
    }, "the first files");
    expect(await cloud.kill("github-sync")).toBeGreaterThan(0);
    expect(await settled(ada, first.transfer)).toMatchObject({ state: "completed", result: { files: 3000 } });
    expect((await pathsOf(ada, first.project)).length).toBe(3000);

    const second = await begin(ada, "/api/github/import", { url });
    const refused = await ada.request("PUT", `/api/projects/${second.project}/files/mine.txt`, {
      body: { content: "x" },
    });
    expect([refused.status, refused.json().error?.code]).toEqual([409, "conflict"]);
    const incoming = (client: Client, project: string, folder = "") =>
      client.get(`/api/projects/${project}/source/incoming?folder=${encodeURIComponent(folder)}`);
    const root = (await incoming(ada, second.project)).json();
    expect(root).toMatchObject({ isComplete: true, entries: expect.arrayContaining([{ name: "d7", files: 150 }]) });
    expect((await incoming(ada, second.project, "d7")).json().entries).toContainEqual({ name: "f7.txt" });
    expect((await incoming(ada, second.project, "../x")).status).toBe(404);
    const bob = await signIn(cloud.url, { name: "Bob" });
    expect((await incoming(bob, second.project)).status).toBe(404);
    expect((await incoming(ada, first.project)).json()).toEqual({ entries: [], isComplete: true });
    expect((await ada.post(`/api/transfers/${second.transfer}/cancel`)).status).toBe(200);
    expect((await ada.get(`/api/projects/${second.project}`)).status).toBe(404);
    expect((await ada.get(`/api/projects/${first.project}`)).status).toBe(200);
  });

  test("waits out GitHub's rate limit and says until when; a failed one can be retried", async () => {
    const limitedOne = await repository([{ path: "a.txt", data: "1" }]);
    const brokenOne = await repository([{ path: "a.txt", data: "1" }]);
    let limited = 0;
    peer.intercept = ({ path }) => {
      if (!path.includes("/tarball/")) return undefined;
      if (path.includes(`/${brokenOne.name}/`)) return { status: 404, body: { message: "Not Found" } };
      if (limited++ > 0) return undefined;
      const message = "You have exceeded a secondary rate limit.";
      return { status: 403, body: { message }, headers: { "retry-after": "12" } };
    };
    const slow = await begin(ada, "/api/github/import", { url: limitedOne.url });
    await expect
      .poll(async () => (await ada.get(`/api/transfers/${slow.transfer}`)).json().waitsUntil)
      .toBeGreaterThan(Date.now());
    const broken = await begin(ada, "/api/github/import", { url: brokenOne.url });
    const failed = await settled(ada, broken.transfer);
    expect(failed).toMatchObject({ state: "failed" });
    expect((await ada.get(`/api/projects/${broken.project}`)).json()).toMatchObject({ state: "failed" });
    peer.intercept = undefined;
    const again = await begin(ada, `/api/transfers/${broken.transfer}/retry`, {});
    expect(await settled(ada, again.transfer)).toMatchObject({ state: "completed" });
    expect((await ada.get(`/api/projects/${broken.project}`)).json()).toMatchObject({ state: "ready" });
    expect(await settled(ada, slow.transfer)).toMatchObject({ state: "completed" });
  });
});

describe("a transfer that lost its execution", () => {
  /** As if nothing had touched it for an hour. */
  async function age(transfer: string): Promise<void> {
    const [row] = await rows(cloud, "transfer", ({ transferID }) => transferID === transfer);
    if (!row) throw new Error("no such transfer");
    const touchedAt = Date.now() - 3_600_000;
    const gsi1sk = String(row.gsi1sk).replace(String(row.touchedAt), String(touchedAt));
    await putRows(cloud, [{ ...row, touchedAt, gsi1sk }]);
  }
  /** Ends the execution behind the product's back, while it waits for a limit of GitHub's. */
  async function orphan(): Promise<{ project: string; transfer: string }> {
    const { url } = await repository([{ path: "a.txt", data: "1" }]);
    const message = "You have exceeded a secondary rate limit.";
    peer.intercept = ({ path }) =>
      path.includes("/tarball/") ? { status: 403, body: { message }, headers: { "retry-after": "600" } } : undefined;
    const begun = await begin(ada, "/api/github/import", { url });
    await until(
      async () => ((await ada.get(`/api/transfers/${begun.transfer}`)).json().waitsUntil ? true : undefined),
      "the wait",
    );
    await until(
      () => Promise.resolve(cloud.endExecution("github-sync", `${begun.transfer}-1`) || undefined),
      "its end",
    );
    peer.intercept = undefined;
    return begun;
  }

  test("gets another from the sweep and completes", async () => {
    const { project, transfer } = await orphan();
    await cloud.invoke("sweep", {});
    expect((await ada.get(`/api/transfers/${transfer}`)).json().state).toBe("running");
    await age(transfer);
    await cloud.invoke("sweep", {});
    expect(await settled(ada, transfer)).toMatchObject({ state: "completed" });
    expect(await pathsOf(ada, project)).toEqual(["a.txt"]);
  });

  test("fails with a reason after several, and can be retried", async () => {
    const { project, transfer } = await orphan();
    const [row] = await rows(cloud, "transfer", ({ transferID }) => transferID === transfer);
    await putRows(cloud, [{ ...row, restarts: 3 }]);
    await age(transfer);
    await cloud.invoke("sweep", {});
    expect(await settled(ada, transfer)).toMatchObject({ state: "failed", error: { code: "internal" } });
    const again = await begin(ada, `/api/transfers/${transfer}/retry`, {});
    expect(await settled(ada, again.transfer)).toMatchObject({ state: "completed" });
    expect(await pathsOf(ada, project)).toEqual(["a.txt"]);
  });
});

test("this repository itself round-trips", async () => {
  const root = join(import.meta.dirname, "../..");
  const listed = (await gitText(root, "ls-files", "-s")).split("\n").map((line) => line.split(/[ \t]/));
  const files = listed.flatMap(([mode = "", , , ...path]) => {
    const name = path.join(" ");
    // A working copy may lack some of them.
    if (!existsSync(join(root, name))) return [];
    return { path: name, mode: mode as "100644", data: readFileSync(join(root, name)) };
  });
  expect(files.length).toBeGreaterThan(300);
  const { name, directory, url } = await repository(files);
  // Its GitHub Actions workflow needs a separate permission.
  const own = await signIn(cloud.url, { name: "Own" });
  await connect(own, { workflow: true });
  const { project, transfer } = await importFrom(own, url);
  expect(transfer.result).toMatchObject({ files: files.length, skipped: 0 });
  const sent = await begin(own, "/api/github/export", { projectId: project, repository: { name: `${name}-copy` } });
  expect(await settled(own, sent.transfer)).toMatchObject({ state: "completed" });
  expect(await treeOf(peer.directory("octo", `${name}-copy`), "main")).toBe(await treeOf(directory, "main"));
});

test("refuses a repository that is too large before creating a project; at the anonymous rate limit offers to connect", async () => {
  const { url } = await repository([{ path: "a.txt", data: "a" }]);
  const count = async () => (await ada.get("/api/projects?limit=100")).json().projects?.length;
  const before = await count();
  const sha = "0".repeat(40);
  const many = Array.from({ length: 50_001 }, (_, at) => ({
    path: `f${at}`,
    mode: "100644",
    type: "blob",
    sha,
    size: 1,
  }));
  peer.intercept = ({ path }) =>
    path.includes("/git/trees/") ? { status: 200, body: { sha, truncated: false, tree: many } } : undefined;
  const refused = await ada.post("/api/github/import", { url });
  expect([refused.status, refused.json().error?.code]).toEqual([422, "repository_too_large"]);
  expect(String(refused.json().error?.message)).toContain("/tree/");
  expect(await count()).toBe(before);
  const reset = Math.floor(Date.now() / 1000) + 1800;
  peer.intercept = () => ({
    status: 403,
    body: { message: "API rate limit exceeded" },
    headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
  });
  const limited = await (await signIn(cloud.url, { name: "Limited" })).post("/api/github/import", { url });
  peer.intercept = undefined;
  expect([limited.status, limited.json().error?.code]).toEqual([429, "rate_limited"]);
  expect(String(limited.json().error?.message)).toMatch(/in (30|31) minutes/);
});

test("an import takes as many steps as it needs, each within its time limit", async () => {
  const files = Array.from({ length: 1500 }, (_, at) => ({ path: `d${at % 9}/f${at}.txt`, data: `${at}\n` }));
  const { url } = await repository(files);
  // GitHub rate-limits the workflow's own step, so that only the steps below run.
  peer.intercept = ({ path }) =>
    path.includes("/tarball/") ? { status: 403, body: {}, headers: { "retry-after": "3000" } } : undefined;
  const { project, transfer } = await begin(ada, "/api/github/import", { url });
  await expect.poll(async () => (await ada.get(`/api/transfers/${transfer}`)).json().waitsUntil).toBeGreaterThan(0);
  peer.intercept = undefined;
  Object.assign(process.env, cloud.rootEnvironment);
  const GitHubSync = await import("@slipway/core/github-sync/system");
  const outcomes: string[] = [];
  for (let steps = 0; outcomes.at(-1) !== "done" && steps < 30; steps++) {
    let looks = 0;
    // Time for about 300 files before the function's timeout.
    outcomes.push((await GitHubSync.step(transfer, () => (looks++ < 300 ? 60_000 : 20_000))).next);
  }
  expect(outcomes.filter((next) => next === "again").length).toBeGreaterThanOrEqual(3);
  expect(outcomes.at(-1)).toBe("done");
  expect(await settled(ada, transfer)).toMatchObject({ state: "completed", result: { files: 1500 } });
  expect((await pathsOf(ada, project)).length).toBe(1500);
});

test("concurrent steps make one project; neither an overtaken step nor an old retry loses a file", async () => {
  const files = Array.from({ length: 800 }, (_, at) => ({ path: `d${at % 9}/f${at}.txt`, data: `${at}\n` }));
  const { url } = await repository(files);
  peer.intercept = ({ path }) =>
    path.includes("/tarball/") ? { status: 404, body: { message: "Not Found" } } : undefined;
  const first = await begin(ada, "/api/github/import", { url });
  expect(await settled(ada, first.transfer)).toMatchObject({ state: "failed" });
  peer.intercept = ({ path }) =>
    path.includes("/tarball/") ? { status: 403, body: {}, headers: { "retry-after": "3000" } } : undefined;
  const { project, transfer } = await begin(ada, `/api/transfers/${first.transfer}/retry`, {});
  await expect.poll(async () => (await ada.get(`/api/transfers/${transfer}`)).json().waitsUntil).toBeGreaterThan(0);
  peer.intercept = undefined;
  Object.assign(process.env, cloud.rootEnvironment);
  const GitHubSync = await import("@slipway/core/github-sync/system");
  const steps = await Promise.all([0, 1, 2].map(() => GitHubSync.step(transfer, () => 300_000)));
  expect(steps.map(({ next }) => next)).toEqual(["done", "done", "done"]);
  expect((await ada.get(`/api/transfers/${transfer}`)).json()).toMatchObject({ state: "completed" });
  await edit(ada, project, "mine.txt", "mine\n");
  for (const old of [first.transfer, transfer])
    expect((await ada.post(`/api/transfers/${old}/retry`)).status).toBe(409);
  await cloud.invoke("sweep", {});
  expect((await pathsOf(ada, project)).length).toBe(801);
  expect(await textOf(ada, project, "mine.txt")).toBe("mine\n");
});

test("refuses a hostile archive with a reason and imports nothing of it", async () => {
  const { url } = await repository([
    { path: "a.txt", data: "a\n" },
    { path: "b.txt", data: "b\n" },
  ]);
  const tar = pack();
  tar.entry({ name: "octo-repo/a.txt" }, "a\n");
  tar.entry({ name: "octo-repo/../../../etc/passwd" }, "root\n");
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar as AsyncIterable<Buffer>) parts.push(part);
  peer.archive = () => gzipSync(Buffer.concat(parts));
  try {
    const { project, transfer } = await begin(ada, "/api/github/import", { url });
    const failed = await settled(ada, transfer);
    expect(failed).toMatchObject({ state: "failed", error: { code: "archive_refused" } });
    expect(failed.error?.message).toContain("leads out of its folder");
    expect(await pathsOf(ada, project)).toEqual([]);
    peer.archive = () => Buffer.from("<html>not an archive</html>");
    const again = await begin(ada, `/api/transfers/${transfer}/retry`, {});
    expect(await settled(ada, again.transfer)).toMatchObject({ state: "failed", error: { code: "archive_refused" } });
    peer.archive = undefined;
    const third = await begin(ada, `/api/transfers/${again.transfer}/retry`, {});
    expect(await settled(ada, third.transfer)).toMatchObject({ state: "completed", result: { files: 2 } });
    expect(await pathsOf(ada, project)).toEqual(["a.txt", "b.txt"]);
  } finally {
    peer.archive = undefined;
  }
});
