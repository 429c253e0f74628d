import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn, type Client } from "../support/client.ts";
import type { Cloud } from "../support/cloud.ts";
import { commitTo, git, gitText } from "../support/git.ts";
import { begin, cloudWithGitHub, connect, importFrom, settled, sourceOf, type GitHubPeer } from "../support/github.ts";
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
