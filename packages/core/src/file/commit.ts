import { setTimeout as sleep } from "node:timers/promises";
import { VisibleError } from "@slipway/contract/error";
import { maxChanges, type FileEntry } from "@slipway/contract/file";
import { now } from "../clock/clock.ts";
import * as Connections from "../connection/system.ts";
import * as Members from "../member/system.ts";
import { putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { encodeText, store, type Encoded } from "./content.ts";
import { HeadEntity, LogEntity } from "./file.entity.ts";
import { toPut } from "./merge.ts";
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
  /** Texts that were merged with what others wrote, as they are now. */
  merged: { path: string; content: string }[];
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
  const { projectID } = commit;
  const changes = commit.changes.map(normaliseChange);
  refuseRepeats(changes);
  const puts = changes.filter((change) => change.op === "put");
  const [stored, first] = await Promise.all([storeTexts(projectID, puts), commit.head ?? readHead(projectID)]);
  const deadline = now() + patience;
  let head = first;
  for (let attempt = 0; ; attempt++) {
    const committed = await tryOnce(commit, { changes, stored, head });
    if (committed) return committed;
    if (now() > deadline) throw new VisibleError("busy", "Too many changes at once. Try again.");
    await sleep(Math.random() * Math.min(1000, 8 * 2 ** attempt));
    head = await readHead(projectID);
  }
}

/** One attempt. Undefined when another commit took the head, so that the next attempt may succeed. */
async function tryOnce(
  { projectID, writer, alongside = [], note }: NewCommit,
  { changes, stored, head }: { changes: readonly Change[]; stored: ReadonlyMap<string, Encoded>; head: Head },
): Promise<Committed | undefined> {
  if (head.filling)
    throw new VisibleError("conflict", "The project is being imported. Wait until the import has finished.");
  const merges = changes.filter((change) => change.op === "merge");
  const others = changes.filter((change) => change.op !== "merge");
  const merged = await Promise.all(merges.map((change) => toPut(projectID, head.gen, change)));
  const contents = new Map([...stored, ...(await storeTexts(projectID, merged))]);
  const plan = await planWrites({ projectID, gen: head.gen }, [...others, ...merged], contents).catch(
    (error: unknown) => {
      // Written between the merge and the plan: merge again.
      if (isStale(error, merged)) return undefined;
      throw error;
    },
  );
  if (plan === undefined) return undefined;
  const result = { merged: changed(merges, merged) };
  if (plan.entries.length === 0 && alongside.length === 0) return { ...result, rev: head.rev, entries: plan.unchanged };
  const rev = head.rev + 1;
  const noted = note?.(rev) ?? [];
  requireRoom(plan.entries.length, alongside.length + noted.length);
  const items = [
    updateItem(
      HeadEntity.patch({ projectID })
        .set({ rev })
        .where(
          (attribute, operation) =>
            `${operation.eq(attribute.rev, head.rev)} AND ${operation.eq(attribute.gen, head.gen)}`,
        ),
    ),
    putItem(LogEntity.create({ projectID, rev, at: now(), writer, entries: plan.entries })),
    ...plan.items(rev),
  ];
  const written = await transact([...items, ...alongside, ...noted]);
  if (!written.ok) {
    const refused = written.failed.find((index) => index >= items.length);
    if (refused !== undefined) throw new CommitRefused(refused - items.length);
    return undefined;
  }
  await announce(projectID, rev);
  const put = plan.entries.flatMap(({ path, op, kind = "text", size = 0 }) =>
    op === "put" ? [{ path, kind, size, rev }] : [],
  );
  return { ...result, rev, entries: [...put, ...plan.unchanged] };
}

function isStale(error: unknown, merged: readonly { path: string }[]): boolean {
  return (
    error instanceof VisibleError &&
    error.code === "stale_revision" &&
    merged.some(({ path }) => path === error.details.path)
  );
}

async function storeTexts(
  projectID: string,
  puts: readonly { path: string; content: string }[],
): Promise<Map<string, Encoded>> {
  const contents = new Map(puts.map(({ path, content }) => [path, encodeText(content)]));
  if (contents.size > 0) await store(projectID, [...contents.values()]);
  return contents;
}

/** The merges that came to something else than what was sent. */
function changed(
  sent: readonly { content: string }[],
  merged: readonly { path: string; content: string }[],
): { path: string; content: string }[] {
  return merged
    .filter(({ content }, at) => content !== sent[at]?.content)
    .map(({ path, content }) => ({ path, content }));
}

export async function announce(projectID: string, rev: number): Promise<void> {
  await Promise.all([
    Members.touch(projectID),
    Connections.broadcast(projectID, { type: "files-changed", projectId: projectID, rev }),
  ]);
}

/** @throws VisibleError not_found, also once the project has been removed */
export async function readHead(projectID: string): Promise<Head> {
  const { data } = await HeadEntity.get({ projectID }).go({ consistent: true });
  if (!data || data.removed) throw new VisibleError("not_found", "Project not found.");
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
