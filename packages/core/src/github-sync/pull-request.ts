import { VisibleError } from "@slipway/contract/error";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import * as GitHub from "../github/github.ts";
import { GitHubError } from "../github/github.ts";
import { changedPaths, entryOf, gitMode, isSameSide, localOf, sideOf, verb, type Local, type Side } from "./compare.ts";
import { explainWrite, requireWorkflowScope, say, type ExportStep } from "./export-step.ts";
import { readTree, writeTree, type SyncedEntry } from "./synced-tree.ts";
import {
  complete,
  createMeter,
  done,
  patch,
  type Next,
  type PullState,
  type SourceRecord,
  type Step,
  type TransferRecord,
} from "./record.ts";

/** Exports changes to the source repository as a branch and a pull request. */

export async function toPullRequest(step: ExportStep, source: SourceRecord): Promise<Next> {
  const { record, client, credential } = step;
  const { projectID } = record;
  await say(step, "Reading the repository");
  const repository = await GitHub.repository(client, source.owner, source.repo);
  if (!repository.canPush)
    throw new VisibleError(
      "not_allowed",
      `${credential.login} cannot push to ${source.owner}/${source.repo}. Export to a new repository, or ask for access.`,
    );
  const base = source.branch ?? repository.defaultBranch;
  const pull = source.pull && (await isPullOpen(step, source, source.pull)) ? source.pull : undefined;
  const branch = pull?.branch ?? step.request.branch ?? branchName(step.request.pullRequest?.title ?? "", record);
  const { metas, head } = await FileStore.allMetas(projectID);
  const local = localOf(metas, await readTree(projectID, pull?.tree ?? source.tree));
  // Changes that reached upstream through our closed pull request are ours, so they do not conflict.
  const ours = new Map(
    source.pull && !pull ? (await readTree(projectID, source.pull.tree)).map((entry) => [entry.path, entry]) : [],
  );

  for (let attempt = 1; ; attempt++) {
    const parent = await GitHub.commitAt(client, source, `heads/${pull ? branch : base}`).catch((error: unknown) => {
      throw GitHub.explain(error, client, `${source.owner}/${source.repo}, branch ${pull ? branch : base}`);
    });
    // The branch that an earlier attempt of this export left, if nobody else has changed it.
    const tip = pull ? undefined : await ownBranch(step, source);
    const plan = await planExport(step, source, { local, ours, parent });
    if (plan.conflicts.length > 0) {
      await patch(record, { state: "asking", conflicts: plan.conflicts, phase: "Waiting for your choice" });
      return done;
    }
    const isThere = tip !== undefined || (pull !== undefined && step.request.commit === parent.sha);
    if (plan.changes.length === 0 && !isThere)
      throw new VisibleError("nothing_to_export", `${source.owner}/${source.repo} already has all of these changes.`);
    requireWorkflowScope(credential, plan.changes);
    // Changes pulled since the last export enter as a merge, so the pull request shows only ours.
    const merged = pull && source.commit !== pull.base ? source.commit : undefined;
    const commit = await commitChanges(step, source, { parent, tip, merged, changes: plan.changes });
    const isNew = tip === undefined && !pull;
    // Recorded before it becomes visible.
    Object.assign(step.request, { branch, commit, parent: parent.sha });
    await patch(record, { request: step.request });
    const isPlaced = isNew
      ? await createBranch(step, source, branch, commit)
      : await updateBranch(step, source, branch, commit);
    if (!isPlaced) {
      if (attempt < 4) continue;
      throw new VisibleError(
        "conflict",
        `The branch ${branch} kept changing during the export. Try again in a moment.`,
      );
    }
    await say(step, "Opening the pull request");
    const opened = pull ?? (await openPull(step, source, branch, base));
    const tree = `${record.transferID}-exported`;
    await writeTree(projectID, tree, exportedTree(local, plan.settled));
    const state: PullState = {
      number: opened.number,
      url: opened.url,
      branch,
      commit,
      tree,
      rev: head.rev,
      base: source.commit,
    };
    return complete(
      record,
      { ...source, pull: state },
      {
        url: opened.url,
        pullNumber: opened.number,
        branch,
        commit,
        files: plan.changes.length,
        ...(source.pull && !pull
          ? { note: `Pull request #${source.pull.number} is closed, so a new one was opened.` }
          : {}),
      },
    );
  }
}

interface TreeChange {
  /** The path in the repository. */
  path: string;
  mode: string;
  /** Absent for a deletion. */
  meta?: File.Meta;
}

interface ExportPlan {
  changes: TreeChange[];
  conflicts: { path: string; canMerge: boolean; mine: string; theirs: string }[];
  /** The project's side of every path that equals the branch afterwards. */
  settled: Map<string, Side>;
}

/** Our changes on top of the branch as it is now. Upstream's other changes stay. */
async function planExport(
  step: ExportStep,
  source: SourceRecord,
  sides: { local: Local; ours: ReadonlyMap<string, SyncedEntry>; parent: { sha: string; tree: string } },
): Promise<ExportPlan> {
  const { local, ours, parent } = sides;
  const { client, record } = step;
  const { projectID } = record;
  const listed = await GitHub.listTree(client, source, parent.tree, {
    folder: source.folder,
    limits: { files: 200_000, bytes: Number.MAX_SAFE_INTEGER },
  });
  const theirs = new Map(listed.map(({ path, sha, mode }) => [path, { sha, mode }]));
  const prefix = source.folder === "" ? "" : `${source.folder}/`;
  const plan: ExportPlan = { changes: [], conflicts: [], settled: new Map() };
  for (const path of changedPaths(local)) {
    const before: Side = sideOfEntry(local.base.get(path));
    const there = theirs.get(path);
    const mine = await sideOf(local, path, (version) => FileStore.bytesOf(projectID, version));
    plan.settled.set(path, mine);
    if (isSameSide(mine, there)) continue;
    if (!isSameSide(before, there) && !(there && isSameSide(sideOfEntry(ours.get(path)), there))) {
      const choice = record.choices?.[path];
      if (choice === undefined) {
        plan.conflicts.push({
          path,
          canMerge: false,
          mine: `You ${verb(before, mine)} it`,
          theirs: `${source.owner}/${source.repo} ${verb(before, there)} it`,
        });
        continue;
      }
      if (choice === "theirs") {
        plan.settled.delete(path);
        continue;
      }
    }
    const meta = local.metas.get(path);
    if (!meta) plan.changes.push({ path: prefix + path, mode: "100644" });
    else plan.changes.push({ path: prefix + path, mode: gitMode(meta), meta });
  }
  // A folder or link is removed where the project now has a file: git keeps one entry per name.
  const put = plan.changes.filter(({ meta }) => meta);
  const deleted = new Set(plan.changes.filter(({ meta }) => !meta).map(({ path }) => path));
  for (const { path } of put) {
    const own = path.slice(prefix.length);
    for (const parentPath of File.ancestors(own)) {
      if (theirs.has(parentPath) && !deleted.has(prefix + parentPath)) {
        plan.changes.push({ path: prefix + parentPath, mode: "100644" });
        deleted.add(prefix + parentPath);
      }
    }
  }
  const names = new Set(put.map(({ path }) => path.slice(prefix.length)));
  for (const path of theirs.keys()) {
    if (deleted.has(prefix + path) || !File.ancestors(path).some((parentPath) => names.has(parentPath))) continue;
    plan.changes.push({ path: prefix + path, mode: "100644" });
  }
  return plan;
}

function sideOfEntry(entry: SyncedEntry | undefined): Side {
  return entry && { sha: entry.sha, mode: entry.mode };
}

/** Entries and bytes per request. Larger trees are built in several, each on the one before. */
const treeEntries = 400;
const treeBytes = 4 * 1024 * 1024;
/** Bytes of text sent inside the tree. Larger texts and binaries are separate blobs. */
const inlineBytes = 512 * 1024;

interface Commit {
  sha: string;
  tree: string;
}

/** Commits the changes on top of `parent`, and of the branch that an earlier attempt left. */
async function commitChanges(
  step: ExportStep,
  source: SourceRecord,
  work: { parent: Commit; tip: Commit | undefined; merged: string | undefined; changes: readonly TreeChange[] },
): Promise<string> {
  const { client, record, request } = step;
  const { owner, repo } = source;
  const { parent, tip, merged, changes } = work;
  if (changes.length === 0) return tip?.sha ?? parent.sha;
  await patch(record, { phase: "Sending files", files: 0, filesTotal: changes.length });
  const meter = createMeter(record);
  try {
    let tree = parent.tree;
    type Entry = { path: string; mode: "100644"; type: "blob"; sha?: string | null; content?: string };
    let entries: Entry[] = [];
    let size = 0;
    const flush = async () => {
      if (entries.length === 0) return;
      const made = await client.octokit.rest.git.createTree({ owner, repo, base_tree: tree, tree: entries });
      tree = made.data.sha;
      meter.add(entries.length, size);
      entries = [];
      size = 0;
      await meter.tell();
    };
    // Deletions first: a file may replace a folder.
    const ordered = [...changes.filter(({ meta }) => !meta), ...changes.filter(({ meta }) => meta)];
    let wasDeleting = false;
    for (const { path, mode, meta } of ordered) {
      if (meta && wasDeleting) await flush();
      wasDeleting = !meta;
      // The types list one mode; the API takes them all.
      const entry: Entry = { path, mode: mode as "100644", type: "blob" };
      if (!meta) entries.push({ ...entry, sha: null });
      else {
        const bytes = await FileStore.bytesOf(record.projectID, meta);
        if (meta.kind === "text" && bytes.length <= inlineBytes && !bytes.includes(0)) {
          entries.push({ ...entry, content: Buffer.from(bytes).toString("utf8") });
          size += bytes.length;
        } else {
          const content = Buffer.from(bytes).toString("base64");
          const blob = await client.octokit.rest.git.createBlob({ owner, repo, content, encoding: "base64" });
          if (blob.data.sha !== GitHub.blobSHA(bytes))
            throw new VisibleError("github_failed", `GitHub changed the content of "${path}". Try again.`);
          entries.push({ ...entry, sha: blob.data.sha });
        }
      }
      if (entries.length >= treeEntries || size >= treeBytes) await flush();
    }
    await flush();
    if (tree === (tip ?? parent).tree) return (tip ?? parent).sha;
    const hasMoved = tip !== undefined && request.parent !== parent.sha;
    const parents = [(tip ?? parent).sha, ...(hasMoved ? [parent.sha] : []), ...(merged ? [merged] : [])];
    const { title, body } = step.request.pullRequest ?? { title: "Changes from Slipway", body: "" };
    const author = { ...step.credential.author, date: new Date(request.at).toISOString().replace(/\.\d+/, "") };
    const { data } = await client.octokit.rest.git.createCommit({
      owner,
      repo,
      message: body.trim() === "" ? title : `${title}\n\n${body.trim()}`,
      tree,
      parents,
      author,
      committer: author,
    });
    return data.sha;
  } catch (error) {
    throw explainWrite(step, source, error);
  }
}

/** False when someone else moved the branch: plan again. */
async function updateBranch(
  step: ExportStep,
  { owner, repo }: SourceRecord,
  branch: string,
  commit: string,
): Promise<boolean> {
  await say(step, `Updating ${branch}`);
  try {
    await step.client.octokit.rest.git.updateRef({ owner, repo, ref: `heads/${branch}`, sha: commit, force: false });
    return true;
  } catch (error) {
    if (error instanceof GitHubError && error.status === 422 && /fast.?forward/i.test(error.reason)) return false;
    throw explainWrite(step, { owner, repo }, error);
  }
}

async function createBranch(
  step: ExportStep,
  { owner, repo }: SourceRecord,
  branch: string,
  commit: string,
): Promise<boolean> {
  await say(step, `Creating branch ${branch}`);
  try {
    await step.client.octokit.rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha: commit });
    return true;
  } catch (error) {
    if (!(error instanceof GitHubError && error.status === 422 && /already exists/i.test(error.reason)))
      throw explainWrite(step, { owner, repo }, error);
  }
  const there = await GitHub.commitAt(step.client, { owner, repo }, `heads/${branch}`);
  if (there.sha === commit) return true;
  throw new VisibleError("conflict", `The branch ${branch} exists and was not created by this export. Export again.`);
}

async function openPull(
  step: ExportStep,
  source: SourceRecord,
  branch: string,
  base: string,
): Promise<{ number: number; url: string }> {
  const { owner, repo } = source;
  const { octokit } = step.client;
  const head = `${owner}:${branch}`;
  for (let attempt = 1; ; attempt++) {
    try {
      // An earlier attempt of this export may have opened it.
      const { data: known } = await octokit.rest.pulls.list({ owner, repo, head, state: "open", per_page: 1 });
      if (known[0]) return { number: known[0].number, url: known[0].html_url };
      const { title, body } = step.request.pullRequest ?? { title: "Changes from Slipway", body: "" };
      const { data } = await octokit.rest.pulls.create({ owner, repo, head: branch, base, title, body });
      return { number: data.number, url: data.html_url };
    } catch (error) {
      const isThere = error instanceof GitHubError && error.status === 422 && /already exists/i.test(error.reason);
      if (!isThere || attempt === 2) throw explainWrite(step, source, error);
    }
  }
}

/** Whether the pull request is open and its branch exists. */
export async function isPullOpen(step: Step, { owner, repo }: SourceRecord, pull: PullState): Promise<boolean> {
  try {
    const { data } = await step.client.octokit.rest.pulls.get({ owner, repo, pull_number: pull.number });
    if (data.state !== "open") return false;
    await GitHub.commitAt(step.client, { owner, repo }, `heads/${pull.branch}`);
    return true;
  } catch (error) {
    if (error instanceof GitHubError && [404, 409, 422].includes(error.status)) return false;
    throw error;
  }
}

/** The branch that an earlier attempt created, if it is unchanged. */
async function ownBranch(step: ExportStep, source: SourceRecord): Promise<Commit | undefined> {
  const { branch, commit } = step.request;
  if (branch === undefined || commit === undefined) return undefined;
  const there = await GitHub.commitAt(step.client, source, `heads/${branch}`).catch(() => undefined);
  return there?.sha === commit ? there : undefined;
}

/** The project as exported. A path where upstream's side was chosen still counts as changed. */
function exportedTree(local: Local, settled: ReadonlyMap<string, Side>): SyncedEntry[] {
  const kept = [...local.base.values()].filter(({ path }) => !settled.has(path));
  const exported = [...settled].flatMap(([path, side]): SyncedEntry[] => {
    const meta = local.metas.get(path);
    return meta && side ? [entryOf(meta, side)] : [];
  });
  return [...kept, ...exported];
}

function branchName(title: string, { transferID }: TransferRecord): string {
  const words = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return `slipway/${words === "" ? "changes" : words}-${transferID.slice(-6).toLowerCase()}`;
}
