import { headOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import type { Client } from "./client.ts";
import { readPack } from "./pack.ts";
import { explain } from "./repository.ts";
import { settings } from "./settings.ts";
import { bytePath, parseTree, type Trees } from "./trees.ts";
import { delimiter, flush, packet, packets, request, type Remote } from "./wire.ts";

/** Reads objects through git's own protocol (version 2): one request for many, outside of the REST API's rate limit. */

/** Most bytes of a commit's trees: some 200,000 files. */
const maxTreeBytes = 128 * 1024 * 1024;

/** The trees of a commit by hash, each as git stores it. One request, however many folders there are. */
export async function fetchTrees(client: Client, remote: Remote, commit: string): Promise<Map<string, Buffer>> {
  return fetchPack(client, remote, [`want ${commit}`, "deepen 1", "filter blob:none"], maxTreeBytes);
}

/** Files by hash. Missing ones are an error. `bytes` is their size in total. */
export async function fetchObjects(
  client: Client,
  remote: Remote,
  shas: readonly string[],
  bytes: number,
): Promise<Map<string, Buffer>> {
  const wants = [...new Set(shas)].map((sha) => `want ${sha}`);
  const found = await fetchPack(client, remote, wants, bytes);
  const missing = shas.find((sha) => !found.has(sha));
  if (missing !== undefined) throw new VisibleError("github_failed", `GitHub did not send ${missing}. Try again.`);
  return found;
}

/** Texts of the `.gitignore` and `.gitattributes` files in the folders above one, by path. */
export async function rulesAbove(
  client: Client,
  remote: Remote,
  { trees, root, folder }: { trees: Trees; root: string; folder: string },
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let at: string | undefined = root;
  let prefix = "";
  for (const name of folder === "" ? [] : folder.split("/")) {
    const entries = parseTree(trees.get(at ?? "") ?? Buffer.alloc(0));
    for (const entry of entries)
      if (/^\.git(?:ignore|attributes)$/.test(entry.name) && entry.mode.startsWith("100"))
        found.set(prefix + entry.name, entry.sha);
    at = entries.find((entry) => entry.name === bytePath(name))?.sha;
    prefix += `${name}/`;
  }
  if (found.size === 0) return found;
  const contents = await fetchObjects(client, remote, [...found.values()], maxRuleBytes);
  return new Map([...found].map(([path, sha]) => [path, contents.get(sha)?.toString() ?? ""]));
}

const maxRuleBytes = 4 * 1024 * 1024;

const attempts = 3;

async function fetchPack(
  client: Client,
  remote: Remote,
  lines: readonly string[],
  bytes: number,
): Promise<Map<string, Buffer>> {
  const body = Buffer.concat([
    packet("command=fetch\n"),
    packet("agent=git/slipway\n"),
    packet("object-format=sha1\n"),
    delimiter,
    packet("no-progress\n"),
    packet("ofs-delta\n"),
    ...lines.map((line) => packet(`${line}\n`)),
    packet("done\n"),
    flush,
  ]);
  for (let attempt = 1; ; attempt++) {
    try {
      const reply = await request(remote, client.credential, "git-upload-pack", {
        method: "POST",
        headers: {
          "content-type": "application/x-git-upload-pack-request",
          accept: "application/x-git-upload-pack-result",
          "git-protocol": "version=2",
        },
        body,
        ...(client.signal ? { signal: client.signal } : {}),
      });
      return readPack(packOf(Buffer.from(await reply.arrayBuffer())), bytes);
    } catch (error) {
      const isPassing =
        error instanceof VisibleError ? error.code === "github_failed" : /Pack$|TypeError/.test(nameOf(error));
      if (client.signal?.aborted || !isPassing) throw explain(error, client, `${remote.owner}/${remote.repo}`);
      if (attempt === attempts)
        throw new VisibleError("github_failed", `${settings().host} sent an incomplete reply. Try again.`, {}, error);
    }
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : "";
}

/** The pack inside a response: sections, then a side band that carries data (1), progress (2) and errors (3). */
function packOf(reply: Buffer): Buffer {
  const parts: Buffer[] = [];
  let isPack = false;
  for (const line of packets(reply)) {
    if (line === undefined) continue;
    if (!isPack) {
      const text = line.toString("latin1");
      if (text.startsWith("ERR ")) throw refused(text.slice(4));
      isPack = text === "packfile\n";
    } else if (line[0] === 1) parts.push(line.subarray(1));
    else if (line[0] === 3) throw refused(line.toString("utf8", 1));
  }
  return Buffer.concat(parts);
}

function refused(why: string): VisibleError {
  return new VisibleError("not_found", `${settings().host} refused to send files: ${headOf(why.trim(), 300)}`);
}
