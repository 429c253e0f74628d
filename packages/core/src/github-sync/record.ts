import { VisibleError } from "@slipway/contract/error";
import type { Choice, ConflictKind, ExportRequest, Transfer } from "@slipway/contract/github";
import { now } from "../clock/clock.ts";
import * as Connections from "../connection/system.ts";
import * as Execution from "../execution/execution.ts";
import * as GitHub from "../github/github.ts";
import * as Log from "../log/log.ts";
import { authoriseFor, noSuch, type Action, type Actor } from "../member/member.ts";
import { checkItem, putItem, removeRows, transact, updateItem, type WriteItem } from "../table/table.ts";
import { purgeTrees } from "./synced-tree.ts";
import { SourceEntity, TransferEntity, TransferSlotEntity } from "./transfer.entity.ts";

export interface PullState {
  number: number;
  url: string;
  branch: string;
  /** The branch's last commit by us, and the project's tree at that time. */
  commit: string;
  tree: string;
  rev: number;
  /** The base commit of the last sync at that time. A later pull is merged into the branch. */
  base?: string | undefined;
  /** The fork that holds its branch. */
  head?: { owner: string; repo: string } | undefined;
  /** Closed without a merge: its changes have not been sent any more. */
  isClosed?: boolean | undefined;
  isMerged?: boolean | undefined;
}

export interface SourceRecord {
  projectID: string;
  /** GitHub's id of the repository; absent in rows of 0.1 until their next sync. */
  repositoryID?: number | undefined;
  owner: string;
  repo: string;
  isPrivate: boolean;
  branch?: string | undefined;
  ref: string;
  folder: string;
  commit?: string | undefined;
  tree: string;
  rev: number;
  skipped: number;
  pull?: PullState | undefined;
  /** The pull request of a fork that was imported. */
  proposal?: { number: number; base: string } | undefined;
}

/** What a transfer does, and its decisions: each is recorded before the step that it names. */
export type Request =
  | {
      kind: "import";
      source: Omit<SourceRecord, "projectID" | "tree" | "rev" | "skipped">;
      /** Its files are not listed yet. */
      isUnlisted?: true;
    }
  | {
      kind: "export";
      pullRequest?: ExportRequest["pullRequest"];
      repository?: ExportRequest["repository"];
      /** The time of the request, used for its commits, so that a retry makes the same ones. */
      at: number;
      /** What is about to become visible: the branch, its commit, and that commit's parent. */
      branch?: string;
      commit?: string;
      parent?: string;
      /** The repository has been requested: if it exists and is empty, it is ours. */
      creating?: boolean;
      /** The person's fork, where the branch goes. */
      fork?: { owner: string; repo: string };
    }
  | { kind: "pull"; from?: number; branch?: string };

export interface Conflict {
  path: string;
  kind?: ConflictKind;
  canMerge: boolean;
  mine: string;
  theirs: string;
  /** Contents of the three sides that the project keeps. */
  versions?: Record<"base" | "mine" | "theirs", { hash: string; kind: "text"; storage: "table" | "s3" } | undefined>;
}

export interface TransferRecord {
  transferID: string;
  projectID: string;
  userID: string;
  kind: Transfer["kind"];
  state: Transfer["state"];
  round: number;
  restarts?: number | undefined;
  phase: string;
  files: number;
  filesTotal: number;
  bytes: number;
  bytesTotal: number;
  waitsUntil?: number | undefined;
  owner: string;
  repo: string;
  request: Request;
  conflicts?: Conflict[] | undefined;
  choices?: Record<string, Choice> | undefined;
  errorCode?: string | undefined;
  errorMessage?: string | undefined;
  result?: Transfer["result"];
  createdAt: number;
  touchedAt: number;
  endedAt?: number | undefined;
}

/** Seconds that an ended transfer can be read. */
const keptSeconds = 90 * 86_400;

/** The transfer has ended: stop working on it. */
export class Stopped extends Error {}

export function isOpen({ state }: { state: Transfer["state"] }): boolean {
  return state === "running" || state === "asking";
}

export async function find(transferID: string): Promise<TransferRecord | undefined> {
  const { data } = await TransferEntity.get({ transferID }).go({ consistent: true });
  return data ? (data as TransferRecord) : undefined;
}

/** @throws VisibleError not_found */
export async function findFor(actor: Actor, transferID: string, action: Action): Promise<TransferRecord> {
  const record = await find(transferID);
  if (!record) throw noSuch("transfer");
  await authoriseFor("transfer", actor, action, record.projectID);
  return record;
}

export async function source(projectID: string): Promise<SourceRecord | undefined> {
  const { data } = await SourceEntity.get({ projectID }).go({ consistent: true });
  if (!data) return undefined;
  const { pull, ...known } = data as SourceRecord & { pull?: PullState & { manifest?: string } };
  // Rows of 0.1 call the tree a manifest.
  return { ...known, ...(pull ? { pull: { ...pull, tree: pull.tree ?? pull.manifest ?? "" } } : {}) };
}

export function sourceItem(record: SourceRecord): WriteItem {
  return putItem(SourceEntity.put(record));
}

/** Records what became of the pull request, unless a sync has done so meanwhile. */
export async function updatePull({ projectID, tree }: SourceRecord, pull: PullState): Promise<void> {
  await transact([
    updateItem(
      SourceEntity.patch({ projectID })
        .set({ pull })
        .where((attribute, operation) => operation.eq(attribute.tree, tree)),
    ),
  ]);
}

/** The newest transfer of a project, unless it was dismissed. */
export async function newest(projectID: string): Promise<TransferRecord | undefined> {
  const { data } = await TransferSlotEntity.get({ projectID }).go({ consistent: true });
  return data ? find(data.transferID) : undefined;
}

/** Dismisses the newest transfer, if it has ended. */
export async function putAside(projectID: string): Promise<void> {
  const latest = await newest(projectID);
  if (latest && !isOpen(latest)) await TransferSlotEntity.delete({ projectID }).go();
}

/** Creates a transfer in the project's only slot. @throws VisibleError conflict while another one runs */
export async function create(
  record: Pick<TransferRecord, "transferID" | "projectID" | "userID" | "owner" | "repo" | "request"> &
    Partial<Pick<TransferRecord, "filesTotal" | "bytesTotal" | "choices">>,
  alongside: readonly WriteItem[] = [],
): Promise<TransferRecord> {
  const { projectID, transferID } = record;
  const { data: slot } = await TransferSlotEntity.get({ projectID }).go({ consistent: true });
  const current = slot ? await find(slot.transferID) : undefined;
  if (current && isOpen(current)) throw busy();
  const at = now();
  const row: TransferRecord = {
    ...record,
    kind: record.request.kind,
    state: "running",
    round: 1,
    phase: "Starting",
    files: 0,
    filesTotal: record.filesTotal ?? 0,
    bytes: 0,
    bytesTotal: record.bytesTotal ?? 0,
    createdAt: at,
    touchedAt: at,
  };
  const take = slot
    ? TransferSlotEntity.put({ projectID, transferID }).where((attribute, operation) =>
        operation.eq(attribute.transferID, slot.transferID),
      )
    : TransferSlotEntity.create({ projectID, transferID });
  const written = await transact([
    putItem(take),
    putItem(TransferEntity.create({ ...row, open: "open" })),
    ...alongside,
  ]);
  if (!written.ok) throw busy();
  return row;
}

function busy(): VisibleError {
  return new VisibleError("conflict", "Another import, export or pull of this project is still running.");
}

/** Removes the transfers of a removed project. */
export async function purge(projectID: string): Promise<void> {
  await purgeTrees(projectID);
  const { data } = await TransferEntity.query.byProject({ projectID }).go({ pages: "all" });
  await removeRows(
    data.map(({ transferID }) => ({ transferID })),
    (part) => TransferEntity.delete(part).go(),
  );
  await Promise.all([TransferSlotEntity.delete({ projectID }).go(), SourceEntity.delete({ projectID }).go()]);
}

/** Updates a running transfer. @throws Stopped once it has ended */
export async function patch(
  record: TransferRecord,
  changes: Partial<
    Pick<
      TransferRecord,
      "phase" | "files" | "filesTotal" | "bytes" | "bytesTotal" | "waitsUntil" | "request" | "conflicts" | "state"
    >
  >,
): Promise<void> {
  const { waitsUntil, ...set } = changes;
  // No execution runs while it asks, so the sweep must leave it alone.
  const isAsking = changes.state === "asking";
  const written = await transact([
    updateItem(
      TransferEntity.patch({ transferID: record.transferID })
        .set({
          ...set,
          ...(waitsUntil === undefined ? {} : { waitsUntil }),
          touchedAt: now(),
          ...(isAsking ? {} : { open: "open" }),
        })
        .remove([...(waitsUntil === undefined ? ["waitsUntil" as const] : []), ...(isAsking ? ["open" as const] : [])])
        .where((attribute, operation) => operation.eq(attribute.state, "running")),
    ),
  ]);
  if (!written.ok) throw new Stopped();
  Object.assign(record, changes, { waitsUntil });
  await announce(record);
}

/** Fails its transaction once the transfer has ended. */
export function runningItem({ transferID }: TransferRecord): WriteItem {
  return checkItem(TransferEntity.get({ transferID }), "state", "running");
}

/** Ends it, once: for the transaction that writes its outcome. */
export function endItem(
  record: TransferRecord,
  end: {
    state: "completed" | "failed" | "cancelled";
    error?: { code: string; message: string };
    result?: Transfer["result"];
  },
): WriteItem {
  const at = now();
  return updateItem(
    TransferEntity.patch({ transferID: record.transferID })
      .set({
        state: end.state,
        ...(end.error ? { errorCode: end.error.code, errorMessage: end.error.message } : {}),
        ...(end.result ? { result: end.result } : {}),
        endedAt: at,
        touchedAt: at,
        expires: Math.ceil(at / 1000) + keptSeconds,
      })
      .remove(["waitsUntil", "open"])
      .where(
        (attribute, operation) =>
          `${operation.eq(attribute.state, "running")} OR ${operation.eq(attribute.state, "asking")}`,
      ),
  );
}

/** Completes it together with the new state of the source. @throws Stopped when it has ended otherwise */
export async function complete(
  record: TransferRecord,
  source: SourceRecord,
  result: NonNullable<Transfer["result"]>,
): Promise<Next> {
  const { ok } = await transact([endItem(record, { state: "completed", result }), sourceItem(source)]);
  if (!ok) throw new Stopped();
  return done;
}

/** What a person chose, by path: a file may be called `constructor`. */
export function choicesOf({ choices }: Pick<TransferRecord, "choices">): ReadonlyMap<string, Choice> {
  return new Map(Object.entries(choices ?? {}));
}

/** Resumes a transfer that asked, with the answers. False when someone else answered first. */
export async function proceed(record: TransferRecord, choices: Record<string, Choice>): Promise<boolean> {
  const { ok } = await transact([
    updateItem(
      TransferEntity.patch({ transferID: record.transferID })
        .set({ state: "running", choices, round: record.round + 1, touchedAt: now(), open: "open" })
        .remove(["conflicts"])
        .where((attribute, operation) => operation.eq(attribute.state, "asking")),
    ),
  ]);
  return ok;
}

/** Running transfers not touched since `before`. */
export async function untouchedSince(before: number): Promise<string[]> {
  const { data } = await TransferEntity.query.byOpen({ open: "open" }).lt({ touchedAt: before }).go({ pages: "all" });
  return data.map(({ transferID }) => transferID);
}

/** Touches the row and records its execution. Undefined when someone else did so first. */
export async function nextRound(
  record: TransferRecord,
  { round, restarts }: { round: number; restarts: number },
): Promise<TransferRecord | undefined> {
  const { ok } = await transact([
    updateItem(
      TransferEntity.patch({ transferID: record.transferID })
        .set({ round, restarts, touchedAt: now(), open: "open" })
        .where(
          (attribute, operation) =>
            `${operation.eq(attribute.state, "running")} AND ${operation.eq(attribute.round, record.round)}`,
        ),
    ),
  ]);
  return ok ? { ...record, round, restarts } : undefined;
}

export function executionName({ transferID, round }: TransferRecord): string {
  return `${transferID}-${round}`;
}

/** Never throws: the sweep repeats a lost start. Starting twice starts one execution. */
export async function start(record: TransferRecord): Promise<void> {
  const { transferID } = record;
  try {
    await Execution.start("GithubSync", executionName(record), { transferID });
  } catch (error) {
    Log.error("start-lost", error, { transferID });
  }
}

/** Names what an unfinished transfer may have created on GitHub. */
export function leftBehind({ request, owner, repo }: TransferRecord): Transfer["result"] {
  if (request.kind !== "export") return undefined;
  const url = `${GitHub.settings().web}/${owner}/${repo}`;
  if (request.creating)
    return { url, note: `The repository ${owner}/${repo} may have been created, and may be empty.` };
  if (request.branch)
    return {
      branch: request.branch,
      note: `The branch ${request.branch} may have been created. A retry continues with it.`,
    };
  return undefined;
}

export async function announce(record: TransferRecord): Promise<void> {
  const transfer = serialize(record);
  await Connections.broadcast(record.projectID, { type: "transfer", transfer });
}

/** Broadcasts the current state. */
export async function announceNow(transferID: string): Promise<void> {
  const record = await find(transferID);
  if (record) await announce(record);
}

export function serialize(record: TransferRecord): Transfer {
  const { kind, state, phase, files, filesTotal, bytes, bytesTotal, createdAt } = record;
  return {
    id: record.transferID,
    projectId: record.projectID,
    kind,
    state,
    phase,
    files,
    filesTotal,
    bytes,
    bytesTotal,
    createdAt,
    repository: `${record.owner}/${record.repo}`,
    ...(record.waitsUntil === undefined ? {} : { waitsUntil: record.waitsUntil }),
    ...(record.conflicts && state === "asking"
      ? {
          conflicts: record.conflicts.map(({ path, kind, canMerge, mine, theirs }) => ({
            path,
            kind,
            canMerge,
            mine,
            theirs,
          })),
        }
      : {}),
    ...(record.errorCode ? { error: { code: record.errorCode, message: record.errorMessage ?? "" } } : {}),
    ...(record.result ? { result: record.result } : {}),
    ...(record.endedAt === undefined ? {} : { endedAt: record.endedAt }),
  };
}

/** The context of one step. */
export interface Step {
  record: TransferRecord;
  client: GitHub.Client;
  /** Milliseconds until the function times out. */
  remaining(): number;
}

/** The workflow's next state. */
export type Next = { next: "done" | "again"; seconds: 0 } | { next: "wait"; seconds: number };
export const done: Next = { next: "done", seconds: 0 };
export const again: Next = { next: "again", seconds: 0 };

/** Reports progress about twice a second. @throws Stopped once the transfer has ended */
export function createMeter(record: TransferRecord): {
  add(files: number, bytes: number): void;
  tell(): Promise<void>;
} {
  let told = 0;
  let files = 0;
  let bytes = 0;
  return {
    add(moreFiles, moreBytes) {
      files += moreFiles;
      bytes += moreBytes;
    },
    async tell() {
      if (now() - told < 500) return;
      told = now();
      await patch(record, { phase: record.phase, files, bytes });
    },
  };
}
