import { setTimeout as sleep } from "node:timers/promises";
import { VisibleError } from "@slipway/contract/error";
import { maxChanges, type FileEntry } from "@slipway/contract/file";
import { now } from "../clock/clock.ts";
import * as Connection from "../connection/connection.ts";
import * as Member from "../member/member.ts";
import { putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { encodeText, store, type Encoded } from "./content.ts";
import { HeadEntity, LogEntity } from "./file.entity.ts";
import { normalisePath } from "./path.ts";
import { pathsOf, planWrites, type Change } from "./plan.ts";
import type { Writer } from "./writer.ts";

/** One commit: one transaction, one line of the log. */

export interface Head {
  rev: number;
  gen: number;
  filling?: boolean;
}

/** An item that was written alongside, or a note, refused the commit. */
export class CommitRefused extends Error {
  /** Its position in `alongside`, then in the notes. */
  readonly index: number;
  constructor(index: number) {
    super("an item written alongside the commit refused it");
    this.index = index;
  }
}

export interface NewCommit {
  projectID: string;
  writer: Writer;
  changes: readonly Change[];
  /** Written in the same transaction. An item whose condition fails refuses the commit. */
  alongside?: readonly WriteItem[] | undefined;
  /** The head, when the same request has read it. */
  head?: Head | undefined;
  /** Further items that need the commit's revision. */
  note?: ((rev: number) => readonly WriteItem[]) | undefined;
}

export interface Committed {
  rev: number;
  /** The files that were put, as they are now. */
  entries: FileEntry[];
}

/** DynamoDB's bound on a transaction, less the head and the log. */
export const maxItems = 98;
/** Milliseconds that a commit competes for the head. A request may take 29 s. */
const patience = 15_000;

/**
 * Writes changes as one transaction: the head by compare-and-set, each file under the revision that its writer read,
 * one log row, and the items alongside. A commit that loses the head to changes of other files retries.
 * Three round trips: head, files, transaction. About 2 WCU per change, doubled by the transaction.
 * @throws VisibleError stale_revision, name_taken, not_found, too_many_changes, busy; CommitRefused
 */
export async function commitChanges(commit: NewCommit): Promise<Committed> {
  const { projectID } = commit;
  const before = lanes.get(projectID);
  const mine = before === undefined ? compete(commit) : before.then(() => compete({ ...commit, head: undefined }));
  const ended = mine.then(
    () => undefined,
    () => undefined,
  );
  lanes.set(projectID, ended);
  try {
    return await mine;
  } finally {
    if (lanes.get(projectID) === ended) lanes.delete(projectID);
  }
}

/** Commits of one project queue up within a process, so that only other processes compete for the head. */
const lanes = new Map<string, Promise<void>>();

async function compete(commit: NewCommit): Promise<Committed> {
  const { projectID, writer } = commit;
  const alongside = commit.alongside ?? [];
  const changes = commit.changes.map(normaliseChange);
  refuseRepeats(changes);
  const contents = new Map<string, Encoded>();
  for (const change of changes) if (change.op === "put") contents.set(change.path, encodeText(change.content));
  const storing = store(projectID, [...contents.values()]);
  const deadline = now() + patience;
  let head = commit.head;
  for (let attempt = 0; ; attempt++) {
    [head] = await Promise.all([head ?? readHead(projectID), storing]);
    const { rev: before, gen } = head;
    if (head.filling)
      throw new VisibleError("conflict", "The project is being imported. Wait until the import has finished.");
    const plan = await planWrites({ projectID, gen }, changes, contents);
    if (plan.entries.length === 0 && alongside.length === 0) return { rev: before, entries: plan.unchanged };
    const rev = before + 1;
    const noted = commit.note?.(rev) ?? [];
    requireRoom(plan.entries.length, alongside.length + noted.length);
    const items = [
      updateItem(
        HeadEntity.patch({ projectID })
          .set({ rev })
          .where(
            (attribute, operation) => `${operation.eq(attribute.rev, before)} AND ${operation.eq(attribute.gen, gen)}`,
          ),
      ),
      putItem(LogEntity.create({ projectID, rev, at: now(), writer, entries: plan.entries })),
      ...plan.items(rev),
    ];
    const written = await transact([...items, ...alongside, ...noted]);
    if (written.ok) {
      await announce(projectID, rev);
      const put = plan.entries.flatMap(({ path, op, kind = "text", size = 0 }) =>
        op === "put" ? [{ path, kind, size, rev }] : [],
      );
      return { rev, entries: [...put, ...plan.unchanged] };
    }
    const refused = written.failed.find((index) => index >= items.length);
    if (refused !== undefined) throw new CommitRefused(refused - items.length);
    if (now() > deadline) throw new VisibleError("busy", "Many changes arrive at once. Try again.");
    head = undefined;
    await sleep(Math.random() * Math.min(1000, 8 * 2 ** attempt));
  }
}

export async function announce(projectID: string, rev: number): Promise<void> {
  await Promise.all([
    Member.touch(projectID),
    Connection.broadcast(projectID, { type: "files-changed", projectId: projectID, rev }),
  ]);
}

/** @throws VisibleError not_found, also once the project has been removed */
export async function readHead(projectID: string): Promise<Head> {
  const { data } = await HeadEntity.get({ projectID }).go({ consistent: true });
  if (!data || data.removed) throw new VisibleError("not_found", "There is no such project.");
  return { rev: data.rev, gen: data.gen, ...(data.filling ? { filling: true } : {}) };
}

/** Paths as they are stored. @throws VisibleError invalid_path */
export function normaliseChange(change: Change): Change {
  const path = normalisePath(change.path);
  return "to" in change ? { ...change, path, to: normalisePath(change.to) } : { ...change, path };
}

function requireRoom(rows: number, others: number): void {
  const room = maxItems - others;
  if (rows > room)
    throw new VisibleError("too_many_changes", `One commit takes ${room} changes; this would be ${rows}.`);
}

function refuseRepeats(changes: readonly Change[]): void {
  if (changes.length > maxChanges) {
    throw new VisibleError("too_many_changes", `One commit takes ${maxChanges} changes; this has ${changes.length}.`);
  }
  const seen = new Set<string>();
  for (const change of changes) {
    for (const path of pathsOf(change)) {
      if (seen.has(path)) throw new VisibleError("invalid_input", `"${path}" occurs twice in one commit.`, { path });
      seen.add(path);
    }
  }
}
