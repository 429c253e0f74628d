import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
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
import { noise } from "../support/shapes.ts";
import { temporaryFolder } from "../support/stack.ts";

/** What real repositories, and the real GitHub, are known to do. */

let cloud: Cloud;
let peer: GitHubPeer;
let remove: () => Promise<void>;
let repository: ReturnType<typeof repositoriesOn>;
let ada: Client;

beforeAll(async () => {
  ({ cloud, peer, repository, ada, remove } = await connectedGitHub());
});
afterAll(() => remove());
afterEach(() => {
  Object.assign(peer, {
    intercept: undefined,
    treeLimit: 100_000,
    treeBytes: 7 * 1024 * 1024,
    contentLimit: { minute: 80, hour: 500 },
    latency: 0,
    slowCreation: 0,
    lfsInArchives: false,
    takesLFS: true,
  });
});

const pullRequest = { title: "Change things", body: "" };
async function exported(client: Client, project: string, body: object = { pullRequest }) {
  return settled(client, (await begin(client, "/api/github/export", { projectId: project, ...body })).transfer);
}
async function pulled(project: string, body: object = {}) {
  return settled(ada, (await begin(ada, "/api/github/pull", { projectId: project, ...body })).transfer);
}
async function answer(transfer: string, choices: Record<string, string>) {
  const reply = await ada.post(`/api/transfers/${transfer}/answer`, { choices });
  expect(reply.status).toBe(200);
  return settled(ada, transfer);
}
const namesAt = async (directory: string, ref: string) =>
  (await gitText(directory, "ls-tree", "-r", "--name-only", ref)).split("\n").filter(Boolean);

describe("a file here and a folder upstream, or the reverse", () => {
  test("are asked about by an export, which deletes nothing of upstream's by itself", async () => {
    for (const [ours, theirs] of [
      ["docs", "docs/a.md"],
      ["docs/b.md", "docs"],
    ] as const) {
      const { directory, url } = await repository([{ path: "a.txt", data: "a\n" }]);
      const { project } = await importFrom(ada, url);
      await edit(ada, project, ours, "ours\n");
      await commitTo(directory, "main", [{ path: theirs, data: "theirs\n" }], { keep: true });
      const asking = await exported(ada, project);
      expect(asking).toMatchObject({ state: "asking", conflicts: [{ path: "docs", kind: "clash", canMerge: false }] });
      expect(await answer(asking.id, { docs: "theirs" })).toMatchObject({
        state: "failed",
        error: { code: "nothing_to_export" },
      });
      const again = await exported(ada, project);
      const done = await answer(again.id, { docs: "mine" });
      expect(done).toMatchObject({ state: "completed" });
      expect(await namesAt(directory, done.result?.branch ?? "")).toEqual(["a.txt", ours]);
    }
  });

  test("are merged by a pull, or asked about", async () => {
    const { directory, url } = await repository([
      { path: "d/a", data: "1\n" },
      { path: "d/b", data: "2\n" },
      { path: "e", data: "3\n" },
    ]);
    const { project } = await importFrom(ada, url);
    // An empty folder that only the project has, where upstream makes a file.
    for (const folder of ["empty", "empty/inner", "d/mine"])
      expect(
        (await ada.post(`/api/projects/${project}/changes`, { changes: [{ op: "folder", path: folder }] })).status,
      ).toBe(200);
    await commitTo(directory, "main", [
      { path: "d", data: "now a file\n" },
      { path: "e/inside", data: "now a folder\n" },
      { path: "empty", data: "a file\n" },
    ]);
    expect(await pulled(project)).toMatchObject({ state: "completed" });
    expect((await pathsOf(ada, project)).toSorted()).toEqual(["d", "e/inside", "empty"]);
    expect((await sourceOf(ada, project)).changes).toEqual([]);

    await edit(ada, project, "e/inside", "edited\n");
    await commitTo(directory, "main", [
      { path: "d", data: "now a file\n" },
      { path: "e", data: "a file again\n" },
    ]);
    const asking = await pulled(project);
    expect(asking).toMatchObject({ state: "asking", conflicts: [{ path: "e", kind: "clash" }] });
    expect(await answer(asking.id, { e: "theirs" })).toMatchObject({ state: "completed" });
    expect((await pathsOf(ada, project)).toSorted()).toEqual(["d", "e"]);
  });
});

describe("a rename", () => {
  const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`);
  test("upstream is followed by our edit, also when it changed the file", async () => {
    const { directory, url } = await repository([
      { path: "old/same.txt", data: lines.join("\n") },
      { path: "old/edited.txt", data: lines.map((line) => `${line} of another`).join("\n") },
    ]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "old/same.txt", ["mine", ...lines.slice(1)].join("\n"));
    const other = lines.map((line) => `${line} of another`);
    await edit(ada, project, "old/edited.txt", ["mine", ...other.slice(1)].join("\n"));
    await commitTo(directory, "main", [
      { path: "new/same.txt", data: lines.join("\n") },
      { path: "new/renamed.txt", data: [...other.slice(0, -1), "theirs"].join("\n") },
    ]);
    expect(await pulled(project)).toMatchObject({ state: "completed" });
    expect((await pathsOf(ada, project)).toSorted()).toEqual(["new/renamed.txt", "new/same.txt"]);
    expect(await textOf(ada, project, "new/same.txt")).toBe(["mine", ...lines.slice(1)].join("\n"));
    expect(await textOf(ada, project, "new/renamed.txt")).toBe(["mine", ...other.slice(1, -1), "theirs"].join("\n"));
  });

  test("here takes upstream's edit, in a pull and in an export", async () => {
    const { directory, url } = await repository([{ path: "old.txt", data: lines.join("\n") }]);
    const { project } = await importFrom(ada, url);
    const second = await importFrom(ada, url);
    for (const each of [project, second.project])
      await ada.request("PATCH", `/api/projects/${each}/files/old.txt`, { body: { path: "new.txt" } });
    const theirs = [...lines.slice(0, -1), "theirs"].join("\n");
    await commitTo(directory, "main", [{ path: "old.txt", data: theirs }]);
    expect(await pulled(project)).toMatchObject({ state: "completed" });
    expect(await pathsOf(ada, project)).toEqual(["new.txt"]);
    expect(await textOf(ada, project, "new.txt")).toBe(theirs);
    const done = await exported(ada, second.project);
    expect(done).toMatchObject({ state: "completed" });
    expect(await namesAt(directory, done.result?.branch ?? "")).toEqual(["new.txt"]);
    expect(await gitText(directory, "show", `${done.result?.branch}:new.txt`)).toBe(theirs);
  });
});

describe("an export leaves out", () => {
  test("what .gitignore excludes, unless upstream tracks it", async () => {
    const { directory, url } = await repository([
      { path: ".gitignore", data: "node_modules/\n*.log\n!keep.log\n" },
      { path: "tracked.log", data: "1\n" },
      { path: "web/.gitignore", data: "/dist\n" },
    ]);
    const { project } = await importFrom(ada, url);
    for (const path of ["node_modules/a/index.js", "b.log", "keep.log", "tracked.log", "web/dist/a.js", "dist/a.js"])
      await edit(ada, project, path, `${path}\n`);
    expect((await sourceOf(ada, project)).changes.map(({ path }) => path)).toEqual([
      "dist/a.js",
      "keep.log",
      "tracked.log",
    ]);
    const done = await exported(ada, project);
    expect(done).toMatchObject({ state: "completed", result: { files: 3 } });
    expect(done.result?.note).toContain("3 files that .gitignore excludes");
    expect(await gitText(directory, "diff", "--name-only", "main", done.result?.branch ?? "")).toBe(
      "dist/a.js\nkeep.log\ntracked.log",
    );
    // A new repository gets the same.
    const copy = await exported(ada, project, { repository: { name: "ignoring" } });
    expect(copy).toMatchObject({ state: "completed" });
    expect(await namesAt(peer.directory("octo", "ignoring"), "main")).toEqual([
      ".gitignore",
      "dist/a.js",
      "keep.log",
      "tracked.log",
      "web/.gitignore",
    ]);
  });

  test("what looks like a secret, unless a person sends it; nothing is created before the answer", async () => {
    const project = String((await ada.post("/api/projects", { name: "Secrets" })).json().id);
    await edit(ada, project, ".env", "PASSWORD=x\n");
    await edit(ada, project, "a.txt", "a\n");
    await edit(ada, project, "key.txt", `-----BEGIN RSA PRIVATE ${"KEY"}-----\n`);
    peer.log.length = 0;
    const asking = await exported(ada, project, { repository: { name: "secrets" } });
    expect(asking.conflicts?.map(({ path, kind }) => `${kind} ${path}`)).toEqual(["secret .env", "secret key.txt"]);
    expect(peer.log.filter((line) => line.includes("octo/secrets") || line.endsWith("/user/repos"))).toEqual([]);
    expect(await answer(asking.id, { ".env": "theirs", "key.txt": "mine" })).toMatchObject({ state: "completed" });
    expect(await namesAt(peer.directory("octo", "secrets"), "main")).toEqual(["a.txt", "key.txt"]);
  });
});

describe(".gitattributes", () => {
  const attributes = "* text=auto\n*.png filter=lfs diff=lfs merge=lfs -text\n*.bat text eol=crlf\n";
  test("make LF of new line ends, and Git LFS pointers of files whose object is uploaded first", async () => {
    const { directory, url } = await repository([
      { path: ".gitattributes", data: attributes },
      { path: "old.txt", data: "a\r\n" },
    ]);
    const { project } = await importFrom(ada, url);
    const image = noise(50_000, "image");
    await edit(ada, project, "new.txt", "one\r\ntwo\r\n");
    await edit(ada, project, "run.bat", "echo\r\n");
    await edit(ada, project, "old.txt", "b\r\n");
    await edit(ada, project, "logo.png", image.toString("latin1"));
    const done = await exported(ada, project);
    expect(done).toMatchObject({ state: "completed" });
    const branch = done.result?.branch ?? "";
    const show = async (path: string) => (await git(directory, ["show", `${branch}:${path}`])).toString();
    expect(await show("new.txt")).toBe("one\ntwo\n");
    expect(await show("run.bat")).toBe("echo\n");
    // It was committed with CRLF, so git leaves it.
    expect(await show("old.txt")).toBe("b\r\n");
    const bytes = Buffer.from(image.toString("latin1"));
    const oid = createHash("sha256").update(bytes).digest("hex");
    expect(await show("logo.png")).toBe(
      `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`,
    );
    expect(peer.lfs.get(oid)?.equals(bytes)).toBe(true);
    expect((await sourceOf(ada, project)).changes).toEqual([]);
    // The same as a new repository: the pointer again, and not the bytes under its hash.
    const copy = await exported(ada, project, { repository: { name: "large-files" } });
    expect(copy).toMatchObject({ state: "completed" });
    expect(await treeOf(peer.directory("octo", "large-files"), "main")).toBe(await treeOf(directory, branch));
  });

  test("stop an export with a reason where Git LFS is not taken", async () => {
    peer.takesLFS = false;
    const { directory, url } = await repository([{ path: ".gitattributes", data: attributes }]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "logo.png", "bytes");
    const failed = await exported(ada, project);
    expect(failed).toMatchObject({ state: "failed", error: { code: "github_failed" } });
    expect(failed.error?.message).toMatch(/"logo\.png" into Git LFS.*disabled/);
    expect(await gitText(directory, "for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
  });
});

test("a new script is executable; a name with a line separator of Unicode has a route", async () => {
  const { directory, url } = await repository([{ path: "odd\u2028name.txt", data: "odd\n" }]);
  const { project } = await importFrom(ada, url);
  const odd = `/api/projects/${project}/files/${encodeURIComponent("odd\u2028name.txt")}`;
  expect((await ada.get(odd)).json()).toMatchObject({ content: "odd\n" });
  await edit(ada, project, "bin/run", "#!/usr/bin/env node\n");
  const done = await exported(ada, project);
  expect(await gitText(directory, "ls-tree", done.result?.branch ?? "", "bin/run")).toContain("100755");
});

describe("GitHub's limits", () => {
  test("an export of many binaries creates no content piece by piece, and ends", async () => {
    const { directory, url } = await repository([{ path: "known.bin", data: noise(3000, "known") }]);
    const { project } = await importFrom(ada, url);
    for (let at = 0; at < 60; at++) await edit(ada, project, `bin/${at}.bin`, `\u0000${at}`);
    await ada.request("PATCH", `/api/projects/${project}/files/known.bin`, { body: { path: "bin/known.bin" } });
    peer.contentLimit = { minute: 1000, hour: 1000 };
    peer.log.length = 0;
    const done = await exported(ada, project);
    expect(done).toMatchObject({ state: "completed", result: { files: 62 } });
    expect((await namesAt(directory, done.result?.branch ?? "")).length).toBe(61);
    const created = peer.log.filter((line) => /^(?:POST|PATCH|PUT) \/api/.test(line));
    expect(created).toEqual([expect.stringMatching(/\/pulls$/)]);
  });

  test("a limit on content is waited for, and what was pushed is not pushed again", async () => {
    const { directory, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "a.txt", "b\n");
    let refused = 0;
    peer.intercept = ({ method, path }) =>
      method === "POST" && path.endsWith("/pulls") && refused++ === 0
        ? {
            status: 403,
            body: {
              message:
                "You have exceeded a secondary rate limit and have been temporarily blocked from content creation.",
            },
            headers: { "retry-after": "12" },
          }
        : undefined;
    peer.log.length = 0;
    expect(await exported(ada, project)).toMatchObject({ state: "completed", result: { pullNumber: 1 } });
    expect(peer.log.filter((line) => line.endsWith("git-receive-pack")).length).toBe(1);
    expect((await gitText(directory, "for-each-ref", "--format=%(refname)")).split("\n").length).toBe(2);
  });

  test("a cut list is read in the workflow, by folders that it does not hold whole, across a rate limit", async () => {
    const files = Array.from({ length: 2000 }, (_, at) => ({
      path: `d${at % 40}/s${at % 3}/f${at}.txt`,
      data: `${at}\n`,
    }));
    const { url } = await repository(files);
    peer.treeLimit = 500;
    peer.latency = 30;
    let lists = 0;
    peer.intercept = ({ path }) => {
      if (!path.includes("/git/trees/") || ++lists !== 20) return undefined;
      return { status: 403, body: { message: "API rate limit exceeded" }, headers: { "retry-after": "11" } };
    };
    const began = await ada.post("/api/github/import", { url });
    expect(began.status).toBe(200);
    expect(lists).toBe(1);
    const transfer = String(began.json().transferId);
    expect(await settled(ada, transfer)).toMatchObject({ state: "completed", result: { files: 2000 } });
    expect((await pathsOf(ada, String(began.json().projectId))).length).toBe(2000);
    // 40 folders, of which the cut list holds some; none is listed twice but for the refused round.
    expect(lists).toBeLessThan(55);
  });

  test("files that the archive leaves out come in packs", async () => {
    const files = Array.from({ length: 700 }, (_, at) => ({
      path: `tests/t${at}.txt`,
      data: `test ${at}\n`.repeat(20),
    }));
    const { url } = await repository([...files, { path: ".gitattributes", data: "/tests export-ignore\n" }]);
    peer.log.length = 0;
    const { project, transfer } = await importFrom(ada, url);
    expect(transfer.result).toMatchObject({ files: 701 });
    expect(await textOf(ada, project, "tests/t699.txt")).toBe("test 699\n".repeat(20));
    expect(peer.log.length).toBeLessThan(12);
  });

  test("an archive with Git LFS objects in it is imported as the commit has it", async () => {
    const object = noise(2 * 1024 * 1024, "large");
    const oid = createHash("sha256").update(object).digest("hex");
    peer.lfs.set(oid, object);
    peer.lfsInArchives = true;
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${object.length}\n`;
    const { url } = await repository([
      { path: "a.txt", data: "a\n" },
      { path: "film.mp4", data: pointer },
    ]);
    const { project, transfer } = await importFrom(ada, url);
    expect(transfer.result).toMatchObject({ files: 2, skipped: 1 });
    expect(await textOf(ada, project, "film.mp4")).toBe(pointer);
  });

  test("a repository that was just created is pushed to as soon as GitHub knows it", async () => {
    peer.slowCreation = 3;
    const project = String((await ada.post("/api/projects", { name: "Slow" })).json().id);
    await edit(ada, project, "a.txt", "a\n");
    expect(await exported(ada, project, { repository: { name: "created-slowly" } })).toMatchObject({
      state: "completed",
    });
  });
});

describe("words", () => {
  test("of a rate limit know who is connected", async () => {
    const { url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const reset = Math.floor(Date.now() / 1000) + 1800;
    peer.intercept = () => ({
      status: 403,
      body: { message: "API rate limit exceeded" },
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
    });
    const message = async (client: Client) =>
      String((await client.post("/api/github/import", { url })).json().error?.message);
    expect(await message(ada)).toMatch(/requests of octo is reached.*Try again in \d+ minutes\.$/);
    expect(await message(await signIn(cloud.url, { name: "Nobody" }))).toMatch(/without an account.*connect GitHub/);
  });

  test("of a project without files come before a repository is made", async () => {
    const project = String((await ada.post("/api/projects", { name: "Empty" })).json().id);
    peer.log.length = 0;
    const failed = await exported(ada, project, { repository: { name: "never-made" } });
    expect(failed).toMatchObject({ state: "failed", error: { code: "nothing_to_export" } });
    expect(peer.log.filter((line) => line.startsWith("POST"))).toEqual([]);
  });
});

test("npm run github serves a shallow clone whole", async () => {
  const { directory } = await repository([{ path: "a.txt", data: "1\n" }]);
  const commit = await commitTo(directory, "main", [{ path: "a.txt", data: "2\n" }]);
  const folder = temporaryFolder();
  await git(folder.path, ["clone", "-q", "--depth=1", `file://${directory}`, "shallow"]);
  const serve = spawn(
    process.execPath,
    [join(import.meta.dirname, "../support/github-serve.ts"), join(folder.path, "shallow")],
    {
      env: { ...process.env, PORT: "0" },
    },
  );
  try {
    let out = "";
    serve.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    const at = await until(() => Promise.resolve(/stands in at (\S+);/.exec(out)?.[1]), "the address");
    const found = await fetch(`${at}/api/v3/repos/octo/shallow/commits/heads/main`);
    expect(await found.json()).toMatchObject({ sha: commit });
  } finally {
    serve.kill("SIGINT");
    folder.remove();
  }
});

describe("the repository itself", () => {
  test("is followed when it is renamed, and refused when another has its name", async () => {
    const { name, directory, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "b.txt", "b\n");
    peer.rename("octo", name, `${name}-renamed`);
    await commitTo(directory, "main", [{ path: "c.txt", data: "c\n" }], { keep: true });
    expect(await pulled(project)).toMatchObject({ state: "completed", result: { files: 1 } });
    expect(await exported(ada, project)).toMatchObject({ state: "completed" });
    expect((await sourceOf(ada, project)).source.repository).toBe(`octo/${name}-renamed`);

    const old = await importFrom(ada, `octo/${name}-renamed`);
    peer.rename("octo", `${name}-renamed`, `${name}-moved`);
    const other = await peer.createRepository("octo", `${name}-renamed`);
    await commitTo(other, "main", [{ path: "other.txt", data: "x\n" }]);
    expect(await pulled(old.project)).toMatchObject({ state: "failed", error: { code: "conflict" } });
    expect((await pathsOf(ada, old.project)).toSorted()).toEqual(["a.txt", "c.txt"]);
  });

  test("without push access gets the pull request from a fork; the next export adds to it", async () => {
    peer.addUser("eve");
    peer.visitor = { login: "eve" };
    const eve = await signIn(cloud.url, { name: "Eve" });
    await connect(eve);
    peer.visitor = { login: "octo" };
    peer.slowCreation = 2;
    const { name, directory, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(eve, url);
    await edit(eve, project, "a.txt", "b\n");
    const done = await exported(eve, project);
    expect(done).toMatchObject({ state: "completed", result: { pullNumber: 1 } });
    expect(done.result?.note).toContain(`eve/${name}`);
    const branch = done.result?.branch ?? "";
    expect(peer.pulls("octo", name)).toMatchObject([{ from: `eve/${name}`, head: branch, author: "eve" }]);
    expect(await gitText(directory, "for-each-ref", "--format=%(refname)")).not.toContain(branch);
    await edit(eve, project, "a.txt", "c\n");
    expect(await exported(eve, project)).toMatchObject({ state: "completed", result: { pullNumber: 1 } });
    expect(await gitText(peer.directory("eve", name), "show", `${branch}:a.txt`)).toBe("c");
    // Imported by someone else, the pull request's own changes go along.
    const proposal = await importFrom(ada, `${url}/pull/1`);
    await edit(ada, proposal.project, "b.txt", "on top\n");
    const onTop = await exported(ada, proposal.project);
    expect(onTop).toMatchObject({ state: "completed", result: { pullNumber: 2 } });
    expect(await gitText(directory, "diff", "--name-only", "main", onTop.result?.branch ?? "")).toBe("a.txt\nb.txt");
  });

  test("with a pull request that was closed unmerged takes another one", async () => {
    const { name, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const { project } = await importFrom(ada, url);
    await edit(ada, project, "a.txt", "b\n");
    await exported(ada, project);
    const [pull] = peer.pulls("octo", name);
    if (pull) pull.state = "closed";
    const again = await exported(ada, project);
    expect(again).toMatchObject({ state: "completed", result: { pullNumber: 2, files: 1 } });
    expect(again.result?.note).toContain("#1 is closed");
    // The panel lists the changes again once it has looked.
    const [, second] = peer.pulls("octo", name);
    if (second) second.state = "closed";
    expect((await sourceOf(ada, project)).changes).toEqual([]);
    const looked = (await ada.post(`/api/projects/${project}/source/refresh`)).json();
    expect(looked).toMatchObject({ changes: [{ path: "a.txt" }] });
    expect(looked.source).not.toHaveProperty("pull");
  });

  test("is imported at an annotated tag", async () => {
    const { directory, commit, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    await git(directory, ["tag", "-a", "v1", "-m", "first", commit]);
    const { project } = await importFrom(ada, `${url}/releases/tag/v1`);
    expect((await sourceOf(ada, project)).source).toMatchObject({ ref: "v1", commit });
  });

  test("says what is missing: a pull request, a branch, a commit", async () => {
    const { name, directory, url } = await repository([{ path: "a.txt", data: "a\n" }]);
    const message = async (address: string) =>
      String((await ada.post("/api/github/import", { url: address })).json().error?.message);
    expect(await message(`${url}/pull/9999`)).toContain(`octo/${name} has no pull request #9999`);
    expect(await message(`${url}/tree/gone`)).toContain('has no branch or tag "gone"');
    await commitTo(directory, "feature", [{ path: "a.txt", data: "f\n" }]);
    const { project } = await importFrom(ada, `${url}/tree/feature`);
    await git(directory, ["update-ref", "-d", "refs/heads/feature"]);
    const failed = await pulled(project);
    expect(failed.error?.message).toContain(`octo/${name} has no branch "feature"`);
    const empty = await repository([]);
    expect(await message(`${empty.url}/commit/0123456789`)).toContain("is empty");
  });

  test("keeps two names that are not UTF-8 and look alike", async () => {
    const names = [Buffer.from("caf\xe9", "latin1"), Buffer.from("caf\xe8", "latin1")];
    const { name, directory, url } = await repository(names.map((path, at) => ({ path, data: `${at}\n` })));
    const { project, transfer } = await importFrom(ada, url);
    expect(transfer.result).toMatchObject({ files: 0, skipped: 2 });
    await edit(ada, project, "a.txt", "a\n");
    expect(await exported(ada, project, { repository: { name: `${name}-copy` } })).toMatchObject({
      state: "completed",
    });
    const sent = await exported(ada, project);
    const list = async (at: string, ref: string) => (await git(at, ["ls-tree", "-r", "-z", ref])).toString("latin1");
    const whole = await list(directory, sent.result?.branch ?? "");
    expect(whole.split("\0").length).toBe(4);
    expect(await list(peer.directory("octo", `${name}-copy`), "main")).toBe(whole);
  });
});
