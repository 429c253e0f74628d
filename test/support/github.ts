import type { Source, SourceState, Transfer } from "@slipway/contract/github";
import type { CloudOptions } from "@slipway/local/cloud";
import { cloudWith, type Cloud } from "./cloud.ts";
import { signIn, signInWith, until, type Client } from "./client.ts";
import { commitTo, gitText, type SeedFile } from "./git.ts";
import { startGitHub, type GitHubPeer } from "./github-peer.ts";

export type { GitHubPeer } from "./github-peer.ts";

/** The local cloud with its own GitHub peer. */
export async function cloudWithGitHub(
  options: Partial<CloudOptions> & { appSlug?: string } = {},
): Promise<{ cloud: Cloud; peer: GitHubPeer; remove(): Promise<void> }> {
  const peer = await startGitHub();
  const provider = {
    type: "github",
    ...peer.app,
    baseUrl: peer.url,
    ...(options.appSlug ? { appSlug: options.appSlug } : {}),
  };
  const cloud = await cloudWith({ authProviders: JSON.stringify([provider]), ...options });
  return {
    cloud,
    peer,
    async remove() {
      await cloud.remove();
      await peer.close();
    },
  };
}

/** Signs in with GitHub. Resolves to the final path. */
export const signInWithGitHub = (client: Client): Promise<string> => signInWith(client, "github");

/** Connects GitHub as the browser would. Resolves to the final path. */
export async function connect(
  client: Client,
  options: { returnTo?: string; workflow?: boolean } = {},
): Promise<string> {
  const begun = await client.post("/api/github/connection", options);
  if (begun.status !== 200) throw new Error(begun.text);
  const authorised = await fetch(String(begun.json().url), { redirect: "manual" });
  const back = new URL(authorised.headers.get("location") ?? "");
  const finished = await client.get(back.pathname + back.search);
  const at = new URL(finished.headers.get("location") ?? "");
  return at.pathname + at.search;
}

export async function begin(
  client: Client,
  path: string,
  body: unknown,
): Promise<{ project: string; transfer: string }> {
  const reply = await client.post(path, body);
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  const { projectId, transferId } = reply.json();
  return { project: String(projectId), transfer: String(transferId) };
}

/** Waits until a transfer asks a person or has ended. */
export function settled(client: Client, transfer: string): Promise<Transfer> {
  return until(async () => {
    const found = (await client.get(`/api/transfers/${transfer}`)).json() as unknown as Transfer;
    return found.state === "running" ? undefined : found;
  }, `transfer ${transfer}`);
}

/** Imports and waits for success. */
export async function importFrom(client: Client, url: string): Promise<{ project: string; transfer: Transfer }> {
  const { project, transfer } = await begin(client, "/api/github/import", { url });
  const ended = await settled(client, transfer);
  if (ended.state !== "completed") throw new Error(JSON.stringify(ended));
  return { project, transfer: ended };
}

export async function sourceOf(client: Client, project: string): Promise<SourceState & { source: Source }> {
  return (await client.get(`/api/projects/${project}/source`)).json() as unknown as SourceState & { source: Source };
}

/** Makes uniquely named repositories with one commit of some files. */
export function repositoriesOn(peer: GitHubPeer) {
  let made = 0;
  return async (files: readonly SeedFile[], options: { isPrivate?: boolean; branch?: string } = {}) => {
    const name = `repo-${++made}`;
    const directory = await peer.createRepository("octo", name, options);
    const commit = files.length > 0 ? await commitTo(directory, options.branch ?? "main", files) : "";
    return { name, directory, commit, url: `${peer.url}/octo/${name}` };
  };
}

export function treeOf(directory: string, ref: string): Promise<string> {
  return gitText(directory, "rev-parse", `${ref}^{tree}`);
}

/** Creates or overwrites a file. */
export async function edit(client: Client, project: string, path: string, content: string): Promise<void> {
  const { rev } = (await client.get(`/api/projects/${project}/files/${path}`)).json();
  const reply = await client.request("PUT", `/api/projects/${project}/files/${path}`, {
    body: { content },
    headers: rev === undefined ? {} : { "if-match": String(rev) },
  });
  if (reply.status !== 200) throw new Error(reply.text);
}

/** A cloud and a GitHub, and Ada, who has connected her account there. */
export async function connectedGitHub() {
  const { cloud, peer, remove } = await cloudWithGitHub();
  const ada = await signIn(cloud.url, { name: "Ada" });
  await connect(ada);
  return { cloud, peer, remove, ada, repository: repositoriesOn(peer) };
}
