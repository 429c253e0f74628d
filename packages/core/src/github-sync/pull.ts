import { mergeLines } from "@slipway/contract/merge-lines";
import { VisibleError } from "@slipway/contract/error";
import type * as File from "../file/file.ts";
import { ancestors } from "../file/path.ts";
import * as FileStore from "../file/system.ts";
import * as GitHub from "../github/github.ts";
import { fetchFiles } from "./fetch-files.ts";
import { gitMode, isUnchanged, localOf, verb } from "./compare.ts";
import { listCommit } from "./listing.ts";
import { isPointer, pointerMessage } from "./lfs-pointer.ts";
import { isSameSide, mergeTrees, type Question, type Side } from "./merge-trees.ts";
import { currentSource, pullNow } from "./origin.ts";
import { sharedBase } from "./pull-request.ts";
import { exactRenames, similarRenames } from "./renames.ts";
import { classify, isFile, readTree, writeTree, type SyncedEntry } from "./synced-tree.ts";
import {
  choicesOf,
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

const maxConflicts = 300;
/** Contents that are stored at a time. One by one, those of a branch took longer than all else. */
const storedTogether = 100;

export async function runPull(step: Step, request: Extract<Request, { kind: "pull" }>): Promise<Next> {
  const { record, client } = step;
  const { projectID } = record;
  const known = await readSource(projectID);
  const branch = request.branch ?? known?.branch;
  if (!known || branch === undefined)
    throw new VisibleError("invalid_input", "This project was imported from a single commit, which never changes.");
  await patch(record, { phase: "Reading the repository" });
  const now = await currentSource(client, known);
  const source = { ...now.source, branch, ...(branch === known.branch ? {} : { ref: branch }) };
  Object.assign(record, { owner: source.owner, repo: source.repo });
  const head = await GitHub.commitAt(client, source, `heads/${branch}`).catch((error: unknown) => {
    throw GitHub.explainBranch(error, client, source, branch);
  });
  if (head.sha === source.commit) return finish(step, await settlePull(step, source), request, []);
  const entries = classify(await listCommit(step, head, source.folder));
  const before = await readTree(projectID, source.tree);
  if (request.from === undefined) {
    request.from = (await FileStore.head(projectID)).rev;
    await patch(record, { request });
  }
  const ours = source.pull ? await readTree(projectID, source.pull.tree) : [];
  await readContents(step, { entries, before });

  // Names what has been read, so that it is deleted with the project whatever happens next.
  await writeTree(projectID, `${record.transferID}-read`, entries);

  for (;;) {
    const { metas } = await FileStore.allMetas(projectID);
    const plan = await planPull(step, { metas, before, entries, ours });
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
      const pulled = { ...source, commit: head.sha, tree: name, rev, skipped };
      return finish(step, await settlePull(step, pulled), request, plan.touched);
    }
  }
}

/** Forgets a pull request that is merged or closed: both sides have been compared without it. */
async function settlePull({ client }: Step, source: SourceRecord): Promise<SourceRecord> {
  const { pull, ...rest } = source;
  if (!pull) return source;
  return pull.isClosed || pull.isMerged || (await pullNow(client, source)) ? rest : source;
}

/** Fills in known contents and fetches the rest of upstream's changes. */
async function readContents(
  step: Step,
  work: { entries: readonly SyncedEntry[]; before: readonly SyncedEntry[] },
): Promise<void> {
  const { record } = step;
  const { projectID } = record;
  const known = new Map(
    work.before.flatMap((entry) => (entry.content && !entry.isCleaned ? [[entry.sha, entry] as const] : [])),
  );
  const cleaned = new Map(work.before.flatMap((entry) => (entry.isCleaned ? [[entry.path, entry] as const] : [])));
  const missing: SyncedEntry[] = [];
  for (const entry of work.entries) {
    const same = cleaned.get(entry.path)?.sha === entry.sha ? cleaned.get(entry.path) : known.get(entry.sha);
    if (same) {
      if (same.content) entry.content = same.content;
      if (same.isCleaned) entry.isCleaned = true;
      if (same.reason === "lfs" && isFile(entry)) Object.assign(entry, { reason: "lfs", message: pointerMessage });
    } else if (entry.reason !== "submodule" && entry.reason !== "too-large") missing.push(entry);
  }
  await patch(record, { phase: "Reading upstream changes", files: 0, filesTotal: missing.length });
  const meter = createMeter(record);
  const hasTime = await fetchFiles(step, missing, async (files) => {
    for (let at = 0; at < files.length; at += storedTogether) {
      const part = files.slice(at, at + storedTogether);
      const contents = await FileStore.storeAllBytes(
        projectID,
        part.map(({ bytes }) => bytes),
      );
      for (const [index, { entry, bytes }] of part.entries()) {
        if (isFile(entry) && isPointer(bytes)) Object.assign(entry, { reason: "lfs", message: pointerMessage });
        const content = contents[index];
        if (content) entry.content = content;
        meter.add(1, bytes.length);
      }
      await meter.tell();
    }
  });
  // Contents are kept, so the next attempt gets further. A pull is rarely this large.
  if (!hasTime) throw new Error("the pull exceeded the function's time limit");
}

interface PullPlan {
  changes: File.Change[];
  conflicts: Conflict[];
  /** Files that this pull changes or has changed. */
  touched: string[];
}

type Sides = Map<string, NonNullable<Side>>;

async function planPull(
  step: Step,
  state: {
    metas: readonly File.Meta[];
    before: readonly SyncedEntry[];
    entries: readonly SyncedEntry[];
    ours: readonly SyncedEntry[];
  },
): Promise<PullPlan> {
  const { record } = step;
  const { projectID } = record;
  // Only project files are pulled. Links and submodules stay in the repository.
  const [before, entries, ours] = [state.before, state.entries, state.ours].map((each) => each.filter(isFile));
  const local = localOf(state.metas, before ?? []);
  const theirs = new Map((entries ?? []).map((entry) => [entry.path, entry]));
  const sent = new Map((ours ?? []).map((entry) => [entry.path, entry]));
  const incoming = sidesOf(theirs.values());
  const base = sharedBase(local, ours ?? [], incoming);
  /** The base's content of a path, which may be what our pull request sent. */
  const baseEntry = (path: string) =>
    [local.base.get(path), sent.get(path)].find((entry) => entry && isSameSide(entry, base.get(path)));
  const target = await projectSides();
  const renames = await findRenames();
  const choices = choicesOf(record);
  const merge = mergeTrees({
    base,
    target,
    incoming,
    renames,
    choose: (path) =>
      choices.get(path) === "mine" ? "target" : choices.get(path) === "theirs" ? "incoming" : undefined,
  });
  const plan: PullPlan = { changes: [], conflicts: [], touched: [] };
  const puts: File.Change[] = [];
  const settled = new Set<string>();
  for (const question of merge.questions) {
    const { path, kind } = question;
    const from = merge.renamed.get(path) ?? path;
    const meta = local.metas.get(path) ?? local.metas.get(from);
    const to = theirs.get(path) ?? theirs.get(from);
    const common = baseEntry(path) ?? baseEntry(from);
    const three = kind === "content" && meta && to ? { base: common, meta, to } : undefined;
    const merged = three && (await mergeTexts(projectID, three));
    if (three && merged?.text !== undefined) {
      await putText(path, merged.text, { meta: three.meta, mode: modeOf(three) });
      settled.add(path);
    } else if (three && merged && choices.get(path) === "both") {
      // An earlier attempt may have inserted the markers.
      const text = merged.isMarked ? undefined : merged.marked;
      if (text !== undefined) await putText(path, text, { meta: three.meta, mode: gitMode(three.meta) });
      settled.add(path);
    } else plan.conflicts.push(describe(question, { base: common, meta, to, theirs, canMerge: merged !== undefined }));
  }
  for (const [path, side] of merge.changes) {
    const meta = local.metas.get(path);
    if (!side) {
      if (meta) plan.changes.push({ op: "delete", path, rev: meta.rev });
      continue;
    }
    if (settled.has(path)) continue;
    const from = merge.renamed.get(path) ?? path;
    const entry = [theirs.get(path), theirs.get(from)].find((each) => each && isSameSide(each, side));
    const content = entry?.content ? { ...entry.content, mode: gitMode(entry) } : own(from);
    if (content) puts.push({ op: "store", path, content, rev: meta?.rev });
  }
  plan.changes.push(...emptied(puts), ...puts);
  const changed = [...base.keys(), ...incoming.keys()].filter(
    (path) => !isSameSide(base.get(path), incoming.get(path)),
  );
  plan.touched = [...new Set([...changed, ...merge.changes.keys(), ...settled])].toSorted();
  return plan;

  /** The project's files in git's terms. One that only the project changed needs no hash of git's. */
  async function projectSides(): Promise<Sides> {
    const known = new Map(
      [...local.base.values(), ...sent.values(), ...theirs.values()].flatMap((entry) =>
        entry.content && !entry.isCleaned ? [[entry.content.hash, entry.sha] as const] : [],
      ),
    );
    const sides: Sides = new Map();
    for (const [path, meta] of local.metas) {
      const same = [baseEntry(path), local.base.get(path)].find((entry) => entry && isUnchanged(meta, entry));
      const isShared = theirs.has(path) && !isSameSide(base.get(path), incoming.get(path));
      const sha =
        same?.sha ??
        known.get(meta.hash) ??
        (isShared ? GitHub.blobSHA(await FileStore.bytesOf(projectID, meta)) : `project ${meta.hash}`);
      sides.set(path, { sha, mode: same?.mode ?? gitMode(meta) });
    }
    return sides;
  }

  /** Renames matter where the other side has changed or renamed the file too. */
  async function findRenames() {
    const exact = { target: exactRenames(base, target), incoming: exactRenames(base, incoming) };
    const find = async (side: "target" | "incoming", other: Sides) => {
      const sides = side === "target" ? target : incoming;
      const wanted = new Set(
        [...base.keys()].filter((path) => !sides.has(path) && !isSameSide(base.get(path), other.get(path))),
      );
      const similar = await similarRenames(base, sides, {
        exact: exact[side],
        wanted,
        read: async (path, from) => {
          const meta = side === "target" ? local.metas.get(path) : undefined;
          const entry = from === "base" ? baseEntry(path) : theirs.get(path);
          const version = from === "side" && meta ? meta : entry?.content && { ...entry.content, mode: entry.mode };
          return version?.kind === "text" ? FileStore.bytesOf(projectID, version) : undefined;
        },
      });
      return new Map([...exact[side], ...similar]);
    };
    return { target: await find("target", incoming), incoming: await find("incoming", target) };
  }

  /** A file's content as the project has it, for its new name. */
  function own(path: string): Omit<File.Version, never> | undefined {
    const meta = local.metas.get(path);
    return meta && { hash: meta.hash, size: meta.size, kind: meta.kind, storage: meta.storage, mode: meta.mode };
  }

  /** Folders that a file replaces: their rows, the deepest first. What they held is deleted by then. */
  function emptied(changes: readonly File.Change[]): File.Change[] {
    const names = new Set(changes.map(({ path }) => path));
    return state.metas
      .filter(({ kind, path }) => kind === "folder" && [path, ...ancestors(path)].some((each) => names.has(each)))
      .map(({ path }): File.Change => ({ op: "rmdir", path }))
      .toSorted((a, b) => b.path.length - a.path.length);
  }

  async function putText(path: string, text: string, { meta, mode }: { meta: File.Meta; mode: string }): Promise<void> {
    const { hash, size, kind, storage } = await FileStore.storeText(projectID, text);
    if (meta.path === path && hash === meta.hash && mode === meta.mode) return;
    const rev = meta.path === path ? meta.rev : local.metas.get(path)?.rev;
    puts.push({ op: "store", path, content: { hash, size, kind, storage, mode }, rev });
  }
}

function sidesOf(entries: Iterable<SyncedEntry>): Sides {
  return new Map([...entries].map(({ path, sha, mode }) => [path, { sha, mode }]));
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
  const parts = mergeLines(mine, common, theirs);
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
  { path, kind }: Question,
  sides: {
    base: SyncedEntry | undefined;
    meta: File.Meta | undefined;
    to: SyncedEntry | undefined;
    theirs: ReadonlyMap<string, SyncedEntry>;
    canMerge: boolean;
  },
): Conflict {
  const { base, meta, to, theirs, canMerge } = sides;
  if (kind === "clash")
    return {
      path,
      kind,
      canMerge: false,
      mine: theirs.has(path) ? "You have a folder there" : "You have a file there",
      theirs: theirs.has(path) ? "Upstream has a file there" : "Upstream has a folder there",
    };
  const text = (version: { hash: string; kind: string; storage: string } | undefined) =>
    version?.kind === "text" && version.storage !== "none"
      ? { hash: version.hash, kind: "text" as const, storage: version.storage as "table" | "s3" }
      : undefined;
  const mine: Side = meta && { sha: meta.hash === base?.content?.hash ? base.sha : meta.hash, mode: gitMode(meta) };
  return {
    path,
    kind,
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
