import { headOf } from "@slipway/contract/cut";
import type {
  Choice,
  ExportRequest,
  OwnRepository,
  PullRequestDraft,
  Skipped,
  Source,
  SourceChange,
  IncomingFolder,
  SourceState,
  Transfer,
} from "@slipway/contract/github";
import { parseRepositoryURL } from "@slipway/contract/repository-url";
import { VisibleError } from "@slipway/contract/error";
import type { UndoRange } from "@slipway/contract/file";
import { now } from "../clock/clock.ts";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import * as GitHub from "../github/github.ts";
import { create as createID } from "../id/id.ts";
import { authorise, type Actor } from "../member/member.ts";
import * as Project from "../project/project.ts";
import * as ProjectStore from "../project/system.ts";
import { transact } from "../table/table.ts";
import { changedPaths, describeChanges, gitMode, localOf } from "./compare.ts";
import { draftFrom } from "./draft.ts";
import { notConnected } from "./export-step.ts";
import { IgnoreRules } from "@slipway/contract/ignore-rules";
import { requireFolder } from "./import.ts";
import { pullNow } from "./origin.ts";
import { rulesOf } from "./outgoing.ts";
import { classify, findTree, isFile, readTree, writeTree } from "./synced-tree.ts";
import {
  choicesOf,
  announceNow,
  create,
  endItem,
  find,
  findFor,
  isOpen,
  leftBehind,
  newest,
  proceed,
  putAside,
  serialize,
  source as readSource,
  start,
  updatePull,
  type SourceRecord,
} from "./record.ts";

/**
 * Imports, exports and pulls between a project and GitHub. Each is a row with its progress and a workflow that repeats
 * one step (`step`). Everything a step needs to resume after a crash is in the table or the store.
 */

export interface Begun {
  projectId: string;
  transferId: string;
}

/**
 * Starts an import of a pasted address as a new project. The repository is checked first: a missing or oversized one is
 * refused before anything is created. 4 requests to GitHub. A list that GitHub cuts is read by the workflow.
 * @throws VisibleError invalid_input, not_found, github_not_connected, repository_too_large
 */
export async function importRepository(actor: Actor, { url }: { url: string }): Promise<Begun> {
  const parsed = parseRepositoryURL(url, GitHub.settings().host);
  if (!parsed.ok) throw new VisibleError("invalid_input", parsed.reason);
  const credential = await GitHub.credential(actor.userID);
  const { resolved, listed } = await whilePersonWaits(credential, async (signal) => {
    const client = await GitHub.createClient(credential, signal);
    const at = await GitHub.resolve(client, parsed.url);
    return { resolved: at, listed: at.commit ? await GitHub.listTree(client, at, at.commit, at.folder) : [] };
  });
  const { id, owner, repo, isPrivate, branch, ref, folder, commit, proposal } = resolved;
  if (listed) requireFolder(listed, resolved);
  const entries = classify(listed ?? []);
  const files = entries.filter(isFile);
  const projectID = createID("project");
  const transferID = createID("transfer");
  await writeTree(projectID, transferID, entries);
  const name = headOf(folder === "" ? repo : `${repo}/${folder.split("/").at(-1)}`, 100);
  const source = { repositoryID: id, owner, repo, isPrivate, branch, ref, folder, commit: commit?.sha, proposal };
  const record = await create(
    {
      transferID,
      projectID,
      userID: actor.userID,
      owner,
      repo,
      request: { kind: "import", source, ...(listed ? {} : { isUnlisted: true }) },
      filesTotal: files.length,
      bytesTotal: files.reduce((sum, { size }) => sum + size, 0),
    },
    ProjectStore.createItems({
      projectID,
      ownerID: actor.userID,
      name,
      description: headOf(`${owner}/${repo}${folder === "" ? "" : `/${folder}`}`, 300),
      origin: "github",
      state: "importing",
    }),
  );
  await start(record);
  return { projectId: projectID, transferId: transferID };
}

/** Starts an export. @throws VisibleError github_not_connected, nothing_to_export, conflict while another transfer runs */
export async function exportProject(actor: Actor, request: ExportRequest): Promise<Begun> {
  const { projectId: projectID, pullRequest, repository } = request;
  await authorise(actor, "write", projectID);
  const credential = await GitHub.credential(actor.userID);
  if (!credential || !GitHub.reachesRepositories(credential)) throw notConnected();
  const known = await readSource(projectID);
  if (pullRequest && !known)
    throw new VisibleError("invalid_input", "This project has no source repository. Export it to a new one.");
  if (pullRequest && known && (await unsentOf(actor, projectID, known)).length === 0)
    throw new VisibleError("nothing_to_export", "Nothing has changed since the last sync with GitHub.");
  const record = await create({
    transferID: createID("transfer"),
    projectID,
    userID: actor.userID,
    owner: repository ? credential.login : (known?.owner ?? ""),
    repo: repository ? repository.name : (known?.repo ?? ""),
    request: {
      kind: "export",
      at: now(),
      ...(pullRequest ? { pullRequest } : {}),
      ...(repository ? { repository } : {}),
    },
  });
  await start(record);
  return { projectId: projectID, transferId: record.transferID };
}

/** Changes since the last export; since the last pull, if the pull request of that export was closed unmerged. */
async function unsentOf(actor: Actor, projectID: string, known: SourceRecord): Promise<SourceChange[]> {
  const changes = await changesOf(projectID, known);
  if (changes.length > 0 || !known.pull) return changes;
  return changesOf(projectID, await lookAtPull(actor, known));
}

/** Starts a pull of upstream changes: of the project's branch, or of another, which becomes the project's. */
export async function pull(
  actor: Actor,
  { projectId: projectID, branch }: { projectId: string; branch?: string | undefined },
): Promise<Begun> {
  await authorise(actor, "write", projectID);
  const known = await readSource(projectID);
  if (!known || (branch ?? known.branch) === undefined)
    throw new VisibleError(
      "invalid_input",
      known
        ? "This project was imported from a single commit, which never changes."
        : "This project has no source repository, so there is nothing to pull.",
    );
  const { owner, repo } = known;
  const record = await create({
    transferID: createID("transfer"),
    projectID,
    userID: actor.userID,
    owner,
    repo,
    request: { kind: "pull", ...(branch === undefined || branch === known.branch ? {} : { branch }) },
  });
  await start(record);
  return { projectId: projectID, transferId: record.transferID };
}

export async function fromID(actor: Actor, transferID: string): Promise<Transfer> {
  return serialize(await findFor(actor, transferID, "read"));
}

/** Cancels one. What is already visible on GitHub stays and is named. A cancelled import deletes its project. */
export async function cancel(actor: Actor, transferID: string): Promise<Transfer> {
  const record = await findFor(actor, transferID, "write");
  if (!isOpen(record)) return serialize(record);
  if (record.kind === "import") await authorise(actor, "manage", record.projectID);
  const result = leftBehind(record);
  const { ok } = await transact([endItem(record, { state: "cancelled", ...(result ? { result } : {}) })]);
  if (ok && record.kind === "import") await Project.remove(actor, record.projectID);
  else await announceNow(transferID);
  const after = await find(transferID);
  return serialize(after ?? record);
}

/** Cancels the running transfer of a project, if there is one. */
export async function cancelProject(actor: Actor, projectID: string): Promise<void> {
  await authorise(actor, "write", projectID);
  const latest = await newest(projectID);
  if (latest && isOpen(latest)) await cancel(actor, latest.transferID);
}

/** Ends the running transfer of a project that is about to be deleted. */
export async function stop(actor: Actor, projectID: string): Promise<void> {
  await authorise(actor, "manage", projectID);
  const latest = await newest(projectID);
  if (latest && isOpen(latest)) await transact([endItem(latest, { state: "cancelled" })]);
}

/** Dismisses the ended transfer, so that pages show none. */
export async function reset(actor: Actor, projectID: string): Promise<void> {
  await authorise(actor, "write", projectID);
  await putAside(projectID);
}

/** Retries one. Whatever the earlier attempt recorded is found, not created twice. @throws VisibleError conflict */
export async function retry(actor: Actor, transferID: string): Promise<Begun> {
  const record = await findFor(actor, transferID, "write");
  if (isOpen(record) || record.state === "completed")
    throw new VisibleError("conflict", "This has not failed, so there is nothing to retry.");
  const { projectID, owner, repo, request, filesTotal, bytesTotal } = record;
  const again = createID("transfer");
  if ((await newest(projectID))?.transferID !== transferID)
    throw new VisibleError("conflict", "A newer transfer has started since. Reload the project.");
  if (request.kind === "import") await writeTree(projectID, again, await readTree(projectID, transferID));
  const created = await create(
    { transferID: again, projectID, userID: actor.userID, owner, repo, request, filesTotal, bytesTotal },
    // A ready project refuses this, so a second click cannot import over newer files.
    request.kind === "import" ? [ProjectStore.stateItem(projectID, "importing")] : [],
  );
  if (request.kind === "import") await Project.announce(actor, projectID);
  await start(created);
  return { projectId: projectID, transferId: again };
}

/** Answers its questions, one choice per path. @throws VisibleError invalid_input, conflict */
export async function answer(
  actor: Actor,
  transferID: string,
  choices: Readonly<Record<string, Choice>>,
): Promise<Transfer> {
  const record = await findFor(actor, transferID, "write");
  if (record.state !== "asking") throw new VisibleError("conflict", "This is no longer waiting for an answer.");
  const asked = record.conflicts ?? [];
  const chosen = choicesOf({ choices });
  for (const { path, canMerge } of asked) {
    const choice = chosen.get(path);
    if (choice === undefined) throw new VisibleError("invalid_input", `Choose a side for "${path}".`, { path });
    if (choice === "both" && !canMerge)
      throw new VisibleError("invalid_input", `"${path}" cannot keep both sides. Choose one.`, { path });
  }
  const known = new Set(asked.map(({ path }) => path));
  const given = Object.fromEntries(Object.entries(choices).filter(([path]) => known.has(path)));
  if (!(await proceed(record, { ...record.choices, ...given })))
    throw new VisibleError("conflict", "This is no longer waiting for an answer.");
  const after = await findFor(actor, transferID, "write");
  await start(after);
  await announceNow(transferID);
  return serialize(after);
}

/** The three texts of a conflicting path. */
export async function conflict(
  actor: Actor,
  transferID: string,
  path: string,
): Promise<{ base?: string; mine?: string; theirs?: string }> {
  const { projectID, conflicts } = await findFor(actor, transferID, "read");
  const found = conflicts?.find((each) => each.path === path);
  if (!found) throw new VisibleError("not_found", `"${path}" has no conflict.`);
  const texts: { base?: string; mine?: string; theirs?: string } = {};
  for (const side of ["base", "mine", "theirs"] as const) {
    const version = found.versions?.[side];
    if (version) texts[side] = await FileStore.textOf(projectID, { ...version, size: 0, mode: "100644" });
  }
  return texts;
}

/* The source repository */

/** Three round trips and the tree; 27 RRU per 1,000 files. */
export async function state(actor: Actor, projectID: string): Promise<SourceState> {
  await authorise(actor, "read", projectID);
  const [known, latest] = await Promise.all([readSource(projectID), newest(projectID)]);
  return {
    changes: known ? await changesOf(projectID, known) : [],
    ...(known ? { source: serializeSource(known) } : {}),
    ...(latest ? { transfer: serialize(latest) } : {}),
  };
}

const maxIncoming = 500;

/**
 * A folder of the repository that is being imported: its files come at the import's end. Empty once that has come, as a page may
 * ask while it comes. @throws VisibleError not_found
 */
export async function listIncoming(actor: Actor, projectID: string, folder: string): Promise<IncomingFolder> {
  await authorise(actor, "read", projectID);
  const latest = await newest(projectID);
  if (latest?.kind !== "import" || !isOpen(latest)) return { entries: [], isComplete: true };
  const prefix = folder === "" ? "" : `${folder}/`;
  const folders = new Map<string, number>();
  const files: string[] = [];
  for (const { path } of ((await findTree(projectID, latest.transferID)) ?? []).filter(isFile)) {
    if (!path.startsWith(prefix)) continue;
    const [name = "", ...below] = path.slice(prefix.length).split("/");
    if (below.length === 0) files.push(name);
    else folders.set(name, (folders.get(name) ?? 0) + 1);
  }
  const entries = [
    ...[...folders].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => ({ name, files: count })),
    ...files.toSorted().map((name) => ({ name })),
  ];
  if (folder !== "" && entries.length === 0) throw new VisibleError("not_found", `There is no folder "${folder}".`);
  return { entries: entries.slice(0, maxIncoming), isComplete: entries.length <= maxIncoming };
}

/** As `state`, after a look at the pull request on GitHub: 2 requests, or none without one. */
export async function refresh(actor: Actor, projectID: string): Promise<SourceState> {
  await authorise(actor, "read", projectID);
  const known = await readSource(projectID);
  if (known?.pull) await lookAtPull(actor, known);
  return state(actor, projectID);
}

/** Records that the pull request was merged or closed. */
async function lookAtPull(actor: Actor, known: SourceRecord): Promise<SourceRecord> {
  const credential = await GitHub.credential(actor.userID);
  const found = await whilePersonWaits(credential, async (signal) =>
    pullNow(await GitHub.createClient(credential, signal), known),
  );
  if (!found) return known;
  await updatePull(known, found);
  return { ...known, pull: found };
}

/** Branches of the source repository. */
export async function branches(actor: Actor, projectID: string): Promise<{ branches: string[]; isComplete: boolean }> {
  await authorise(actor, "read", projectID);
  const known = await readSource(projectID);
  if (!known) return { branches: [], isComplete: true };
  const credential = await GitHub.credential(actor.userID);
  return whilePersonWaits(credential, async (signal) =>
    GitHub.branches(await GitHub.createClient(credential, signal), known),
  );
}

/** The person's repositories on GitHub. Empty until connected. */
export async function repositories(actor: Actor): Promise<{ repositories: OwnRepository[]; isComplete: boolean }> {
  const credential = await GitHub.credential(actor.userID);
  if (!credential) return { repositories: [], isComplete: true };
  return whilePersonWaits(credential, async (signal) =>
    GitHub.ownRepositories(await GitHub.createClient(credential, signal)),
  );
}

/** Makes files as they were at the last sync. Resolves to what undoes it. @throws VisibleError invalid_input */
export async function discard(actor: Actor, projectID: string, paths: readonly string[]): Promise<UndoRange> {
  await authorise(actor, "write", projectID);
  const known = await readSource(projectID);
  if (!known) throw new VisibleError("invalid_input", "This project has no source repository.");
  const [{ metas, head }, tree] = await Promise.all([
    FileStore.allMetas(projectID),
    readTree(projectID, syncedTree(known)),
  ]);
  const local = localOf(metas, tree);
  const wanted = new Set(paths);
  const changes = changedPaths(local)
    .filter((path) => wanted.has(path))
    .flatMap((path): File.Change[] => {
      const [meta, entry] = [local.metas.get(path), local.base.get(path)];
      if (entry?.content && isFile(entry))
        return [{ op: "store", path, content: { ...entry.content, mode: gitMode(entry) }, rev: meta?.rev }];
      return meta ? [{ op: "delete", path, rev: meta.rev }] : [];
    })
    // A folder may have been a file.
    .toSorted((a, b) => Number(a.op !== "delete") - Number(b.op !== "delete"));
  const { rev = head.rev } = await FileStore.apply(
    { projectID, writer: { kind: "person", id: actor.userID } },
    changes,
  );
  return { from: head.rev, to: rev, paths: changes.map(({ path }) => path) };
}

/** A file at the last sync and now. @throws VisibleError not_found */
export async function sourceFile(
  actor: Actor,
  projectID: string,
  path: string,
): Promise<{ base?: string; content?: string }> {
  await authorise(actor, "read", projectID);
  const known = await readSource(projectID);
  if (!known) throw new VisibleError("not_found", "This project has no source repository.");
  const [tree, metas] = await Promise.all([
    readTree(projectID, syncedTree(known)),
    File.versionsNow(actor, projectID, [path]),
  ]);
  const [base, meta] = [tree.find((entry) => entry.path === path), metas.get(path)];
  if (!base && !meta) throw new VisibleError("not_found", `There is no "${path}".`);
  const texts: { base?: string; content?: string } = {};
  if (base?.content?.kind === "text")
    texts.base = await FileStore.textOf(projectID, { ...base.content, mode: base.mode });
  if (meta?.kind === "text") texts.content = await FileStore.textOf(projectID, meta);
  return texts;
}

export async function skipped(actor: Actor, projectID: string): Promise<Skipped[]> {
  await authorise(actor, "read", projectID);
  const known = await readSource(projectID);
  if (!known) return [];
  return (await readTree(projectID, known.tree)).flatMap(({ path, reason, message = "", size }) =>
    reason ? [{ path, reason, message, size }] : [],
  );
}

/** Suggests a title and text for a pull request. */
export async function draft(actor: Actor, projectID: string): Promise<PullRequestDraft> {
  await authorise(actor, "read", projectID);
  const known = await readSource(projectID);
  if (!known) throw new VisibleError("invalid_input", "This project has no source repository.");
  const since = (known.pull?.isClosed ? undefined : known.pull?.rev) ?? known.rev;
  const changes = await changesOf(projectID, known);
  return draftFrom(
    actor,
    projectID,
    since,
    changes.map(({ path }) => path),
  );
}

/** Name of the tree that the project's changes are relative to. */
function syncedTree({ pull: sent, tree }: SourceRecord): string {
  return sent && !sent.isClosed ? sent.tree : tree;
}

async function changesOf(projectID: string, known: SourceRecord): Promise<SourceChange[]> {
  const isSent = syncedTree(known) !== known.tree;
  const [{ metas }, tree, upstream] = await Promise.all([
    FileStore.allMetas(projectID),
    readTree(projectID, syncedTree(known)),
    isSent ? readTree(projectID, known.tree) : undefined,
  ]);
  const rules = new IgnoreRules(await rulesOf(projectID, metas, ".gitignore"));
  const local = localOf(metas, tree);
  for (const path of local.metas.keys()) if (!local.base.has(path) && rules.isIgnored(path)) local.metas.delete(path);
  return describeChanges(local, upstream && new Map(upstream.map((entry) => [entry.path, entry])));
}

function serializeSource(known: SourceRecord): Source {
  const { owner, repo, isPrivate, branch, ref, folder, commit, pull: opened } = known;
  return {
    repository: `${owner}/${repo}`,
    url: `${GitHub.settings().web}/${owner}/${repo}`,
    isPrivate,
    ref,
    folder,
    skipped: known.skipped,
    ...(branch ? { branch } : {}),
    ...(commit ? { commit } : {}),
    ...(opened && !opened.isClosed
      ? {
          pull: {
            number: opened.number,
            url: opened.url,
            branch: opened.branch,
            ...(opened.isMerged ? { isMerged: true } : {}),
          },
        }
      : {}),
  };
}

/** Milliseconds. Shorter than the API's own timeout. */
const personWaits = 20_000;

/** Turns a rate limit or a timeout of GitHub's into an error for the person who is waiting. */
async function whilePersonWaits<T>(
  credential: GitHub.Credential | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(personWaits);
  try {
    return await run(signal);
  } catch (error) {
    if (signal.aborted)
      throw new VisibleError(
        "github_failed",
        `${GitHub.settings().host} did not answer in time. Try again.`,
        {},
        error,
      );
    if (!(error instanceof GitHub.RateLimited)) throw error;
    const minutes = Math.max(1, Math.ceil((error.until - now()) / 60_000));
    const when = `Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
    throw new VisibleError(
      "rate_limited",
      credential
        ? `GitHub's limit for requests of ${credential.login} is reached. ${when}.`
        : `GitHub's limit for requests without an account is reached. ${when}, or connect GitHub now.`,
    );
  }
}
