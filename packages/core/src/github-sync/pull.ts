import { VisibleError } from "@slipway/contract/error";
import { diff3Merge } from "node-diff3";
import type * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import * as GitHub from "../github/github.ts";
import { readArchive } from "./archive.ts";
import { gitMode, isSameSide, isUnchanged, localOf, sideOf, verb, type Local, type Side } from "./compare.ts";
import { isPullOpen } from "./pull-request.ts";
import { contentOf, fetchBlobs, openTarball } from "./import.ts";
import { classify, isFile, isPointer, pointerMessage, readTree, writeTree, type SyncedEntry } from "./synced-tree.ts";
import {
  complete,
  createMeter,
  done,
  patch,
  runningItem,
  Stopped,
  source as readSource,
  type Conflict,
  type Next,
  type Request,
  type SourceRecord,
  type Step,
} from "./record.ts";

/**
 * Pulls upstream changes into the project. A file that only upstream changed is taken. A file that both changed is merged
 * line by line, or asked about where lines overlap. The changes are ordinary commits: an attempt that dies leaves each
 * file whole, the next one continues, and all of it can be undone.
 */

/** From this many files on, the archive is faster than one request per file. */
const archiveFrom = 60;
const maxConflicts = 300;

export async function runPull(step: Step, request: Extract<Request, { kind: "pull" }>): Promise<Next> {
  const { record, client } = step;
  const { projectID } = record;
  const source = await readSource(projectID);
  if (!source?.branch)
    throw new VisibleError("invalid_input", "This project was imported from a single commit, which never changes.");
  await patch(record, { phase: "Reading the repository" });
  const head = await GitHub.commitAt(client, source, `heads/${source.branch}`).catch((error: unknown) => {
    throw GitHub.explain(error, client, `${source.owner}/${source.repo}, branch ${source.branch}`);
  });
  if (head.sha === source.commit) return finish(step, source, request, []);
  const listed = await GitHub.listTree(client, source, head.tree, { folder: source.folder });
  const entries = classify(listed);
  const before = await readTree(projectID, source.tree);
  if (request.from === undefined) {
    request.from = (await FileStore.head(projectID)).rev;
    await patch(record, { request });
  }
  const exported = source.pull ? await readTree(projectID, source.pull.tree) : [];
  const ours = new Map(exported.map((entry) => [entry.path, entry]));
  await readContents(step, source, { commit: head.sha, listed, entries, before });

  // Names what has been read, so that it is deleted with the project whatever happens next.
  await writeTree(projectID, `${record.transferID}-read`, entries);

  for (;;) {
    const { metas } = await FileStore.allMetas(projectID);
    const plan = await planPull(step, { local: localOf(metas, before), entries, ours });
    if (plan.conflicts.length > 0) {
      if (plan.conflicts.length > maxConflicts)
        throw new VisibleError(
          "conflict",
          `${plan.conflicts.length} files conflict, which is too many to resolve here. Export your changes first, then merge them on GitHub.`,
        );
      await patch(record, { state: "asking", conflicts: plan.conflicts, phase: "Waiting for your choice" });
      return done;
    }
    if (await applyPlan(step, plan.changes)) {
      const name = `${record.transferID}-${record.round}`;
      await writeTree(projectID, name, entries);
      const rev = (await FileStore.head(projectID)).rev;
      const skipped = entries.filter(({ reason }) => reason !== undefined).length;
      const pulled: SourceRecord = { ...source, commit: head.sha, tree: name, rev, skipped };
      if (source.pull && !(await isPullOpen(step, source, source.pull))) delete pulled.pull;
      return finish(step, pulled, request, plan.touched);
    }
  }
}

/** Fills in known contents and fetches the rest of upstream's changes. */
async function readContents(
  step: Step,
  source: SourceRecord,
  work: {
    commit: string;
    listed: readonly GitHub.TreeEntry[];
    entries: readonly SyncedEntry[];
    before: readonly SyncedEntry[];
  },
): Promise<void> {
  const { record, client } = step;
  const { projectID } = record;
  const known = new Map(work.before.flatMap((entry) => (entry.content ? [[entry.sha, entry] as const] : [])));
  const rawNames = new Map(work.before.flatMap(({ path, raw }) => (raw ? [[path, raw] as const] : [])));
  const missing: SyncedEntry[] = [];
  for (const entry of work.entries) {
    const rawName = rawNames.get(entry.path);
    if (rawName) entry.raw = rawName;
    const same = known.get(entry.sha);
    if (same) {
      if (same.content) entry.content = same.content;
      if (same.reason === "lfs" && isFile(entry)) Object.assign(entry, { reason: "lfs", message: pointerMessage });
    } else if (entry.reason !== "submodule" && entry.reason !== "too-large") missing.push(entry);
  }
  await patch(record, { phase: "Reading upstream changes", files: 0, filesTotal: missing.length });
  const meter = createMeter(record);
  const take = async (entry: SyncedEntry, bytes: Buffer, raw?: Buffer) => {
    if (raw) entry.raw = raw.toString("base64");
    if (isFile(entry) && isPointer(bytes)) Object.assign(entry, { reason: "lfs", message: pointerMessage });
    entry.content = contentOf(await FileStore.storeBytes(projectID, bytes, entry.mode));
    meter.add(1, bytes.length);
    await meter.tell();
  };
  if (missing.length >= archiveFrom && source.folder === "") {
    const expected = new Map(work.listed.map(({ path, sha, size, mode }) => [path, { sha, size, mode }]));
    const wanted = new Map(missing.map((entry) => [entry.path, entry]));
    const archive = await openTarball(client, source, work.commit);
    for await (const { path, bytes, raw } of readArchive(archive, expected, (each) => wanted.has(each))) {
      const entry = wanted.get(path);
      if (entry) await take(entry, bytes, raw);
    }
  }
  const left = missing.filter(({ content }) => content === undefined);
  // Contents are kept, so the next attempt gets further. A pull is rarely this large.
  if (!(await fetchBlobs(step, left, take))) throw new Error("the pull exceeded the function's time limit");
}

interface PullPlan {
  changes: File.Change[];
  conflicts: Conflict[];
  /** Files that this pull changes or has changed. */
  touched: string[];
}

async function planPull(
  step: Step,
  sides: { local: Local; entries: readonly SyncedEntry[]; ours: ReadonlyMap<string, SyncedEntry> },
): Promise<PullPlan> {
  const { local, entries, ours } = sides;
  const { record } = step;
  const { projectID } = record;
  const theirs = new Map(entries.map((entry) => [entry.path, entry]));
  const plan: PullPlan = { changes: [], conflicts: [], touched: [] };
  const paths = new Set([...local.base.keys(), ...theirs.keys()]);
  const take = (path: string, to: SyncedEntry | undefined) => {
    const meta = local.metas.get(path);
    if (!to) {
      if (meta) plan.changes.push({ op: "delete", path, rev: meta.rev });
    } else if (to.content) {
      const content = { ...to.content, mode: gitMode(to) };
      plan.changes.push({ op: "store", path, content, rev: meta?.rev });
    }
  };
  for (const path of [...paths].sort()) {
    const base = fileOf(local.base.get(path));
    const to = fileOf(theirs.get(path));
    if (isSameSide(base, to)) continue;
    plan.touched.push(path);
    const meta = local.metas.get(path);
    // An earlier attempt, or the person, made the same change.
    if (isUnchanged(meta, to)) continue;
    if (isUnchanged(meta, base)) {
      take(path, to);
      continue;
    }
    const mine = await sideOf(local, path, (version) => FileStore.bytesOf(projectID, version));
    if (isSameSide(mine, to)) continue;
    // It reached upstream through our own pull request, so the project's version is newer.
    if (to && isSameSide(ours.get(path), to)) continue;
    const merged = meta && to ? await mergeTexts(projectID, { base, meta, to }) : undefined;
    if (merged?.text !== undefined && meta && to) {
      await putText(path, merged.text, { meta, mode: modeOf({ base, meta, to }) });
      continue;
    }
    const choice = record.choices?.[path];
    if (choice === "mine") continue;
    if (choice === "theirs") take(path, to);
    else if (choice === "both" && merged && meta) {
      // An earlier attempt may have inserted the markers.
      if (!merged.isMarked) await putText(path, merged.marked, { meta, mode: gitMode(meta) });
    } else plan.conflicts.push(describe(path, { base, mine, to, meta, canMerge: merged !== undefined }));
  }
  // Deletions first: a file may replace a folder.
  plan.changes.sort((a, b) => Number(a.op !== "delete") - Number(b.op !== "delete"));
  return plan;

  async function putText(path: string, text: string, { meta, mode }: { meta: File.Meta; mode: string }): Promise<void> {
    const { hash, size, kind, storage } = await FileStore.storeText(projectID, text);
    if (hash === meta.hash && mode === meta.mode) return;
    plan.changes.push({ op: "store", path, content: { hash, size, kind, storage, mode }, rev: meta.rev });
  }
}

/** Only project files are pulled. Links and submodules stay in the repository. */
function fileOf(entry: SyncedEntry | undefined): SyncedEntry | undefined {
  return entry && isFile(entry) ? entry : undefined;
}

interface Three {
  base: SyncedEntry | undefined;
  meta: File.Meta;
  to: SyncedEntry;
}

function modeOf({ base, meta, to }: Three): string {
  return base && gitMode(meta) === gitMode(base) ? gitMode(to) : gitMode(meta);
}

const endMarker = ">>>>>>> upstream";

/** Undefined when a side is not text. `marked` has conflict markers around overlapping lines. */
async function mergeTexts(
  projectID: string,
  { base, meta, to }: Three,
): Promise<{ text?: string; marked: string; isMarked: boolean } | undefined> {
  if (meta.kind !== "text" || to.content?.kind !== "text" || (base && base.content?.kind !== "text")) return undefined;
  const read = (version: File.Version) => FileStore.textOf(projectID, version);
  const [mine, theirs, common] = await Promise.all([
    read(meta),
    read({ ...to.content, mode: to.mode }),
    base?.content ? read({ ...base.content, mode: base.mode }) : "",
  ]);
  const parts = diff3Merge<string>(mine.split("\n"), common.split("\n"), theirs.split("\n"), {
    excludeFalseConflicts: true,
  });
  const marked = parts
    .flatMap(({ ok, conflict }) =>
      conflict ? ["<<<<<<< yours", ...conflict.a, "=======", ...conflict.b, endMarker] : (ok ?? []),
    )
    .join("\n");
  const isMarked = mine.includes(endMarker);
  const isClean = base !== undefined && !parts.some(({ conflict }) => conflict);
  return isClean ? { text: marked, marked, isMarked } : { marked, isMarked };
}

function describe(
  path: string,
  sides: {
    base: SyncedEntry | undefined;
    mine: Side;
    to: SyncedEntry | undefined;
    meta: File.Meta | undefined;
    canMerge: boolean;
  },
): Conflict {
  const { base, mine, to, meta, canMerge } = sides;
  const text = (version: { hash: string; kind: string; storage: string } | undefined) =>
    version?.kind === "text" && version.storage !== "none"
      ? { hash: version.hash, kind: "text" as const, storage: version.storage as "table" | "s3" }
      : undefined;
  return {
    path,
    canMerge,
    mine: `You ${verb(base, mine)} it`,
    theirs: `Upstream ${verb(base, to)} it`,
    versions: { base: text(base?.content), mine: text(meta), theirs: text(to?.content) },
  };
}

/** False when a file changed after the plan: plan again. */
async function applyPlan(step: Step, changes: readonly File.Change[]): Promise<boolean> {
  const { record } = step;
  const { projectID, transferID } = record;
  await patch(record, { phase: "Writing files", files: 0, filesTotal: changes.length });
  const meter = createMeter(record);
  try {
    await FileStore.apply({ projectID, writer: { kind: "transfer", id: transferID } }, changes, {
      guard: [runningItem(record)],
      onCommit: async (_, part) => {
        meter.add(part.length, 0);
        await meter.tell();
      },
    });
    return true;
  } catch (error) {
    if (FileStore.isRace(error)) return false;
    if (error instanceof FileStore.GuardRefused) throw new Stopped();
    throw error;
  }
}

async function finish(
  { record }: Step,
  source: SourceRecord,
  request: Extract<Request, { kind: "pull" }>,
  touched: readonly string[],
): Promise<Next> {
  const { rev } = await FileStore.head(record.projectID);
  const from = request.from ?? rev;
  const result = {
    files: touched.length,
    skipped: source.skipped,
    ...(source.commit ? { commit: source.commit } : {}),
    // Edits that someone made in other files meanwhile are not part of it.
    ...(rev > from && touched.length <= 2000 ? { undo: { from, to: rev, paths: [...touched] } } : {}),
  };
  return complete(record, source, result);
}
