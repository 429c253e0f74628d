import { VisibleError } from "@slipway/contract/error";
import * as File from "../file/file.ts";
import * as GitHub from "../github/github.ts";
import { GitHubError } from "../github/github.ts";
import { transact } from "../table/table.ts";
import {
  changedPaths,
  gitMode,
  isSameSide,
  isUnchanged,
  localOf,
  sideOf,
  verb,
  type Local,
  type Side,
} from "./compare.ts";
import { isFile, readManifest, writeManifest, type ManifestEntry } from "./manifest.ts";
import {
  createMeter,
  done,
  endItem,
  patch,
  source as readSource,
  sourceItem,
  Stopped,
  type Next,
  type PullState,
  type Request,
  type SourceRecord,
  type Step,
  type TransferRecord,
} from "./record.ts";

/**
 * Exports. What is made on GitHub is first named in the transfer's row, and objects come before the branch that shows
 * them: a try that dies leaves nothing that people see, and the next one goes on. Commits carry the time at which the
 * export was asked for, so that the same export is the same commit.
 */

type ExportStep = Step & { request: Extract<Request, { kind: "export" }>; credential: GitHub.Credential };

export async function runExport(step: Step, request: Extract<Request, { kind: "export" }>): Promise<Next> {
  const { credential } = step.client;
  if (!credential || !GitHub.reachesRepositories(credential)) throw notConnected();
  const known = await readSource(step.record.projectID);
  const whole: ExportStep = { ...step, request, credential };
  if (request.repository) return toNewRepository(whole, known);
  if (!known) throw new VisibleError("invalid_input", "This project comes from no repository. Export it to a new one.");
  return known.commit === undefined ? toEmptyRepository(whole, known) : toPullRequest(whole, known);
}

/* Back to where it came from: a branch and a pull request, with what has changed */

async function toPullRequest(step: ExportStep, source: SourceRecord): Promise<Next> {
  const { record, client, credential } = step;
  const { projectID } = record;
  await say(step, "Looking at the repository");
  const repository = await GitHub.repository(client, source.owner, source.repo);
  if (!repository.canPush)
    throw new VisibleError(
      "not_allowed",
      `${credential.login} may not push to ${source.owner}/${source.repo}. Export to a repository of your own, or ask for access.`,
    );
  const base = source.branch ?? repository.defaultBranch;
  const pull = source.pull && (await isPullOpen(step, source, source.pull)) ? source.pull : undefined;
  const branch = pull?.branch ?? step.request.branch ?? branchName(step.request.pullRequest?.title ?? "", record);
  const { metas, head } = await File.allMetas(projectID);
  const local = localOf(metas, await readManifest(projectID, pull?.manifest ?? source.manifest));
  // What a pull request that is closed by now may have brought there is ours, and no conflict with ours.
  const ours = new Map(
    source.pull && !pull
      ? (await readManifest(projectID, source.pull.manifest)).map((entry) => [entry.path, entry])
      : [],
  );

  for (let attempt = 1; ; attempt++) {
    const parent = await GitHub.commitAt(client, source, `heads/${pull ? branch : base}`).catch((error: unknown) => {
      throw GitHub.explain(error, client, `${source.owner}/${source.repo}, branch ${pull ? branch : base}`);
    });
    // What an earlier try of this very export has left: its branch, if nobody else has touched it.
    const tip = pull ? undefined : await ownBranch(step, source);
    const plan = await planExport(step, source, { local, ours, parent });
    if (plan.conflicts.length > 0) {
      await patch(record, { state: "asking", conflicts: plan.conflicts, phase: "Waiting for your choice" });
      return done;
    }
    const isThere = tip !== undefined || (pull !== undefined && step.request.commit === parent.sha);
    if (plan.changes.length === 0 && !isThere)
      throw new VisibleError("nothing_to_export", `${source.owner}/${source.repo} has all of this already.`);
    requireWorkflowScope(credential, plan.changes);
    // What a pull has brought since the last export comes in as a merge: the pull request shows only what is ours.
    const merged = pull && source.commit !== pull.base ? source.commit : undefined;
    const commit = await commitChanges(step, source, { parent, tip, merged, changes: plan.changes });
    const isNew = tip === undefined && !pull;
    // Named before it can be seen.
    Object.assign(step.request, { branch, commit, parent: parent.sha });
    await patch(record, { request: step.request });
    const isPlaced = isNew
      ? await createBranch(step, source, branch, commit)
      : await updateBranch(step, source, branch, commit);
    if (!isPlaced) {
      if (attempt < 4) continue;
      throw new VisibleError("conflict", `The branch ${branch} keeps changing. Try again in a moment.`);
    }
    await say(step, "Opening the pull request");
    const opened = pull ?? (await openPull(step, source, branch, base));
    const manifest = `${record.transferID}-exported`;
    await writeManifest(projectID, manifest, await exportedManifest(step, local, plan.settled));
    const state: PullState = {
      number: opened.number,
      url: opened.url,
      branch,
      commit,
      manifest,
      rev: head.rev,
      base: source.commit,
    };
    return finish(
      step,
      { ...source, pull: state },
      {
        url: opened.url,
        pullNumber: opened.number,
        branch,
        commit,
        files: plan.changes.length,
        ...(source.pull && !pull
          ? { note: `Pull request #${source.pull.number} is closed, so this is a new one.` }
          : {}),
      },
    );
  }
}

interface TreeChange {
  /** In the repository. */
  path: string;
  mode: string;
  /** Absent for a deletion. */
  meta?: File.Meta;
}

interface ExportPlan {
  changes: TreeChange[];
  conflicts: { path: string; canMerge: boolean; mine: string; theirs: string }[];
  /** Paths of the project that are as in the branch afterwards. */
  settled: Set<string>;
}

/** Our changes on top of what the branch holds now: whatever upstream did elsewhere stays. */
async function planExport(
  step: ExportStep,
  source: SourceRecord,
  sides: { local: Local; ours: ReadonlyMap<string, ManifestEntry>; parent: { sha: string; tree: string } },
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
  const plan: ExportPlan = { changes: [], conflicts: [], settled: new Set(changedPaths(local)) };
  for (const path of changedPaths(local)) {
    const before: Side = sideOfEntry(local.base.get(path));
    const there = theirs.get(path);
    const mine = await sideOf(local, path, (version) => File.bytesOf(projectID, version));
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
  // Where the project has a file now and the repository a folder or link, that goes: git has one thing of a name.
  const put = plan.changes.filter(({ meta }) => meta);
  const deleted = new Set(plan.changes.filter(({ meta }) => !meta).map(({ path }) => path));
  for (const { path } of put) {
    const own = path.slice(prefix.length);
    for (const parentPath of ancestorsOf(own)) {
      if (theirs.has(parentPath) && !deleted.has(prefix + parentPath)) {
        plan.changes.push({ path: prefix + parentPath, mode: "100644" });
        deleted.add(prefix + parentPath);
      }
    }
  }
  const names = new Set(put.map(({ path }) => path.slice(prefix.length)));
  for (const path of theirs.keys()) {
    if (deleted.has(prefix + path) || !ancestorsOf(path).some((parentPath) => names.has(parentPath))) continue;
    plan.changes.push({ path: prefix + path, mode: "100644" });
  }
  return plan;
}

function sideOfEntry(entry: ManifestEntry | undefined): Side {
  return entry && { sha: entry.sha, mode: entry.mode };
}

function ancestorsOf(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join("/"));
}

/** Entries and bytes of one request; larger trees are made one on top of the other. */
const treeEntries = 400;
const treeBytes = 4 * 1024 * 1024;
/** Text that travels inside the tree; anything larger, and what is not text, is a blob of its own. */
const inlineBytes = 512 * 1024;

interface Commit {
  sha: string;
  tree: string;
}

/** A commit of the changes on top of `parent`; where an earlier try has left a branch, on top of that as well. */
async function commitChanges(
  step: ExportStep,
  source: SourceRecord,
  work: { parent: Commit; tip: Commit | undefined; merged: string | undefined; changes: readonly TreeChange[] },
): Promise<string> {
  const { client, record, request } = step;
  const { owner, repo } = source;
  const { parent, tip, merged, changes } = work;
  if (changes.length === 0) return tip?.sha ?? parent.sha;
  await patch(record, { phase: "Sending the files", files: 0, filesTotal: changes.length });
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
    // What goes, goes first: a file may come where a folder was.
    const ordered = [...changes.filter(({ meta }) => !meta), ...changes.filter(({ meta }) => meta)];
    let wasDeleting = false;
    for (const { path, mode, meta } of ordered) {
      if (meta && wasDeleting) await flush();
      wasDeleting = !meta;
      // The types know one mode; the API takes them all.
      const entry: Entry = { path, mode: mode as "100644", type: "blob" };
      if (!meta) entries.push({ ...entry, sha: null });
      else {
        const bytes = await File.bytesOf(record.projectID, meta);
        if (meta.kind === "text" && bytes.length <= inlineBytes && !bytes.includes(0)) {
          entries.push({ ...entry, content: Buffer.from(bytes).toString("utf8") });
          size += bytes.length;
        } else {
          const content = Buffer.from(bytes).toString("base64");
          const blob = await client.octokit.rest.git.createBlob({ owner, repo, content, encoding: "base64" });
          if (blob.data.sha !== GitHub.blobSHA(bytes))
            throw new VisibleError("github_failed", `GitHub did not take "${path}" as it is. Try again.`);
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

/** False when someone else has moved it: look again. */
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
  await say(step, `Making the branch ${branch}`);
  try {
    await step.client.octokit.rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha: commit });
    return true;
  } catch (error) {
    if (!(error instanceof GitHubError && error.status === 422 && /already exists/i.test(error.reason)))
      throw explainWrite(step, { owner, repo }, error);
  }
  const there = await GitHub.commitAt(step.client, { owner, repo }, `heads/${branch}`);
  if (there.sha === commit) return true;
  throw new VisibleError("conflict", `There is a branch ${branch} that this export did not make. Export again.`);
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
      // An earlier try of this export may have opened it.
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

/** Whether it still takes commits. */
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

/** The branch that an earlier try has made, when it is still as that left it. */
async function ownBranch(step: ExportStep, source: SourceRecord): Promise<Commit | undefined> {
  const { branch, commit } = step.request;
  if (branch === undefined || commit === undefined) return undefined;
  const there = await GitHub.commitAt(step.client, source, `heads/${branch}`).catch(() => undefined);
  return there?.sha === commit ? there : undefined;
}

/** The project as it has been exported; where upstream's side was chosen, the path goes on to count as changed. */
async function exportedManifest(
  { record }: ExportStep,
  local: Local,
  settled: ReadonlySet<string>,
): Promise<ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  for (const [path, entry] of local.base)
    if (!isFile(entry) || !settled.has(path)) if (!(local.metas.has(path) && !isFile(entry))) entries.push(entry);
  for (const path of settled) {
    const meta = local.metas.get(path);
    if (meta) entries.push(await entryOf(record.projectID, local, meta));
  }
  return entries;
}

async function entryOf(projectID: string, local: Local, meta: File.Meta): Promise<ManifestEntry> {
  const side = await sideOf(local, meta.path, (version) => File.bytesOf(projectID, version));
  const { path, size, hash, kind, storage } = meta;
  const base = local.base.get(path);
  const mode = base && isUnchanged(meta, base) ? base.mode : gitMode(meta);
  return { path, mode, sha: side?.sha ?? "", size, content: { hash, size, kind, storage } };
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

/* A repository without a commit, its own or a new one: everything, in one push */

async function toEmptyRepository(step: ExportStep, source: SourceRecord): Promise<Next> {
  const branch = source.branch ?? "main";
  const pushed = await pushEverything(step, source, branch);
  return finish(
    step,
    { ...source, branch, ref: branch, commit: pushed.commit, manifest: pushed.manifest, rev: pushed.rev },
    {
      url: `${GitHub.settings().web}/${source.owner}/${source.repo}`,
      branch,
      commit: pushed.commit,
      files: pushed.files,
    },
  );
}

async function toNewRepository(step: ExportStep, source: SourceRecord | undefined): Promise<Next> {
  const { credential, record, request } = step;
  const { name = "", isPrivate = true, description = "" } = request.repository ?? {};
  const owner = credential.login;
  await say(step, `Making ${owner}/${name}`);
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
    manifest: pushed.manifest,
    rev: pushed.rev,
    skipped: 0,
  };
  const note = pushed.left > 0 ? `${pushed.left} entries that were never imported are not in it.` : undefined;
  return finish(step, own, {
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
    // Ours, from an earlier try; the push finds out whether it is still empty.
    if (request.creating) return;
    throw new VisibleError("name_taken", `There is already a repository ${owner}/${name}. Choose another name.`);
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
): Promise<{ commit: string; manifest: string; rev: number; files: number; left: number }> {
  const { record, credential } = step;
  const { projectID } = record;
  const source = await readSource(projectID);
  const { metas, head } = await File.allMetas(projectID);
  const local = localOf(metas, source ? await readManifest(projectID, source.manifest) : []);
  if (local.metas.size === 0)
    throw new VisibleError("nothing_to_export", "The project has no files yet. Make one, then export.");
  await patch(record, { phase: "Reading the files", files: 0, filesTotal: local.metas.size });
  const meter = createMeter(record);
  const manifest: ManifestEntry[] = [];
  for (const meta of local.metas.values()) {
    manifest.push(await entryOf(projectID, local, meta));
    await meter.tell();
  }
  const names = new Set(local.metas.keys());
  const folders = new Set(manifest.flatMap(({ path }) => ancestorsOf(path)));
  const extras = [...local.base.values()].filter(
    (entry) =>
      !isFile(entry) &&
      (entry.content !== undefined || entry.reason === "submodule") &&
      !names.has(entry.path) &&
      !folders.has(entry.path) &&
      !ancestorsOf(entry.path).some((parent) => names.has(parent)),
  );
  const left = [...local.base.values()].filter((entry) => !isFile(entry)).length - extras.length;
  const all = [...manifest, ...extras];
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
  record.phase = "Sending the files";
  async function* objects(): AsyncGenerator<Pick<GitHub.GitObject, "type" | "data">> {
    for await (const data of File.bytesOfAll(projectID, [...blobs.values()])) {
      yield { type: "blob", data };
      meter.add(1, data.length);
      await meter.tell();
    }
    yield* trees;
    yield commit;
  }
  const pack = GitHub.packOf(blobs.size + trees.length + 1, objects());
  const there = await GitHub.commitAt(step.client, target, `heads/${branch}`).catch(() => undefined);
  // An earlier try has pushed it, and died before it could say so.
  if (there?.sha !== commit.sha) {
    if (there)
      throw new VisibleError("conflict", `${target.owner}/${target.repo} has commits already. Nothing was changed.`);
    await GitHub.push(target, credential, { branch, old: "0".repeat(40), sha: commit.sha, pack });
  }
  const name = `${record.transferID}-pushed`;
  await writeManifest(projectID, name, all);
  return { commit: commit.sha, manifest: name, rev: head.rev, files: manifest.length, left };
}

/* What both share */

async function finish(
  { record }: ExportStep,
  source: SourceRecord,
  result: NonNullable<TransferRecord["result"]>,
): Promise<Next> {
  const { ok } = await transact([endItem(record, { state: "completed", result }), sourceItem(source)]);
  if (!ok) throw new Stopped();
  return done;
}

async function say({ record }: Step, phase: string): Promise<void> {
  await patch(record, { phase });
}

/** GitHub lets only tokens with the scope `workflow` touch these files: better said before than after. */
function requireWorkflowScope({ scopes }: GitHub.Credential, changes: readonly { path: string }[]): void {
  if (scopes === undefined || scopes.includes("workflow")) return;
  const touched = changes.find(({ path }) => path.startsWith(".github/workflows/"));
  if (touched)
    throw new VisibleError(
      "github_scope_missing",
      `"${touched.path}" is a workflow of GitHub Actions: connect GitHub again with the permission to change workflows.`,
    );
}

export function notConnected(): VisibleError {
  return new VisibleError("github_not_connected", "Connect GitHub first: what is exported is exported as you.");
}

function explainWrite({ client }: Step, { owner, repo }: { owner: string; repo: string }, error: unknown): unknown {
  if (!(error instanceof GitHubError)) return error;
  if (/workflow/i.test(error.reason) && [403, 404, 422].includes(error.status))
    return new VisibleError(
      "github_scope_missing",
      "GitHub asks for the permission to change workflows. Connect GitHub again with it.",
    );
  if (error.status === 422)
    return new VisibleError("github_failed", `GitHub refused this: ${error.reason.slice(0, 300)}`, {}, error);
  return GitHub.explain(error, client, `${owner}/${repo}`);
}
