import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client } from "../support/client.ts";
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
  type GitHubPeer,
} from "../support/github.ts";
import { leftOf } from "../support/left.ts";
import { pathsOf, textOf } from "../support/page.ts";
import { oddFiles } from "../support/shapes.ts";

let cloud: Cloud;
let peer: GitHubPeer;
let remove: () => Promise<void>;
let repository: ReturnType<typeof repositoriesOn>;
let ada: Client;

beforeAll(async () => {
  ({ cloud, peer, repository, ada, remove } = await connectedGitHub());
});
afterAll(() => remove());

describe("an export", () => {
  const pullRequest = { title: "Change things", body: "What and why." };
  async function exported(project: string, body: object = { pullRequest }) {
    const { transfer } = await begin(ada, "/api/github/export", { projectId: project, ...body });
    return settled(ada, transfer);
  }

  test("opens a pull request with only the changes; the next one adds a commit", async () => {
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
    expect(await gitText(directory, "log", "-1", "--format=%an%n%B", branch)).toBe(
      "octo\nChange things\n\nWhat and why.",
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

    // Merged upstream, so the next export is a new pull request on top.
    await git(directory, ["update-ref", "refs/heads/main", branch]);
    const [pull] = peer.pulls("octo", name);
    if (pull) pull.state = "closed";
    await edit(ada, project, "README.md", "# A third time\n");
    const third = await exported(project);
    expect(third).toMatchObject({ state: "completed", result: { pullNumber: 2, files: 1 } });
    expect(await gitText(directory, "diff", "--name-only", "main", third.result?.branch ?? "")).toBe("README.md");
  });

  test("rebases onto a moved upstream and asks where both changed a file", async () => {
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

    // Someone else pushes to our branch: asks about the file that both changed and never forces.
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

  test("of a folder changes only that folder; of a tag targets the default branch", async () => {
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
    // A folder replaces a link that was not imported: nothing decides that but a person.
    await edit(ada, tag.project, "link/now-a-folder.txt", "x\n");
    const asking = await exported(tag.project);
    expect(asking).toMatchObject({ state: "asking", conflicts: [{ path: "link", kind: "clash" }] });
    await ada.post(`/api/transfers/${asking.id}/answer`, { choices: { link: "mine" } });
    const second = await settled(ada, asking.id);
    expect(second).toMatchObject({ state: "completed" });
    const branch = second.result?.branch ?? "";
    expect((await gitText(directory, "ls-tree", "-r", "--name-only", branch)).split("\n")).toEqual([
      "link/now-a-folder.txt",
      "pkg/a/index.txt",
      "pkg/b/index.txt",
    ]);
    expect((await ada.post("/api/github/pull", { projectId: tag.project })).status).toBe(422);
  });

  test("of a workflow file asks for the permission before sending anything", async () => {
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

  test("cancelled while waiting names the branch it may have created and reuses it on retry", async () => {
    const { name, directory, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "a.txt", "b\n");
    peer.intercept = ({ method, path }) =>
      method === "POST" && path.endsWith("/pulls")
        ? { status: 403, body: { message: "secondary rate limit" }, headers: { "retry-after": "600" } }
        : undefined;
    const { transfer } = await begin(ada, "/api/github/export", { projectId: project, pullRequest });
    await expect
      .poll(async () => (await ada.get(`/api/transfers/${transfer}`)).json().waitsUntil)
      .toBeGreaterThan(Date.now());
    expect((await ada.post("/api/github/pull", { projectId: project })).status).toBe(409);
    expect((await ada.post("/api/github/export/cancel", { projectId: project })).status).toBe(200);
    const cancelled = await settled(ada, transfer);
    const branch = cancelled.result?.branch ?? "";
    expect(cancelled).toMatchObject({ state: "cancelled" });
    expect(cancelled.result?.note).toContain(branch);
    expect(await gitText(directory, "for-each-ref", "--format=%(refname:short)")).toBe(`main\n${branch}`);
    // Git's times are whole seconds: in the next one, the same commit made again would have another hash.
    const cancelledAt = Math.floor(Date.now() / 1000);
    await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(cancelledAt);
    const once = await begin(ada, `/api/transfers/${transfer}/retry`, {});
    await expect
      .poll(async () => (await ada.get(`/api/transfers/${once.transfer}`)).json().waitsUntil)
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

  test("killed at any request ends with one branch and one pull request", async () => {
    const { name, directory, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "a.txt", "b\n");
    await edit(ada, project, "img.bin", "\u0000bytes");
    let killed = 0;
    const seen = new Set<string>();
    // After GitHub has acted and before its answer is read: the worst moment.
    peer.intercept = ({ method, path }) => {
      const call = `${method} ${path}`;
      if (method === "POST" && !seen.has(call) && killed < 3) {
        seen.add(call);
        killed++;
        setTimeout(() => void cloud.kill("github-sync"), 60);
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

  test("to a new repository refuses a taken name and a name that is none", async () => {
    const { name, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(ada, url);
    expect(await exported(project, { repository: { name } })).toMatchObject({
      state: "failed",
      error: { code: "name_taken" },
    });
    for (const bad of ["", "a b", "..", "x".repeat(101), "ü", "x.git"])
      expect((await ada.post("/api/github/export", { projectId: project, repository: { name: bad } })).status).toBe(
        422,
      );
  });

  test("of a local project creates its repository and is incremental from then on", async () => {
    const project = String((await ada.post("/api/projects", { name: "Mine" })).json().id);
    await edit(ada, project, "a.txt", "a\n");
    const name = "begun-here";
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

  test("takes upstream changes, merges what both changed, and can be undone", async () => {
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

  test("between two exports is merged into the pull request, which still shows only our changes", async () => {
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
    // Merged and pulled: both sides are equal and the pull request is closed.
    await git(directory, ["update-ref", "refs/heads/main", branch]);
    const [pull] = peer.pulls("octo", name);
    if (pull) pull.state = "closed";
    expect(await pulled(project)).toMatchObject({ state: "completed" });
    const state = await sourceOf(ada, project);
    expect([state.changes, state.source.pull]).toEqual([[], undefined]);
  });

  test("asks per conflicting file and shows three sides", async () => {
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

  test("is removed with its project, like everything from GitHub", async () => {
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

  test("of hundreds of files resumes after a kill", async () => {
    const names = Array.from({ length: 400 }, (_, at) => `d${at % 7}/f${at}.txt`);
    const { directory, url } = await repository(names.map((path) => ({ path, data: "1\n" })));
    const { project } = await importFrom(ada, url);
    await commitTo(
      directory,
      "main",
      names.map((path) => ({ path, data: `2 ${path}\n` })),
    );
    const { transfer } = await begin(ada, "/api/github/pull", { projectId: project });
    await expect.poll(async () => (await ada.get(`/api/projects/${project}`)).json().rev).toBeGreaterThan(1);
    await cloud.kill("github-sync");
    expect(await settled(ada, transfer)).toMatchObject({ state: "completed", result: { files: 400 } });
    expect((await sourceOf(ada, project)).changes).toEqual([]);
    expect(await textOf(ada, project, "d0/f0.txt")).toBe("2 d0/f0.txt\n");
  });
});
