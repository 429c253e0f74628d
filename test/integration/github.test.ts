import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type Client } from "../support/client.ts";
import type { Cloud } from "../support/cloud.ts";
import { commitTo, git, gitText } from "../support/git.ts";
import { begin, cloudWithGitHub, connect, importFrom, settled, sourceOf, type GitHubPeer } from "../support/github.ts";
import { leftOf } from "../support/left.ts";
import { pathsOf, textOf } from "../support/page.ts";
import { noise, oddFiles } from "../support/shapes.ts";

let cloud: Cloud;
let peer: GitHubPeer;
let remove: () => Promise<void>;
let ada: Client;

beforeAll(async () => {
  ({ cloud, peer, remove } = await cloudWithGitHub());
  ada = await signIn(cloud.url, { name: "Ada" });
  await connect(ada);
});
afterAll(() => remove());

let made = 0;
/** A repository with one commit of these files. */
async function repository(
  files: Parameters<typeof commitTo>[2],
  options: { isPrivate?: boolean; branch?: string } = {},
) {
  const name = `repo-${++made}`;
  const directory = await peer.createRepository("octo", name, options);
  const commit = files.length > 0 ? await commitTo(directory, options.branch ?? "main", files) : "";
  return { name, directory, commit, url: `${peer.url}/octo/${name}` };
}

async function treeOf(directory: string, ref: string): Promise<string> {
  return gitText(directory, "rev-parse", `${ref}^{tree}`);
}

async function edit(client: Client, project: string, path: string, content: string): Promise<void> {
  const { rev } = (await client.get(`/api/projects/${project}/files/${path}`)).json();
  const reply = await client.request("PUT", `/api/projects/${project}/files/${path}`, {
    body: { content },
    headers: rev === undefined ? {} : { "if-match": String(rev) },
  });
  if (reply.status !== 200) throw new Error(reply.text);
}

describe("a round trip", () => {
  test("of everything odd that a repository can hold gives the same tree, and the report names what was left out", async () => {
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
      "not-utf8-\uFFFD\uFFFD.txt": "name",
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
  test("knows every form of address, branches with slashes, folders, tags, commits and pull requests", async () => {
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

  test("of a public repository needs no account; a private one asks to connect, and is nobody else's", async () => {
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

  test("of an empty repository is an empty project, which exports as its first commit", async () => {
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

  test("keeps 30 MB of bytes as they are", async () => {
    const bytes = noise(30 * 1024 * 1024);
    const { url, directory } = await repository([
      { path: "big.bin", data: bytes },
      { path: "run", data: "x", mode: "100755" },
    ]);
    const { project } = await importFrom(ada, url);
    const { url: link } = (await ada.get(`/api/projects/${project}/files/big.bin`)).json();
    expect(Buffer.from(await (await fetch(String(link))).arrayBuffer()).equals(bytes)).toBe(true);
    const name = `big-${made}`;
    const sent = await begin(ada, "/api/github/export", { projectId: project, repository: { name } });
    expect(await settled(ada, sent.transfer)).toMatchObject({ state: "completed" });
    expect(await treeOf(peer.directory("octo", name), "main")).toBe(await treeOf(directory, "main"));
  });

  test("of 10,000 files, whose listing GitHub cuts short, is whole", async () => {
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

  test("that is killed in the middle goes on, and one that is cancelled is gone with its project", async () => {
    const files = Array.from({ length: 3000 }, (_, at) => ({
      path: `d${at % 20}/f${at}.txt`,
      data: `${at}\n`.repeat(200),
    }));
    const { url } = await repository(files);
    const first = await begin(ada, "/api/github/import", { url });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await cloud.kill("transfer")).toBeGreaterThan(0);
    expect(await settled(ada, first.transfer)).toMatchObject({ state: "completed", result: { files: 3000 } });
    expect((await pathsOf(ada, first.project)).length).toBe(3000);

    const second = await begin(ada, "/api/github/import", { url });
    const refused = await ada.request("PUT", `/api/projects/${second.project}/files/mine.txt`, {
      body: { content: "x" },
    });
    expect([refused.status, refused.json().error?.code]).toEqual([409, "conflict"]);
    expect((await ada.post(`/api/transfers/${second.transfer}/cancel`)).status).toBe(200);
    expect((await ada.get(`/api/projects/${second.project}`)).status).toBe(404);
    expect((await ada.get(`/api/projects/${first.project}`)).status).toBe(200);
  });

  test("waits for GitHub's limits and says until when; what fails can be tried again", async () => {
    const { url } = await repository([{ path: "a.txt", data: "1" }]);
    let limited = 0;
    peer.intercept = ({ path }) =>
      path.includes("/tarball/") && limited++ < 1
        ? {
            status: 403,
            body: { message: "You have exceeded a secondary rate limit." },
            headers: { "retry-after": "12" },
          }
        : undefined;
    const slow = await begin(ada, "/api/github/import", { url });
    await expect
      .poll(async () => (await ada.get(`/api/transfers/${slow.transfer}`)).json().waitsUntil, { timeout: 5000 })
      .toBeGreaterThan(Date.now());
    peer.intercept = ({ path }) =>
      path.includes("/tarball/") ? { status: 404, body: { message: "Not Found" } } : undefined;
    const broken = await begin(ada, "/api/github/import", { url });
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

test("this project's own repository comes back as it went", async () => {
  const root = join(import.meta.dirname, "../..");
  const listed = (await gitText(root, "ls-files", "-s")).split("\n").map((line) => line.split(/[ \t]/));
  const files = listed.map(([mode = "", , , ...path]) => {
    const name = path.join(" ");
    return { path: name, mode: mode as "100644", data: readFileSync(join(root, name)) };
  });
  expect(files.length).toBeGreaterThan(300);
  const { name, directory, url } = await repository(files);
  const { project, transfer } = await importFrom(ada, url);
  expect(transfer.result).toMatchObject({ files: files.length, skipped: 0 });
  const sent = await begin(ada, "/api/github/export", { projectId: project, repository: { name: `${name}-copy` } });
  expect(await settled(ada, sent.transfer)).toMatchObject({ state: "completed" });
  expect(await treeOf(peer.directory("octo", `${name}-copy`), "main")).toBe(await treeOf(directory, "main"));
});

test("what is too large is refused before there is a project, and GitHub's limit without an account offers to connect", async () => {
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

test("an import takes as many steps as it needs, each within its time", async () => {
  const files = Array.from({ length: 1500 }, (_, at) => ({ path: `d${at % 9}/f${at}.txt`, data: `${at}\n` }));
  const { url } = await repository(files);
  // The workflow's own step is sent away by GitHub, so that the steps here are the only ones.
  peer.intercept = ({ path }) =>
    path.includes("/tarball/") ? { status: 403, body: {}, headers: { "retry-after": "3000" } } : undefined;
  const { project, transfer } = await begin(ada, "/api/github/import", { url });
  await expect
    .poll(async () => (await ada.get(`/api/transfers/${transfer}`)).json().waitsUntil, { timeout: 10_000 })
    .toBeGreaterThan(0);
  peer.intercept = undefined;
  Object.assign(process.env, cloud.rootEnvironment);
  const Transfer = await import("@slipway/core/transfer");
  const outcomes: string[] = [];
  for (let steps = 0; outcomes.at(-1) !== "done" && steps < 30; steps++) {
    let looks = 0;
    // Time for about 300 files, then the function is nearly over.
    outcomes.push((await Transfer.step(transfer, () => (looks++ < 300 ? 60_000 : 20_000))).next);
  }
  expect(outcomes.filter((next) => next === "again").length).toBeGreaterThanOrEqual(3);
  expect(outcomes.at(-1)).toBe("done");
  expect(await settled(ada, transfer)).toMatchObject({ state: "completed", result: { files: 1500 } });
  expect((await pathsOf(ada, project)).length).toBe(1500);
});

test("two steps at once come to one project, and neither a step that was overtaken nor an old retry costs a file", async () => {
  const files = Array.from({ length: 800 }, (_, at) => ({ path: `d${at % 9}/f${at}.txt`, data: `${at}\n` }));
  const { url } = await repository(files);
  peer.intercept = ({ path }) =>
    path.includes("/tarball/") ? { status: 404, body: { message: "Not Found" } } : undefined;
  const first = await begin(ada, "/api/github/import", { url });
  expect(await settled(ada, first.transfer)).toMatchObject({ state: "failed" });
  peer.intercept = ({ path }) =>
    path.includes("/tarball/") ? { status: 403, body: {}, headers: { "retry-after": "3000" } } : undefined;
  const { project, transfer } = await begin(ada, `/api/transfers/${first.transfer}/retry`, {});
  await expect
    .poll(async () => (await ada.get(`/api/transfers/${transfer}`)).json().waitsUntil, { timeout: 10_000 })
    .toBeGreaterThan(0);
  peer.intercept = undefined;
  Object.assign(process.env, cloud.rootEnvironment);
  const Transfer = await import("@slipway/core/transfer");
  const steps = await Promise.all([0, 1, 2].map(() => Transfer.step(transfer, () => 300_000)));
  expect(steps.map(({ next }) => next)).toEqual(["done", "done", "done"]);
  expect((await ada.get(`/api/transfers/${transfer}`)).json()).toMatchObject({ state: "completed" });
  await edit(ada, project, "mine.txt", "mine\n");
  for (const old of [first.transfer, transfer])
    expect((await ada.post(`/api/transfers/${old}/retry`)).status).toBe(409);
  await cloud.invoke("sweep", {});
  expect((await pathsOf(ada, project)).length).toBe(801);
  expect(await textOf(ada, project, "mine.txt")).toBe("mine\n");
});

test("a hostile archive is refused with its reason, and nothing of it is in the project", async () => {
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

describe("an export", () => {
  const pullRequest = { title: "Change things", body: "What and why." };
  async function exported(project: string, body: object = { pullRequest }) {
    const { transfer } = await begin(ada, "/api/github/export", { projectId: project, ...body });
    return settled(ada, transfer);
  }

  test("is a branch with a pull request of only what has changed; the next one adds a commit to it", async () => {
    const { name, directory, commit, url } = await repository([
      ...oddFiles,
      { path: "moved/old.txt", data: "the same text\n" },
      { path: "gone.txt", data: "x" },
    ]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "README.md", "# Odd, and edited\n");
    await edit(ada, project, "new/file.txt", "new\n");
    await ada.request("DELETE", `/api/projects/${project}/files/gone.txt`);
    await ada.request("PATCH", `/api/projects/${project}/files/moved/old.txt`, { body: { path: "moved/new.txt" } });
    await ada.request("PATCH", `/api/projects/${project}/files/run.sh`, { body: { path: "bin/run.sh" } });
    await ada.request("PATCH", `/api/projects/${project}/files/nul.bin`, { body: { path: "bin/nul.bin" } });
    const { changes } = await sourceOf(ada, project);
    expect(changes.map(({ path, status, from }) => [path, status, from].filter(Boolean).join(" "))).toEqual([
      "README.md modified",
      "bin/nul.bin renamed nul.bin",
      "bin/run.sh renamed run.sh",
      "gone.txt deleted",
      "moved/new.txt renamed moved/old.txt",
      "new/file.txt added",
    ]);
    peer.log.length = 0;
    const done = await exported(project);
    expect(done).toMatchObject({ state: "completed", result: { pullNumber: 1, files: 9 } });
    const branch = done.result?.branch ?? "";
    expect(branch).toMatch(/^slipway\/change-things-/);
    expect((await gitText(directory, "diff", "--name-status", "-M", "main", branch)).split("\n").toSorted()).toEqual([
      "A\tnew/file.txt",
      "D\tgone.txt",
      "M\tREADME.md",
      "R100\tmoved/old.txt\tmoved/new.txt",
      "R100\tnul.bin\tbin/nul.bin",
      "R100\trun.sh\tbin/run.sh",
    ]);
    expect(await gitText(directory, "ls-tree", branch, "bin/run.sh")).toContain("100755");
    expect(await gitText(directory, "rev-parse", `${branch}^`)).toBe(commit);
    expect(await gitText(directory, "log", "-1", "--format=%B%n%an", branch)).toBe(
      "Change things\n\nWhat and why.\nocto",
    );
    expect(peer.pulls("octo", name)).toMatchObject([{ ...pullRequest, head: branch, base: "main", author: "octo" }]);
    expect(peer.log.filter((line) => line.startsWith("POST")).length).toBeLessThanOrEqual(6);

    expect((await ada.post("/api/github/export", { projectId: project, pullRequest })).json().error?.code).toBe(
      "nothing_to_export",
    );
    await edit(ada, project, "README.md", "# Odd, and edited twice\n");
    expect((await sourceOf(ada, project)).changes).toMatchObject([{ path: "README.md", status: "modified" }]);
    expect(await exported(project)).toMatchObject({ state: "completed", result: { pullNumber: 1, branch, files: 1 } });
    expect(await gitText(directory, "rev-list", "--count", `main..${branch}`)).toBe("2");
    expect(peer.pulls("octo", name).length).toBe(1);
    expect(await gitText(directory, "fsck", "--full").catch(String)).not.toMatch(/error/i);

    // Merged there: the next export is a pull request of its own, on top of what is there.
    await git(directory, ["update-ref", "refs/heads/main", branch]);
    const [pull] = peer.pulls("octo", name);
    if (pull) pull.state = "closed";
    await edit(ada, project, "README.md", "# A third time\n");
    const third = await exported(project);
    expect(third).toMatchObject({ state: "completed", result: { pullNumber: 2, files: 1 } });
    expect(await gitText(directory, "diff", "--name-only", "main", third.result?.branch ?? "")).toBe("README.md");
  });

  test("goes on top of an upstream that has moved on, and asks where both changed a file", async () => {
    const { directory, url } = await repository([
      { path: "a.txt", data: "a\n" },
      { path: "b.txt", data: "b\n" },
      { path: "same.txt", data: "s\n" },
    ]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "a.txt", "mine\n");
    await edit(ada, project, "same.txt", "agreed\n");
    await commitTo(
      directory,
      "main",
      [
        { path: "b.txt", data: "upstream\n" },
        { path: "same.txt", data: "agreed\n" },
      ],
      { keep: true },
    );
    const first = await exported(project);
    const branch = first.result?.branch ?? "";
    expect(first).toMatchObject({ state: "completed", result: { files: 1 } });
    expect(await gitText(directory, "show", `${branch}:b.txt`)).toBe("upstream");
    expect(await gitText(directory, "diff", "--name-only", "main", branch)).toBe("a.txt");

    // Someone pushes to our branch; a file of ours and theirs is asked about, and nothing is forced.
    await commitTo(directory, branch, [{ path: "a.txt", data: "reviewer\n" }], { keep: true });
    const theirs = await gitText(directory, "rev-parse", branch);
    await edit(ada, project, "a.txt", "mine again\n");
    await edit(ada, project, "c.txt", "new\n");
    const { transfer } = await begin(ada, "/api/github/export", { projectId: project, pullRequest });
    const asking = await settled(ada, transfer);
    expect(asking).toMatchObject({ state: "asking", conflicts: [{ path: "a.txt" }] });
    expect((await ada.post(`/api/transfers/${transfer}/answer`, { choices: {} })).status).toBe(422);
    expect((await ada.post(`/api/transfers/${transfer}/answer`, { choices: { "a.txt": "mine" } })).status).toBe(200);
    expect(await settled(ada, transfer)).toMatchObject({ state: "completed", result: { files: 2 } });
    expect(await gitText(directory, "show", `${branch}:a.txt`)).toBe("mine again");
    expect(await gitText(directory, "rev-parse", `${branch}^`)).toBe(theirs);
  });

  test("of a folder changes that folder; of a tag it goes to the default branch", async () => {
    const { directory, commit, url } = await repository([
      { path: "pkg/a/index.txt", data: "a\n" },
      { path: "pkg/b/index.txt", data: "b\n" },
      { path: "link", data: "pkg", mode: "120000" },
    ]);
    await git(directory, ["update-ref", "refs/tags/v1", commit]);
    const folder = await importFrom(ada, `${url}/tree/main/pkg/a`);
    await edit(ada, folder.project, "index.txt", "changed\n");
    await edit(ada, folder.project, "new/file.txt", "new\n");
    const first = await exported(folder.project);
    expect(first).toMatchObject({ state: "completed", result: { files: 2 } });
    expect(await gitText(directory, "diff", "--name-status", "main", first.result?.branch ?? "")).toBe(
      "M\tpkg/a/index.txt\nA\tpkg/a/new/file.txt",
    );
    const tag = await importFrom(ada, `${url}/releases/tag/v1`);
    await edit(ada, tag.project, "pkg/b/index.txt", "changed\n");
    // A file in the place of a link: the file wins.
    await edit(ada, tag.project, "link/now-a-folder.txt", "x\n");
    const second = await exported(tag.project);
    expect(second).toMatchObject({ state: "completed" });
    const branch = second.result?.branch ?? "";
    expect((await gitText(directory, "ls-tree", "-r", "--name-only", branch)).split("\n")).toEqual([
      "link/now-a-folder.txt",
      "pkg/a/index.txt",
      "pkg/b/index.txt",
    ]);
    expect((await ada.post("/api/github/pull", { projectId: tag.project })).status).toBe(422);
  });

  test("of a workflow asks for the permission before anything is sent", async () => {
    const { directory, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, ".github/workflows/ci.yml", "on: push\n");
    const refused = await exported(project);
    expect(refused).toMatchObject({ state: "failed", error: { code: "github_scope_missing" } });
    expect(await gitText(directory, "for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
    await connect(ada, { workflow: true });
    const again = await begin(ada, `/api/transfers/${refused.id}/retry`, {});
    expect(await settled(ada, again.transfer)).toMatchObject({ state: "completed" });
  });

  test("that is cancelled while it waits names what it may have made, and goes on with it when tried again", async () => {
    const { name, directory, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "a.txt", "b\n");
    peer.intercept = ({ method, path }) =>
      method === "POST" && path.endsWith("/pulls")
        ? { status: 403, body: { message: "secondary rate limit" }, headers: { "retry-after": "600" } }
        : undefined;
    const { transfer } = await begin(ada, "/api/github/export", { projectId: project, pullRequest });
    await expect
      .poll(async () => (await ada.get(`/api/transfers/${transfer}`)).json().waitsUntil, { timeout: 10_000 })
      .toBeGreaterThan(Date.now());
    expect((await ada.post("/api/github/pull", { projectId: project })).status).toBe(409);
    expect((await ada.post("/api/github/export/cancel", { projectId: project })).status).toBe(200);
    const cancelled = await settled(ada, transfer);
    const branch = cancelled.result?.branch ?? "";
    expect(cancelled).toMatchObject({ state: "cancelled" });
    expect(cancelled.result?.note).toContain(branch);
    expect(await gitText(directory, "for-each-ref", "--format=%(refname:short)")).toBe(`main\n${branch}`);
    // Neither the time that has passed nor what has changed on either side is in the way.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const once = await begin(ada, `/api/transfers/${transfer}/retry`, {});
    await expect
      .poll(async () => (await ada.get(`/api/transfers/${once.transfer}`)).json().waitsUntil, { timeout: 10_000 })
      .toBeGreaterThan(Date.now());
    expect(await gitText(directory, "rev-list", "--count", `main..${branch}`)).toBe("1");
    await ada.post("/api/github/export/cancel", { projectId: project });
    await edit(ada, project, "a.txt", "c\n");
    await commitTo(directory, "main", [{ path: "upstream.txt", data: "u\n" }], { keep: true });
    peer.intercept = undefined;
    const again = await begin(ada, `/api/transfers/${once.transfer}/retry`, {});
    expect(await settled(ada, again.transfer)).toMatchObject({ state: "completed", result: { branch, pullNumber: 1 } });
    expect(peer.pulls("octo", name).length).toBe(1);
    expect(await gitText(directory, "diff", "--name-only", `main...${branch}`)).toBe("a.txt");
    expect(await gitText(directory, "show", `${branch}:a.txt`)).toBe("c");
    expect(await gitText(directory, "show", `${branch}:upstream.txt`)).toBe("u");
    expect((await ada.post("/api/github/export/reset", { projectId: project })).status).toBe(200);
    expect((await sourceOf(ada, project)).transfer).toBeUndefined();
  });

  test("that dies at any request goes on to one branch and one pull request", async () => {
    const { name, directory, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "a.txt", "b\n");
    await edit(ada, project, "img.bin", "\u0000bytes");
    let killed = 0;
    const seen = new Set<string>();
    // After GitHub has done what was asked, and before the answer is read: the worst moment there is.
    peer.intercept = ({ method, path }) => {
      const call = `${method} ${path}`;
      if (method === "POST" && !seen.has(call) && killed < 3) {
        seen.add(call);
        killed++;
        setTimeout(() => void cloud.kill("transfer"), 60);
      }
      return undefined;
    };
    const { transfer } = await begin(ada, "/api/github/export", { projectId: project, pullRequest });
    const done = await settled(ada, transfer);
    peer.intercept = undefined;
    expect(killed).toBeGreaterThan(1);
    expect(done).toMatchObject({ state: "completed" });
    expect(peer.pulls("octo", name).length).toBe(1);
    expect((await gitText(directory, "for-each-ref", "--format=%(refname)")).split("\n").length).toBe(2);
    expect(await gitText(directory, "rev-list", "--count", `main..${done.result?.branch}`)).toBe("1");
  });

  test("to a new repository refuses a taken name, and what nobody may push to", async () => {
    const { name, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(ada, url);
    expect(await exported(project, { repository: { name } })).toMatchObject({
      state: "failed",
      error: { code: "name_taken" },
    });
    for (const bad of ["", "a b", "..", "x".repeat(101), "ü"])
      expect((await ada.post("/api/github/export", { projectId: project, repository: { name: bad } })).status).toBe(
        422,
      );
    peer.addUser("eve");
    peer.visitor = { login: "eve" };
    const eve = await signIn(cloud.url, { name: "Eve" });
    await connect(eve);
    peer.visitor = { login: "octo" };
    const theirs = await importFrom(eve, url);
    await edit(eve, theirs.project, "a.txt", "b\n");
    const sent = await begin(eve, "/api/github/export", { projectId: theirs.project, pullRequest });
    expect(await settled(eve, sent.transfer)).toMatchObject({ state: "failed", error: { code: "not_allowed" } });
  });

  test("of a project that was begun here makes its repository, and is incremental from then on", async () => {
    const project = String((await ada.post("/api/projects", { name: "Mine" })).json().id);
    await edit(ada, project, "a.txt", "a\n");
    const name = `new-${++made}`;
    expect(await exported(project, { repository: { name, description: "Mine" } })).toMatchObject({
      state: "completed",
    });
    const { source, changes } = await sourceOf(ada, project);
    expect(source).toMatchObject({ repository: `octo/${name}`, isPrivate: true, branch: "main" });
    expect(changes).toEqual([]);
    await edit(ada, project, "b.txt", "b\n");
    const next = await exported(project);
    expect(next).toMatchObject({ state: "completed", result: { pullNumber: 1, files: 1 } });
  });
});

describe("a pull", () => {
  async function pulled(project: string) {
    const { transfer } = await begin(ada, "/api/github/pull", { projectId: project });
    return settled(ada, transfer);
  }

  test("takes what is new, merges what both changed, and can be undone", async () => {
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`);
    const { directory, url } = await repository([
      { path: "merge.txt", data: lines.join("\n") },
      { path: "theirs.txt", data: "1\n" },
      { path: "gone.txt", data: "x\n" },
      { path: "mine.txt", data: "m\n" },
      { path: "run.sh", data: "x\n" },
    ]);
    const { project } = await importFrom(ada, url);
    expect(await pulled(project)).toMatchObject({ state: "completed", result: { files: 0 } });
    await edit(ada, project, "merge.txt", ["mine", ...lines.slice(1)].join("\n"));
    await edit(ada, project, "mine.txt", "changed here\n");
    await commitTo(
      directory,
      "main",
      [
        { path: "merge.txt", data: [...lines.slice(0, -1), "theirs"].join("\n") },
        { path: "theirs.txt", data: "2\n" },
        { path: "new/dir/a.txt", data: "new\n" },
        { path: "run.sh", data: "x\n", mode: "100755" },
        { path: "link", data: "mine.txt", mode: "120000" },
      ],
      { keep: true, remove: ["gone.txt"] },
    );
    const done = await pulled(project);
    expect(done).toMatchObject({ state: "completed", result: { files: 5, skipped: 1 } });
    expect(await textOf(ada, project, "merge.txt")).toBe(["mine", ...lines.slice(1, -1), "theirs"].join("\n"));
    expect((await pathsOf(ada, project)).toSorted()).toEqual([
      "merge.txt",
      "mine.txt",
      "new/dir/a.txt",
      "run.sh",
      "theirs.txt",
    ]);
    const { changes, source } = await sourceOf(ada, project);
    expect(changes.map(({ path }) => path)).toEqual(["merge.txt", "mine.txt"]);
    expect(source.commit).toBe(await gitText(directory, "rev-parse", "main"));
    expect((await ada.post(`/api/projects/${project}/undo`, done.result?.undo)).status).toBe(200);
    expect(await textOf(ada, project, "theirs.txt")).toBe("1\n");
    expect(await textOf(ada, project, "mine.txt")).toBe("changed here\n");
    expect(await textOf(ada, project, "gone.txt")).toBe("x\n");
  });

  test("between two exports is merged into the pull request, which goes on to show only what is ours", async () => {
    const { name, directory, url } = await repository([
      { path: "ours.txt", data: "1\n" },
      { path: "theirs.txt", data: "1\n" },
    ]);
    const { project } = await importFrom(ada, url);
    const send = async () => {
      const body = { projectId: project, pullRequest: { title: "Ours", body: "" } };
      return settled(ada, (await begin(ada, "/api/github/export", body)).transfer);
    };
    await edit(ada, project, "ours.txt", "2\n");
    const branch = (await send()).result?.branch ?? "";
    const upstream = [{ path: "theirs.txt", data: "2\n" }];
    const moved = await commitTo(directory, "main", [...upstream, { path: "new.txt", data: "n\n" }], { keep: true });
    expect(await pulled(project)).toMatchObject({ state: "completed", result: { files: 2 } });
    expect((await sourceOf(ada, project)).changes).toEqual([]);
    await edit(ada, project, "ours.txt", "3\n");
    expect((await sourceOf(ada, project)).changes.map(({ path }) => path)).toEqual(["ours.txt"]);
    expect(await send()).toMatchObject({ state: "completed", result: { pullNumber: 1, branch } });
    expect(await gitText(directory, "diff", "--name-only", `main...${branch}`)).toBe("ours.txt");
    expect((await gitText(directory, "log", "-1", "--format=%P", branch)).split(" ")).toContain(moved);
    expect(await gitText(directory, "show", `${branch}:theirs.txt`)).toBe("2");
    // Merged and pulled: both sides are one again, and the pull request is history.
    await git(directory, ["update-ref", "refs/heads/main", branch]);
    const [pull] = peer.pulls("octo", name);
    if (pull) pull.state = "closed";
    expect(await pulled(project)).toMatchObject({ state: "completed" });
    const state = await sourceOf(ada, project);
    expect([state.changes, state.source.pull]).toEqual([[], undefined]);
  });

  test("asks per file where both changed the same lines, and shows the three sides", async () => {
    const { directory, url } = await repository(
      ["one", "two", "three", "four"].map((name) => ({ path: `${name}.txt`, data: "base\n" })),
    );
    const { project } = await importFrom(ada, url);
    for (const name of ["one", "two", "three"]) await edit(ada, project, `${name}.txt`, `mine ${name}\n`);
    await ada.request("DELETE", `/api/projects/${project}/files/four.txt`);
    await commitTo(
      directory,
      "main",
      ["one", "two", "three", "four"].map((name) => ({ path: `${name}.txt`, data: `theirs ${name}\n` })),
      { keep: true },
    );
    const asking = await pulled(project);
    expect(asking.conflicts?.map(({ path, canMerge }) => `${path} ${canMerge}`)).toEqual([
      "four.txt false",
      "one.txt true",
      "three.txt true",
      "two.txt true",
    ]);
    expect((await ada.get(`/api/transfers/${asking.id}/conflict?path=one.txt`)).json()).toEqual({
      base: "base\n",
      mine: "mine one\n",
      theirs: "theirs one\n",
    });
    const answer = (choices: object) => ada.post(`/api/transfers/${asking.id}/answer`, { choices });
    const wrong = { "one.txt": "mine", "two.txt": "theirs", "three.txt": "both", "four.txt": "both" };
    expect((await answer(wrong)).status).toBe(422);
    expect((await answer({ ...wrong, "four.txt": "theirs" })).status).toBe(200);
    expect(await settled(ada, asking.id)).toMatchObject({ state: "completed" });
    expect(await textOf(ada, project, "one.txt")).toBe("mine one\n");
    expect(await textOf(ada, project, "two.txt")).toBe("theirs two\n");
    expect(await textOf(ada, project, "three.txt")).toBe(
      "<<<<<<< yours\nmine three\n=======\ntheirs three\n>>>>>>> upstream\n",
    );
    expect(await textOf(ada, project, "four.txt")).toBe("theirs four\n");
  });

  test("and all that came of GitHub goes with its project", async () => {
    const { directory, url } = await repository(oddFiles);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "README.md", "mine\n");
    await commitTo(directory, "main", [{ path: "README.md", data: "theirs\n" }], { keep: true });
    expect(await pulled(project)).toMatchObject({ state: "asking" });
    expect((await leftOf(cloud, [project])).length).toBeGreaterThan(oddFiles.length);
    expect((await ada.request("DELETE", `/api/projects/${project}`)).status).toBe(200);
    await cloud.invoke("sweep", {});
    expect(await leftOf(cloud, [project])).toEqual([]);
  });

  test("of hundreds of files goes on after it was killed", async () => {
    const names = Array.from({ length: 400 }, (_, at) => `d${at % 7}/f${at}.txt`);
    const { directory, url } = await repository(names.map((path) => ({ path, data: "1\n" })));
    const { project } = await importFrom(ada, url);
    await commitTo(
      directory,
      "main",
      names.map((path) => ({ path, data: `2 ${path}\n` })),
    );
    const { transfer } = await begin(ada, "/api/github/pull", { projectId: project });
    await expect
      .poll(async () => (await ada.get(`/api/projects/${project}`)).json().rev, { timeout: 20_000 })
      .toBeGreaterThan(1);
    await cloud.kill("transfer");
    expect(await settled(ada, transfer)).toMatchObject({ state: "completed", result: { files: 400 } });
    expect((await sourceOf(ada, project)).changes).toEqual([]);
    expect(await textOf(ada, project, "d0/f0.txt")).toBe("2 d0/f0.txt\n");
  });
});
