import { VisibleError } from "@slipway/contract/error";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import * as GitHub from "../github/github.ts";
import { GitHubError, type Remote } from "../github/github.ts";
import { entryOf, isUnchanged, localOf, verb, type Local } from "./compare.ts";
import { explainWrite, requireSendable, say, type ExportStep } from "./export-step.ts";
import { isSameSide, mergeTrees, type Question, type Side } from "./merge-trees.ts";
import { bytesToCommit, incomingOf, readOutgoing, readRules, type Outgoing } from "./outgoing.ts";
import { currentSource, isPullOpen } from "./origin.ts";
import { exactRenames } from "./renames.ts";
import { isFile, readTree, writeTree, type SyncedEntry } from "./synced-tree.ts";
import {
  choicesOf,
  complete,
  createMeter,
  done,
  patch,
  type Conflict,
  type Next,
  type PullState,
  type SourceRecord,
  type Step,
  type TransferRecord,
} from "./record.ts";

/** Exports changes to the source repository as a branch and a pull request: one push of what the repository lacks. */

export async function toPullRequest(step: ExportStep, known: SourceRecord): Promise<Next> {
  const { record, client, request } = step;
  const { projectID } = record;
  await say(step, "Reading the repository");
  const { source, repository } = await currentSource(client, known);
  const pull = source.pull && (await isPullOpen(client, source, source.pull)) ? source.pull : undefined;
  const start = await startOf(step, source, { repository, pull });
  const remote = pull ? (pull.head ?? source) : repository.canPush ? source : await fork(step, source);
  const branch = pull?.branch ?? request.branch ?? branchName(request, record);
  const { metas, head } = await FileStore.allMetas(projectID);
  const local = localOf(metas, await readTree(projectID, pull?.tree ?? source.tree));
  const ours = source.pull && !pull ? await readTree(projectID, source.pull.tree) : [];

  for (let attempt = 1; ; attempt++) {
    const parent = await start.read();
    // The branch that an earlier attempt of this export left, if nobody else has changed it.
    const tip = pull ? undefined : await ownBranch(step, remote);
    const trees = await GitHub.fetchTrees(client, pull ? remote : source, parent.sha);
    const plan = await planExport(step, source, { local, ours, trees, root: parent.tree });
    if (plan.conflicts.length > 0) {
      await patch(record, { state: "asking", conflicts: plan.conflicts, phase: "Waiting for your choice" });
      return done;
    }
    const isThere = tip !== undefined || (pull !== undefined && request.commit === parent.sha);
    if (plan.changes.size === 0 && !isThere) throw nothingToExport(source, plan.outgoing);
    requireSendable(step.credential, plan);
    // Changes pulled since the last export enter as a merge, so the pull request shows only ours.
    const merged = pull && source.commit !== pull.base ? source.commit : undefined;
    const made = commitOf(step, { parent, tip, merged, trees, changes: plan.changes });
    // Recorded before it becomes visible.
    Object.assign(request, { branch, commit: made.sha, parent: parent.sha });
    await patch(record, { request });
    const old = pull ? parent.sha : tip?.sha;
    if (made.sha !== old && !(await send(step, remote, { branch, old, local, plan, made }))) {
      const there = await branchTip(client, remote, branch);
      if (there?.sha !== made.sha) {
        if (!pull) throw new VisibleError("conflict", `The branch ${branch} already exists. Choose another name.`);
        if (attempt < 4) continue;
        throw new VisibleError("conflict", `The branch ${branch} kept changing during the export. Try again.`);
      }
    }
    await say(step, "Opening the pull request");
    const opened = pull ?? (await openPull(step, source, { remote, branch, base: start.base }));
    const tree = `${record.transferID}-exported`;
    await writeTree(projectID, tree, exportedTree(local, plan));
    const isFork = remote.owner !== source.owner || remote.repo !== source.repo;
    const state: PullState = {
      number: opened.number,
      url: opened.url,
      branch,
      commit: made.sha,
      tree,
      rev: head.rev,
      base: source.commit,
      ...(isFork ? { head: { owner: remote.owner, repo: remote.repo } } : {}),
    };
    const notes = [
      source.pull && !pull ? `Pull request #${source.pull.number} is closed, so a new one was opened.` : "",
      isFork && !pull ? `The branch is in your fork ${remote.owner}/${remote.repo}.` : "",
      ignoredNote(plan.outgoing),
    ].filter(Boolean);
    return complete(
      record,
      { ...source, pull: state },
      {
        url: opened.url,
        pullNumber: opened.number,
        branch,
        commit: made.sha,
        files: plan.changes.size,
        ...(notes.length > 0 ? { note: notes.join(" ") } : {}),
      },
    );
  }
}

export function ignoredNote({ ignored }: Outgoing): string {
  if (ignored.length === 0) return "";
  return `${ignored.length.toLocaleString("en")} ${ignored.length === 1 ? "file that .gitignore excludes was" : "files that .gitignore excludes were"} left out.`;
}

function nothingToExport({ owner, repo }: SourceRecord, { ignored }: Outgoing): VisibleError {
  return new VisibleError(
    "nothing_to_export",
    ignored.length > 0
      ? "Everything that has changed is excluded by .gitignore."
      : `${owner}/${repo} already has all of these changes.`,
  );
}

interface Commit {
  sha: string;
  tree: string;
}

/** The commit that the export builds on, and the branch that its pull request asks to change. */
async function startOf(
  { client, request }: ExportStep,
  source: SourceRecord,
  { repository, pull }: { repository: GitHub.Repository; pull: PullState | undefined },
): Promise<{ base: string; read(): Promise<Commit> }> {
  const at = (remote: Remote, branch: string) => () =>
    GitHub.commitAt(client, remote, `heads/${branch}`).catch((error: unknown) => {
      throw GitHub.explainBranch(error, client, remote, branch);
    });
  if (pull) return { base: "", read: at(pull.head ?? source, pull.branch) };
  const wanted = request.pullRequest?.base;
  // A pull request of a fork has no branch here: what is exported builds on its commits, as long as they are not merged.
  if (source.proposal) {
    const { number, base } = source.proposal;
    const proposed = await GitHub.pullRequest(client, source, number);
    const read = proposed.isMerged ? at(source, base) : () => GitHub.commitAt(client, source, proposed.head);
    return { base: wanted ?? base, read };
  }
  const base = wanted ?? source.branch ?? repository.defaultBranch;
  return { base, read: at(source, source.branch ?? base) };
}

/** The person's own fork. GitHub answers with the one that exists, if there is one. */
async function fork(step: ExportStep, source: SourceRecord): Promise<Remote> {
  const { record, client, request, credential } = step;
  const { owner, repo } = source;
  if (request.fork) return request.fork;
  await say(step, `Forking ${owner}/${repo}`);
  try {
    const { data } = await client.octokit.rest.repos.createFork({ owner, repo });
    const made = { owner: data.owner.login, repo: data.name };
    await GitHub.untilReady(made, credential, client.signal);
    request.fork = made;
    await patch(record, { request });
    return made;
  } catch (error) {
    throw explainWrite(step, source, error);
  }
}

interface ExportPlan {
  /** By path in the repository, as bytes. */
  changes: Map<string, Side>;
  conflicts: Conflict[];
  outgoing: Outgoing;
  /** The project's side of every path that equals the branch afterwards. */
  settled: Map<string, Side>;
  /** Hashes of the files that the repository has. */
  upstream: Set<string>;
}

/** Our changes on top of the branch as it is now. Upstream's other changes stay. */
async function planExport(
  step: ExportStep,
  source: SourceRecord,
  state: { local: Local; ours: readonly SyncedEntry[]; trees: GitHub.Trees; root: string },
): Promise<ExportPlan> {
  const { local, trees, root } = state;
  const { record, client } = step;
  const { projectID } = record;
  const prefix = source.folder === "" ? "" : `${source.folder}/`;
  const theirs = new Map<string, NonNullable<Side>>();
  const bytePaths = new Map<string, string>();
  for (const { path, sha, mode } of GitHub.filesOf(trees, root, source.folder)) {
    const shown = GitHub.displayPath(path);
    theirs.set(shown, { sha, mode });
    bytePaths.set(shown, path);
  }
  const above = await GitHub.rulesAbove(client, source, { trees, root, folder: source.folder });
  const rules = await readRules(projectID, local.metas, { prefix, above });
  await patch(record, { phase: "Reading changes", files: 0, filesTotal: 0 });
  const outgoing = await readOutgoing(projectID, local, {
    rules,
    isTracked: (path) => theirs.has(path) || local.base.has(path),
  });
  const choices = choicesOf(record);
  const conflicts = secretQuestions(outgoing, choices);
  const base = sharedBase(local, state.ours, theirs);
  const incoming = incomingOf(local, outgoing);
  const merge = mergeTrees({
    base,
    target: theirs,
    incoming,
    keeps: (path) => isLeftOut(theirs.get(path), local.base.get(path)),
    choose: (path) => (!choices.has(path) ? undefined : choices.get(path) === "theirs" ? "target" : "incoming"),
    renames: { target: exactRenames(base, theirs), incoming: exactRenames(base, incoming) },
  });
  const sides = { base, theirs, incoming };
  for (const question of merge.questions) conflicts.push(describe(question, sides, `${source.owner}/${source.repo}`));
  const settled = new Map<string, Side>();
  const isTheirs = (path: string) => [path, ...File.ancestors(path)].some((each) => choices.get(each) === "theirs");
  for (const path of outgoing.deleted) if (!isTheirs(path)) settled.set(path, undefined);
  for (const [path, { sha, mode }] of outgoing.files) if (!isTheirs(path)) settled.set(path, { sha, mode });
  const changes = new Map<string, Side>();
  const bytePrefix = GitHub.bytePath(prefix);
  for (const [path, side] of merge.changes) {
    changes.set(bytePrefix + (bytePaths.get(path) ?? GitHub.bytePath(path)), side);
    if (!settled.has(path) && !incoming.has(path)) settled.set(path, undefined);
  }
  const upstream = new Set([...GitHub.filesOf(trees, root)].map(({ sha }) => sha));
  return { changes, conflicts, outgoing, settled, upstream };
}

/** Takes out of an export what was answered with "leave it out", and asks about the rest. */
export function secretQuestions(outgoing: Outgoing, choices: ReadonlyMap<string, string>): Conflict[] {
  const questions: Conflict[] = [];
  for (const [path, reason] of outgoing.secrets) {
    if (choices.get(path) === "theirs") outgoing.files.delete(path);
    else if (!choices.has(path)) questions.push({ path, canMerge: false, kind: "secret", mine: reason, theirs: "" });
  }
  return questions;
}

/**
 * The base of the merge. A path that upstream has as our last pull request sent it counts from there: the change is ours,
 * so it does not conflict.
 */
export function sharedBase(
  local: Local,
  ours: readonly SyncedEntry[],
  theirs: ReadonlyMap<string, NonNullable<Side>>,
): Map<string, NonNullable<Side>> {
  const base = new Map([...local.base].map(([path, { sha, mode }]) => [path, { sha, mode }]));
  if (ours.length === 0) return base;
  const sent = new Map(ours.map((entry) => [entry.path, entry]));
  for (const path of new Set([...base.keys(), ...sent.keys()])) {
    const [there, entry] = [theirs.get(path), sent.get(path)];
    if (!isSameSide(there, entry)) continue;
    if (entry) base.set(path, { sha: entry.sha, mode: entry.mode });
    else base.delete(path);
  }
  return base;
}

/** Whether an entry of the repository is not in the project, so that only a decision may replace it. */
function isLeftOut(there: Side, entry: SyncedEntry | undefined): boolean {
  return there?.mode === "120000" || there?.mode === "160000" || (entry !== undefined && !isFile(entry));
}

function describe(
  { path, kind }: Question,
  sides: Record<"base" | "theirs" | "incoming", ReadonlyMap<string, NonNullable<Side>>>,
  repository: string,
): Conflict {
  const { base, theirs, incoming } = sides;
  const isFolder = (map: ReadonlyMap<string, unknown>) =>
    [...map.keys()].filter((each) => each.startsWith(`${path}/`)).length;
  const files = isFolder(theirs);
  const count = `${files.toLocaleString("en")} ${files === 1 ? "file" : "files"}`;
  switch (kind) {
    case "clash":
      return {
        path,
        canMerge: false,
        kind,
        mine: files > 0 ? `You have a file there. Choosing it deletes ${count} upstream` : "You have a folder there",
        theirs: files > 0 ? `${repository} has a folder with ${count} there` : `${repository} has a file there`,
      };
    case "kept":
      return {
        path,
        canMerge: false,
        kind,
        mine: `You ${incoming.has(path) ? "have a file there" : "deleted it"}`,
        theirs: `${repository} has an entry there that was not imported`,
      };
    case "content":
      return {
        path,
        canMerge: false,
        kind,
        mine: `You ${verb(base.get(path), incoming.get(path))} it`,
        theirs: `${repository} ${verb(base.get(path), theirs.get(path))} it`,
      };
  }
}

interface Made {
  sha: string;
  objects: GitHub.GitObject[];
}

/** The commit of the changes on top of `parent`, and of the branch that an earlier attempt left. */
function commitOf(
  { request, credential }: ExportStep,
  work: {
    parent: Commit;
    tip: Commit | undefined;
    merged: string | undefined;
    trees: GitHub.Trees;
    changes: ReadonlyMap<string, Side>;
  },
): Made {
  const { parent, tip, merged, trees, changes } = work;
  const { root, made } = GitHub.editTrees(trees, parent.tree, changes);
  const last = tip ?? parent;
  if (root === last.tree) return { sha: last.sha, objects: [] };
  const hasMoved = tip !== undefined && request.parent !== parent.sha;
  const { title, body, message } = request.pullRequest ?? { title: "Changes from Slipway", body: "" };
  const commit = GitHub.commitObject({
    tree: root,
    parents: [last.sha, ...(hasMoved ? [parent.sha] : []), ...(merged ? [merged] : [])],
    author: credential.author,
    at: request.at,
    message: message?.trim() ? message.trim() : body.trim() === "" ? title : `${title}\n\n${body.trim()}`,
  });
  return { sha: commit.sha, objects: [...made, commit] };
}

/** Pushes the commit with the files that the repository lacks. False when the branch is not at `old`. */
async function send(
  step: ExportStep,
  remote: Remote,
  work: { branch: string; old: string | undefined; local: Local; plan: ExportPlan; made: Made },
): Promise<boolean> {
  const { record, client, credential } = step;
  const { projectID } = record;
  const { branch, old, local, plan, made } = work;
  const { outgoing, upstream, changes } = plan;
  const bySHA = new Map([...outgoing.files.values()].map((file) => [file.sha, file]));
  // Of a folder that was chosen whole. Git has the cleaned ones from the commit that they were in.
  const kept = new Map(
    [...local.base.values()].flatMap((entry) =>
      entry.content && !entry.isCleaned ? [[entry.sha, { ...entry.content, mode: entry.mode }] as const] : [],
    ),
  );
  const shas = [
    ...new Set([...changes.values()].flatMap((side) => (side && side.mode !== "160000" ? [side.sha] : []))),
  ];
  const missing = shas.filter((sha) => !upstream.has(sha) && (bySHA.has(sha) || kept.has(sha)));
  await patch(record, { phase: "Sending files", files: 0, filesTotal: missing.length });
  const meter = createMeter(record);
  await sendLargeObjects(
    step,
    remote,
    missing.flatMap((sha) => bySHA.get(sha) ?? []),
  );
  async function* objects() {
    for (const sha of missing) {
      const [file, version] = [bySHA.get(sha), kept.get(sha)];
      const data = file
        ? await bytesToCommit(projectID, local, file)
        : version && (await FileStore.bytesOf(projectID, version));
      if (!data) continue;
      meter.add(1, data.length);
      await meter.tell();
      yield { type: "blob" as const, data };
    }
    yield* made.objects;
  }
  try {
    return await GitHub.push(remote, credential, {
      branch,
      old: old ?? "0".repeat(40),
      sha: made.sha,
      pack: GitHub.packOf(missing.length + made.objects.length, objects()),
      signal: client.signal,
    });
  } catch (error) {
    throw explainWrite(step, remote, error);
  }
}

/** A pointer is committed only once Git LFS holds its object. */
export async function sendLargeObjects(
  { record, client }: ExportStep,
  remote: Remote,
  files: Outgoing["files"] extends Map<string, infer F> ? readonly F[] : never,
): Promise<void> {
  const large = files.flatMap(({ path, meta, object }) =>
    object ? [{ ...object, path, read: () => FileStore.bytesOf(record.projectID, meta) }] : [],
  );
  if (large.length > 0) await GitHub.uploadObjects(client, remote, large);
}

async function openPull(
  step: ExportStep,
  source: SourceRecord,
  { remote, branch, base }: { remote: Remote; branch: string; base: string },
): Promise<{ number: number; url: string }> {
  const { owner, repo } = source;
  const { octokit } = step.client;
  const head = `${remote.owner}:${branch}`;
  for (let attempt = 1; ; attempt++) {
    try {
      // An earlier attempt of this export may have opened it.
      const { data: known } = await octokit.rest.pulls.list({ owner, repo, head, state: "open", per_page: 1 });
      if (known[0]) return { number: known[0].number, url: known[0].html_url };
      const { title, body } = step.request.pullRequest ?? { title: "Changes from Slipway", body: "" };
      const { data } = await octokit.rest.pulls.create({
        owner,
        repo,
        head: remote.owner === owner ? branch : head,
        base,
        title,
        body,
      });
      return { number: data.number, url: data.html_url };
    } catch (error) {
      const isThere = error instanceof GitHubError && error.status === 422 && /already exists/i.test(error.reason);
      if (!isThere || attempt === 2) throw explainWrite(step, source, error);
    }
  }
}

async function branchTip(client: Step["client"], remote: Remote, branch: string): Promise<Commit | undefined> {
  return GitHub.commitAt(client, remote, `heads/${branch}`).catch((error: unknown) => {
    if (error instanceof GitHubError && [404, 409, 422].includes(error.status)) return undefined;
    throw error;
  });
}

/** The branch that an earlier attempt created, if it is unchanged. */
async function ownBranch({ client, request }: ExportStep, remote: Remote): Promise<Commit | undefined> {
  const { branch, commit } = request;
  if (branch === undefined || commit === undefined) return undefined;
  const there = await branchTip(client, remote, branch);
  return there?.sha === commit ? there : undefined;
}

/** The project as exported. A path where upstream's side was chosen still counts as changed. */
function exportedTree(local: Local, { settled, outgoing }: ExportPlan): SyncedEntry[] {
  const kept = [...local.base.values()].filter(({ path }) => !settled.has(path));
  const exported = [...settled].flatMap(([path, side]): SyncedEntry[] => {
    const meta = local.metas.get(path);
    if (!meta || !side) return [];
    const entry = local.base.get(path);
    if (entry && isUnchanged(meta, entry)) return [entry];
    return [entryOf(meta, { ...side, isCleaned: outgoing.files.get(path)?.isCleaned ?? false })];
  });
  return [...kept, ...exported];
}

function branchName({ pullRequest }: ExportStep["request"], { transferID }: TransferRecord): string {
  if (pullRequest?.branch) return pullRequest.branch;
  const words = (pullRequest?.title ?? "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return `slipway/${words === "" ? "changes" : words}-${transferID.slice(-6).toLowerCase()}`;
}
