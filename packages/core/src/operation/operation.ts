import { VisibleError } from "@slipway/contract/error";
import type { Changed, UndoRange } from "@slipway/contract/file";
import type { Operation } from "@slipway/contract/operation";
import { now } from "../clock/clock.ts";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import { writerOf } from "../file/writer.ts";
import { create as createID } from "../id/id.ts";
import { authorise, authoriseFor, noSuch, type Action, type Actor } from "../member/member.ts";
import { rejectionItem, withKept, type Rejection } from "../review/rejection.ts";
import * as Rejections from "../review/rejection.ts";
import { putItem, transact, type WriteItem } from "../table/table.ts";
import { plan, type Request } from "./plan.ts";
import { end, find, newRow, resultOf, serialize, startExecution, type OperationRecord } from "./record.ts";

/**
 * Changes of any number of files. What fits one commit is done at once; anything larger becomes an operation: a row
 * and a workflow that carries it out commit by commit, resumes after a crash, and can be cancelled.
 */

export type { Request } from "./plan.ts";

/** Done, or begun in the background. */
export type Outcome = Changed | { operation: Operation };

export function isStarted(outcome: Outcome): outcome is { operation: Operation } {
  return "operation" in outcome;
}

/** Options of a caller whose own condition must hold while the operation runs, such as an agent's run. */
export interface Options {
  guard?: FileStore.Guard;
  /** Written together with the operation's row: a record that it was begun. */
  alongside?(operationID: string): readonly WriteItem[];
}

/** Moves a file or a folder with everything in it. @throws VisibleError not_found, name_taken, stale_revision, invalid_path */
export async function move(
  actor: Actor,
  projectID: string,
  { path, to, rev }: { path: string; to: string; rev?: number | undefined },
): Promise<Outcome> {
  const normal = { path: File.normalisePath(path), to: File.normalisePath(to) };
  return atOnceOrStart(
    actor,
    projectID,
    { kind: "move", moves: [normal] },
    {
      op: "move",
      ...normal,
      ...(rev === undefined ? {} : { rev }),
    },
  );
}

/** Deletes a file or a folder with everything in it. @throws VisibleError not_found, stale_revision */
export async function remove(
  actor: Actor,
  projectID: string,
  { path, rev }: { path: string; rev?: number | undefined },
): Promise<Outcome> {
  const normal = File.normalisePath(path);
  return atOnceOrStart(
    actor,
    projectID,
    { kind: "delete", paths: [normal] },
    {
      op: "delete",
      path: normal,
      ...(rev === undefined ? {} : { rev }),
    },
  );
}

/**
 * Undoes a range of commits, path by path: each path returns to what it held before. A path that another writer changed
 * since is kept. Undo is itself a commit, so it can be undone.
 * @throws VisibleError conflict when the range contains an import; invalid_input when it is empty
 */
export async function undo(actor: Actor, projectID: string, range: UndoRange, rejection?: Rejection): Promise<Outcome> {
  await authorise(actor, "write", projectID);
  if (range.from >= range.to)
    throw new VisibleError("invalid_input", "The range holds no commits: `from` must be below `to`.");
  const request: Request = { kind: "undo", range, ...(rejection ? { rejection } : {}) };
  return planOrStart(actor, projectID, request);
}

/** Restores all files to a checkpoint. A file that someone changes meanwhile keeps that change. @throws VisibleError not_found */
export async function restore(actor: Actor, projectID: string, checkpoint: number): Promise<Outcome> {
  const [head] = await Promise.all([FileStore.head(projectID), authorise(actor, "write", projectID)]);
  await FileStore.findCheckpoint(projectID, checkpoint);
  return planOrStart(actor, projectID, { kind: "restore", checkpoint, base: head.rev });
}

export async function fromID(actor: Actor, operationID: string): Promise<Operation> {
  return serialize(await findFor(actor, operationID, "read"));
}

/** Ends it: no commit follows. What has been written stays, and the result says how to undo it. */
export async function cancel(actor: Actor, operationID: string): Promise<Operation> {
  const record = await findFor(actor, operationID, "write");
  await end(record, { state: "cancelled" });
  return serialize((await find(operationID)) ?? record);
}

/**
 * Begins an operation whatever its size. Every commit must meet the caller's guard. Undefined when an item of
 * `alongside` refused. Paths must be normalised.
 * @throws VisibleError not_found, invalid_path
 */
export async function start(
  actor: Actor,
  projectID: string,
  request: Request,
  { guard = [], alongside }: Options = {},
): Promise<Operation | undefined> {
  const [head, { changes }] = await Promise.all([
    FileStore.head(projectID),
    plan(projectID, request),
    authorise(actor, "write", projectID),
  ]);
  const at = now();
  const record: OperationRecord = {
    operationID: createID("operation"),
    projectID,
    writer: writerOf(actor),
    request,
    guard,
    state: "running",
    done: 0,
    total: changes.length,
    from: head.rev,
    rev: head.rev,
    kept: [],
    round: 1,
    createdAt: at,
    touchedAt: at,
  };
  const { ok } = await transact([putItem(newRow(record)), ...(alongside?.(record.operationID) ?? [])]);
  if (!ok) return undefined;
  await startExecution(record);
  return serialize(record);
}

/** A change that one commit can hold, else an operation. */
async function atOnceOrStart(
  actor: Actor,
  projectID: string,
  request: Extract<Request, { kind: "move" | "delete" }>,
  change: File.Change,
): Promise<Outcome> {
  try {
    const { rev } = await File.commit(actor, projectID, { changes: [change] });
    return resultOf({ request, from: rev - 1, rev, kept: [], writer: writerOf(actor) });
  } catch (error) {
    if (!(error instanceof VisibleError) || error.code !== "too_many_changes") throw error;
    return begin(actor, projectID, request);
  }
}

const maxAttempts = 5;

async function planOrStart(actor: Actor, projectID: string, request: Request): Promise<Outcome> {
  const writer = writerOf(actor);
  for (let attempt = 1; ; attempt++) {
    const [{ rev: from }, { changes, kept }] = await Promise.all([FileStore.head(projectID), plan(projectID, request)]);
    if (changes.length > 0 && !FileStore.fitsOneCommit(changes)) return begin(actor, projectID, request);
    try {
      const rejection = request.kind === "undo" ? request.rejection : undefined;
      const { rev = from } = await FileStore.apply({ projectID, writer }, changes, {
        note: (at) => (rejection ? [rejectionItem(projectID, at, withKept(rejection, kept))] : []),
      });
      if (request.kind === "undo" && !rejection) await Rejections.forgetIn(projectID, request.range);
      return resultOf({ request, from: changes.length > 0 ? rev - 1 : rev, rev, kept, writer });
    } catch (error) {
      // A file changed between the plan and the commit: plan again.
      if (!FileStore.isRace(error) || attempt === maxAttempts) throw error;
    }
  }
}

async function begin(actor: Actor, projectID: string, request: Request): Promise<Outcome> {
  const operation = await start(actor, projectID, request);
  if (!operation) throw new Error("a new operation's id was taken");
  return { operation };
}

async function findFor(actor: Actor, operationID: string, action: Action): Promise<OperationRecord> {
  const record = await find(operationID);
  if (!record) throw noSuch("operation");
  await authoriseFor("operation", actor, action, record.projectID);
  return record;
}
