import { VisibleError } from "@slipway/contract/error";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import * as GitHub from "../github/github.ts";
import { GitHubError } from "../github/github.ts";
import { entryOf, isUnchanged, localOf, sideOf } from "./compare.ts";
import { explainWrite, requireWorkflowScope, say, type ExportStep } from "./export-step.ts";
import { isFile, readTree, writeTree, type SyncedEntry } from "./synced-tree.ts";
import { complete, createMeter, patch, source as readSource, type Next, type SourceRecord } from "./record.ts";

/** Exports to a repository without commits, new or existing: everything in one push. */

export async function toEmptyRepository(step: ExportStep, source: SourceRecord): Promise<Next> {
  const branch = source.branch ?? "main";
  const pushed = await pushEverything(step, source, branch);
  return complete(
    step.record,
    { ...source, branch, ref: branch, commit: pushed.commit, tree: pushed.tree, rev: pushed.rev },
    {
      url: `${GitHub.settings().web}/${source.owner}/${source.repo}`,
      branch,
      commit: pushed.commit,
      files: pushed.files,
    },
  );
}

export async function toNewRepository(step: ExportStep, source: SourceRecord | undefined): Promise<Next> {
  const { credential, record, request } = step;
  const { name = "", isPrivate = true, description = "" } = request.repository ?? {};
  const owner = credential.login;
  await say(step, `Creating ${owner}/${name}`);
  await makeRepository(step, { owner, name, isPrivate, description });
  const target = { owner, repo: name };
  const branch = source?.branch ?? "main";
  const pushed = await pushEverything(step, target, branch);
  const url = `${GitHub.settings().web}/${owner}/${name}`;
  const own: SourceRecord = source ?? {
    projectID: record.projectID,
    ...target,
    isPrivate,
    branch,
    ref: branch,
    folder: "",
    commit: pushed.commit,
    tree: pushed.tree,
    rev: pushed.rev,
    skipped: 0,
  };
  const note = pushed.left > 0 ? `${pushed.left} entries that were never imported are not included.` : undefined;
  return complete(record, own, {
    url,
    branch,
    commit: pushed.commit,
    files: pushed.files,
    ...(note ? { note } : {}),
  });
}

async function makeRepository(
  step: ExportStep,
  { owner, name, isPrivate, description }: { owner: string; name: string; isPrivate: boolean; description: string },
): Promise<void> {
  const { client, record, request } = step;
  const isThere = await client.octokit.rest.repos.get({ owner, repo: name }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof GitHubError && error.status === 404) return false;
      throw GitHub.explain(error, client, `${owner}/${name}`);
    },
  );
  if (isThere) {
    // An earlier attempt created it. The push checks that it is still empty.
    if (request.creating) return;
    throw new VisibleError("name_taken", `${owner}/${name} already exists. Choose another name.`);
  }
  request.creating = true;
  await patch(record, { request });
  try {
    await client.octokit.rest.repos.createForAuthenticatedUser({
      name,
      description,
      private: isPrivate,
      auto_init: false,
    });
  } catch (error) {
    throw explainWrite(step, { owner, repo: name }, error);
  }
}

async function pushEverything(
  step: ExportStep,
  target: { owner: string; repo: string },
  branch: string,
): Promise<{ commit: string; tree: string; rev: number; files: number; left: number }> {
  const { record, credential } = step;
  const { projectID } = record;
  const source = await readSource(projectID);
  const { metas, head } = await FileStore.allMetas(projectID);
  const local = localOf(metas, source ? await readTree(projectID, source.tree) : []);
  if (local.metas.size === 0)
    throw new VisibleError("nothing_to_export", "The project has no files yet. Create one, then export.");
  await patch(record, { phase: "Reading files", files: 0, filesTotal: local.metas.size });
  const meter = createMeter(record);
  const tree: SyncedEntry[] = [];
  for (const meta of local.metas.values()) {
    const side = await sideOf(local, meta.path, (version) => FileStore.bytesOf(projectID, version));
    const base = local.base.get(meta.path);
    // An unchanged file keeps its old mode.
    if (side) tree.push(entryOf(meta, base && isUnchanged(meta, base) ? base : side));
    await meter.tell();
  }
  const names = new Set(local.metas.keys());
  const folders = new Set(tree.flatMap(({ path }) => File.ancestors(path)));
  const extras = [...local.base.values()].filter(
    (entry) =>
      !isFile(entry) &&
      (entry.content !== undefined || entry.reason === "submodule") &&
      !names.has(entry.path) &&
      !folders.has(entry.path) &&
      !File.ancestors(entry.path).some((parent) => names.has(parent)),
  );
  const left = [...local.base.values()].filter((entry) => !isFile(entry)).length - extras.length;
  const all = [...tree, ...extras];
  requireWorkflowScope(
    credential,
    all.map(({ path, mode }) => ({ path, mode })),
  );
  const { root, trees } = GitHub.treeObjects(
    all.map(({ path, mode, sha, raw }) => ({ path: raw ? Buffer.from(raw, "base64") : Buffer.from(path), mode, sha })),
  );
  const commit = GitHub.commitObject({
    tree: root,
    parents: [],
    author: credential.author,
    at: step.request.at,
    message: "First commit from Slipway",
  });
  const blobs = new Map(all.flatMap((entry) => (entry.content ? [[entry.sha, entry.content] as const] : [])));
  record.phase = "Sending files";
  async function* objects(): AsyncGenerator<Pick<GitHub.GitObject, "type" | "data">> {
    for await (const data of FileStore.bytesOfAll(projectID, [...blobs.values()])) {
      yield { type: "blob", data };
      meter.add(1, data.length);
      await meter.tell();
    }
    yield* trees;
    yield commit;
  }
  const pack = GitHub.packOf(blobs.size + trees.length + 1, objects());
  const there = await GitHub.commitAt(step.client, target, `heads/${branch}`).catch(() => undefined);
  // An earlier attempt pushed it and died before it recorded that.
  if (there?.sha !== commit.sha) {
    if (there)
      throw new VisibleError("conflict", `${target.owner}/${target.repo} already has commits. Nothing was changed.`);
    await GitHub.push(target, credential, {
      branch,
      old: "0".repeat(40),
      sha: commit.sha,
      pack,
      signal: step.client.signal,
    });
  }
  const name = `${record.transferID}-pushed`;
  await writeTree(projectID, name, all);
  return { commit: commit.sha, tree: name, rev: head.rev, files: tree.length, left };
}
