import { VisibleError } from "@slipway/contract/error";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import * as GitHub from "../github/github.ts";
import { GitHubError, type Remote } from "../github/github.ts";
import { entryOf, isUnchanged, localOf, type Local } from "./compare.ts";
import { explainWrite, requireSendable, say, type ExportStep } from "./export-step.ts";
import { bytesToCommit, readOutgoing, readRules, type Outgoing } from "./outgoing.ts";
import { ignoredNote, secretQuestions, sendLargeObjects } from "./pull-request.ts";
import { isFile, readTree, writeTree, type SyncedEntry } from "./synced-tree.ts";
import {
  choicesOf,
  complete,
  createMeter,
  done,
  patch,
  source as readSource,
  type Next,
  type SourceRecord,
} from "./record.ts";

/** Exports to a repository without commits, new or existing: everything in one push. */

export async function toEmptyRepository(step: ExportStep, source: SourceRecord): Promise<Next> {
  const branch = source.branch ?? "main";
  const prepared = await prepare(step);
  if (!prepared) return done;
  const pushed = await pushEverything(step, source, { branch, prepared });
  return complete(
    step.record,
    { ...source, branch, ref: branch, commit: pushed.commit, tree: pushed.tree, rev: prepared.rev },
    {
      url: `${GitHub.settings().web}/${source.owner}/${source.repo}`,
      branch,
      commit: pushed.commit,
      files: prepared.files,
      ...noteOf(prepared),
    },
  );
}

export async function toNewRepository(step: ExportStep, source: SourceRecord | undefined): Promise<Next> {
  const { credential, record, request } = step;
  const { name = "", isPrivate = true, description = "" } = request.repository ?? {};
  // Whatever can be asked or refused is, before anything is created.
  const prepared = await prepare(step);
  if (!prepared) return done;
  const owner = credential.login;
  await say(step, `Creating ${owner}/${name}`);
  const repositoryID = await makeRepository(step, { owner, name, isPrivate, description });
  const target = { owner, repo: name };
  const branch = source?.branch ?? "main";
  const pushed = await pushEverything(step, target, { branch, prepared });
  const url = `${GitHub.settings().web}/${owner}/${name}`;
  const own: SourceRecord = source ?? {
    projectID: record.projectID,
    repositoryID,
    ...target,
    isPrivate,
    branch,
    ref: branch,
    folder: "",
    commit: pushed.commit,
    tree: pushed.tree,
    rev: prepared.rev,
    skipped: 0,
  };
  return complete(record, own, { url, branch, commit: pushed.commit, files: prepared.files, ...noteOf(prepared) });
}

function noteOf({ left, outgoing }: Prepared): { note?: string } {
  const notes = [
    left > 0 ? `${left} entries that were never imported are not included.` : "",
    ignoredNote(outgoing),
  ].filter(Boolean);
  return notes.length > 0 ? { note: notes.join(" ") } : {};
}

/** Resolves to the repository's id. */
async function makeRepository(
  step: ExportStep,
  { owner, name, isPrivate, description }: { owner: string; name: string; isPrivate: boolean; description: string },
): Promise<number> {
  const { client, record, request } = step;
  const there = await client.octokit.rest.repos.get({ owner, repo: name }).then(
    // The old name of a renamed repository may be taken.
    ({ data }) => (data.name.toLowerCase() === name.toLowerCase() ? data.id : undefined),
    (error: unknown) => {
      if (error instanceof GitHubError && error.status === 404) return undefined;
      throw GitHub.explain(error, client, `${owner}/${name}`);
    },
  );
  if (there !== undefined) {
    // An earlier attempt created it. The push checks that it is still empty.
    if (request.creating) return there;
    throw new VisibleError("name_taken", `${owner}/${name} already exists. Choose another name.`);
  }
  request.creating = true;
  await patch(record, { request });
  try {
    const { data } = await client.octokit.rest.repos.createForAuthenticatedUser({
      name,
      description,
      private: isPrivate,
      auto_init: false,
    });
    return data.id;
  } catch (error) {
    throw explainWrite(step, { owner, repo: name }, error);
  }
}

interface Prepared {
  local: Local;
  outgoing: Outgoing;
  /** Every entry of the commit. */
  entries: SyncedEntry[];
  rev: number;
  files: number;
  /** Entries of the source that were never imported, and whose content nobody has here. */
  left: number;
}

/** Reads what to push. Undefined when it asks first. */
async function prepare(step: ExportStep): Promise<Prepared | undefined> {
  const { record, credential } = step;
  const { projectID } = record;
  const source = await readSource(projectID);
  const { metas, head } = await FileStore.allMetas(projectID);
  const local = localOf(metas, source ? await readTree(projectID, source.tree) : []);
  if (local.metas.size === 0)
    throw new VisibleError("nothing_to_export", "The project has no files yet. Create one, then export.");
  await patch(record, { phase: "Reading files", files: 0, filesTotal: local.metas.size });
  const meter = createMeter(record);
  // A new repository has none of the bytes that an earlier one was sent in other form.
  const base = new Map([...local.base].filter(([, { isCleaned }]) => !isCleaned));
  const outgoing = await readOutgoing(
    projectID,
    { ...local, base },
    {
      rules: await readRules(projectID, local.metas),
      isTracked: (path) => local.base.has(path),
      onFile: async () => {
        meter.add(1, 0);
        await meter.tell();
      },
    },
  );
  const conflicts = secretQuestions(outgoing, choicesOf(record));
  if (conflicts.length > 0) {
    await patch(record, { state: "asking", conflicts, phase: "Waiting for your choice" });
    return undefined;
  }
  const files = [...local.metas.values()].flatMap((meta): SyncedEntry[] => {
    const [entry, file] = [local.base.get(meta.path), outgoing.files.get(meta.path)];
    // An unchanged file keeps its old mode.
    if (entry && !file && isUnchanged(meta, entry)) return [entry];
    return file ? [entryOf(meta, file)] : [];
  });
  if (files.length === 0)
    throw new VisibleError("nothing_to_export", "All files of the project are excluded by .gitignore or left out.");
  const extras = extrasOf(local, files);
  const entries = [...files, ...extras];
  requireSendable(credential, { changes: new Map(entries.map(({ path }) => [path, path])), outgoing });
  const left = [...local.base.values()].filter((entry) => !isFile(entry)).length - extras.length;
  return { local, outgoing, entries, rev: head.rev, files: files.length, left };
}

/** What the source has besides files: links, submodules and names that a project cannot hold. */
function extrasOf({ base }: Local, files: readonly SyncedEntry[]): SyncedEntry[] {
  const names = new Set(files.map(({ path }) => path));
  const folders = new Set(files.flatMap(({ path }) => File.ancestors(path)));
  return [...base.values()].filter(
    (entry) =>
      !isFile(entry) &&
      (entry.content !== undefined || entry.reason === "submodule") &&
      !names.has(entry.path) &&
      !folders.has(entry.path) &&
      !File.ancestors(entry.path).some((parent) => names.has(parent)),
  );
}

async function pushEverything(
  step: ExportStep,
  target: Remote,
  { branch, prepared }: { branch: string; prepared: Prepared },
): Promise<{ commit: string; tree: string }> {
  const { record, credential, client } = step;
  const { projectID } = record;
  const { local, outgoing, entries } = prepared;
  const { root, made } = GitHub.editTrees(
    new Map(),
    undefined,
    new Map(
      entries.map(({ path, mode, sha, raw }) => [
        raw ? Buffer.from(raw, "base64").toString("latin1") : GitHub.bytePath(path),
        { mode, sha },
      ]),
    ),
  );
  const commit = GitHub.commitObject({
    tree: root,
    parents: [],
    author: credential.author,
    at: step.request.at,
    message: step.request.pullRequest?.message?.trim() || "First commit from Slipway",
  });
  const there = await GitHub.commitAt(client, target, `heads/${branch}`).catch(() => undefined);
  // An earlier attempt pushed it and died before it recorded that.
  if (there?.sha !== commit.sha) {
    const taken = new VisibleError(
      "conflict",
      `${target.owner}/${target.repo} already has commits. Nothing was changed.`,
    );
    if (there) throw taken;
    await GitHub.untilReady(target, credential, client.signal);
    await sendLargeObjects(step, target, [...outgoing.files.values()]);
    const blobs = new Map(entries.flatMap((entry) => (entry.content ? [[entry.sha, entry] as const] : [])));
    await patch(record, { phase: "Sending files", files: 0, filesTotal: blobs.size });
    const isPushed = await GitHub.push(target, credential, {
      branch,
      old: "0".repeat(40),
      sha: commit.sha,
      pack: GitHub.packOf(blobs.size + made.length + 1, objects([...blobs.values()])),
      signal: client.signal,
    });
    if (!isPushed) throw taken;
  }
  const name = `${record.transferID}-pushed`;
  await writeTree(projectID, name, entries);
  return { commit: commit.sha, tree: name };

  async function* objects(blobs: readonly SyncedEntry[]): AsyncGenerator<Pick<GitHub.GitObject, "type" | "data">> {
    const meter = createMeter(record);
    const changed = new Map([...outgoing.files.values()].map((file) => [file.sha, file]));
    // Those that git has as they are here are read a hundred at a time.
    const plain = blobs.filter(({ sha, content }) => content && !changed.get(sha)?.isCleaned);
    const versions = plain.flatMap(({ content }) => content ?? []);
    for await (const data of FileStore.bytesOfAll(projectID, versions)) {
      yield { type: "blob", data };
      meter.add(1, data.length);
      await meter.tell();
    }
    for (const { sha } of blobs) {
      const file = changed.get(sha);
      if (file?.isCleaned) yield { type: "blob", data: await bytesToCommit(projectID, local, file) };
    }
    yield* made;
    yield commit;
  }
}
