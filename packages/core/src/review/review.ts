import { VisibleError } from "@slipway/contract/error";
import type { UndoRange } from "@slipway/contract/file";
import type { ReviewedFile, RunChange } from "@slipway/contract/review";
import { now } from "../clock/clock.ts";
import * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import type { Actor } from "../member/member.ts";
import * as Operation from "../operation/operation.ts";
import * as Run from "../run/run.ts";
import { rejectionItem } from "./rejection.ts";
import { acceptedBases } from "./system.ts";
import { ReviewEntity } from "./review.entity.ts";

/**
 * What a run changed, and what a person decides about it. The log says what each path held before and after the run.
 * Accepting moves the base that the rest is compared with; rejecting reverts by a commit and is told to the model. The
 * files never wait for a review.
 */

/** Every path that the run changed, with how it stands now. Four round trips. */
export async function changes(actor: Actor, runID: string): Promise<RunChange[]> {
  const { projectID, files } = await read(actor, runID);
  const accepted = await acceptedBases(runID);
  const current = await File.versionsNow(
    actor,
    projectID,
    files.map(({ path }) => path),
  );
  const movedFrom = new Set(files.flatMap(({ from }) => (from ? [from] : [])));
  return files.flatMap((file): RunChange[] => {
    const { path, before, after, from } = file;
    // A moved file is one change, under its new name.
    if (after === undefined && movedFrom.has(path)) return [];
    if (before === undefined && after === undefined) return [];
    const base = accepted.has(path) ? accepted.get(path) : baseOf(file, files);
    const now = current.get(path);
    const op = after === undefined ? "deleted" : from ? "moved" : before === undefined ? "created" : "edited";
    const kind = (after ?? before)?.kind ?? "text";
    const isSettled = now?.hash === base?.hash && now?.kind === base?.kind && !(op === "moved" && !accepted.has(path));
    return [{ path, op, kind, isSettled, ...(from ? { from } : {}), ...(now ? { rev: now.rev } : {}) }];
  });
}

/** One of them with the texts to compare: `base`, what it was less what has been accepted, and what it is now. */
export async function change(actor: Actor, runID: string, path: string): Promise<ReviewedFile> {
  const { projectID, files } = await read(actor, runID);
  const file = files.find((each) => each.path === path);
  if (!file) throw new VisibleError("not_found", `The run did not change "${path}".`);
  const accepted = await acceptedBases(runID);
  const base = accepted.has(path) ? accepted.get(path) : baseOf(file, files);
  const now = (await File.versionsNow(actor, projectID, [path])).get(path);
  const [baseText, content] = await Promise.all([
    base?.kind === "text" ? FileStore.textOf(projectID, base) : undefined,
    now?.kind === "text" ? FileStore.textOf(projectID, now) : undefined,
  ]);
  return {
    path,
    ...(file.from ? { from: file.from } : {}),
    ...(baseText === undefined ? {} : { base: baseText }),
    ...(content === undefined ? {} : { content }),
    ...(now ? { rev: now.rev } : {}),
  };
}

/** Accepts a file as it is, or the part of it that makes `base` of what it was. */
export async function accept(actor: Actor, runID: string, path: string, base: string | undefined): Promise<void> {
  const { projectID, files } = await read(actor, runID, "write");
  if (!files.some((each) => each.path === path))
    throw new VisibleError("not_found", `The run did not change "${path}".`);
  const version =
    base === undefined
      ? (await File.versionsNow(actor, projectID, [path])).get(path)
      : await FileStore.storeText(projectID, base);
  await ReviewEntity.put({ runID, path, at: now(), ...(version ? { base: version } : {}) }).go();
}

/** Reverts a part of a file: it becomes `content`, and the model is told about `diff`. @throws as `File.commit` */
export async function reject(
  actor: Actor,
  runID: string,
  part: { path: string; content: string; rev: number; diff: string },
): Promise<{ rev: number }> {
  const { projectID } = await read(actor, runID, "write");
  const text = `In ${part.path} the person reverted this part of your change:\n${part.diff}`;
  return File.commit(actor, projectID, {
    changes: [{ op: "put", path: part.path, content: part.content, rev: part.rev }],
    note: (rev) => [rejectionItem(projectID, rev, { runID, text })],
  });
}

/** Reverts everything that the run did, or some files of it. Files that others have changed since are kept, and named. */
export async function revert(
  actor: Actor,
  runID: string,
  paths: readonly string[] | undefined,
): Promise<Operation.Outcome> {
  const { run, projectID, files } = await read(actor, runID, "write");
  const wanted = paths && withOrigins(paths, files);
  const what = paths ? `your changes of ${paths.join(", ")}` : "all changes of your last answer";
  const range = { ...(await rangeOf(run)), ...(wanted ? { paths: wanted } : {}) };
  return Operation.undo(actor, projectID, range, { runID, text: `The person reverted ${what}.` });
}

/** Restores the whole project to its state before the run, later changes by others included. */
export async function restore(actor: Actor, runID: string): Promise<Operation.Outcome> {
  const run = await Run.recordFor(actor, runID, "write");
  // Without it the range would begin with the empty project.
  if (run.startRev === undefined) throw new VisibleError("conflict", "This run never started, so it changed no files.");
  const { from, to } = await rangeOf(run);
  return Operation.undo(
    actor,
    run.projectID,
    { from, to },
    {
      runID,
      text: "The person restored the whole project to its state before your answer.",
    },
  );
}

async function read(actor: Actor, runID: string, action: "read" | "write" = "read") {
  const run = await Run.recordFor(actor, runID, action);
  const { projectID } = run;
  const files = await FileStore.pathsChangedBy(projectID, await rangeOf(run));
  return { run, projectID, files };
}

/** The run's own commits, found by their writer: from where the project was when it began to where it is now. */
async function rangeOf(run: Run.RunRecord): Promise<UndoRange> {
  const { rev } = await FileStore.head(run.projectID);
  return { from: run.startRev ?? 0, to: rev, writer: { kind: "run", id: run.runID } };
}

type Changed = Awaited<ReturnType<typeof FileStore.pathsChangedBy>>[number];

/** What a moved file is compared with: what it was under its old name. */
function baseOf(file: Changed, files: readonly Changed[]): Changed["before"] {
  if (file.from === undefined || file.before) return file.before;
  return files.find(({ path }) => path === file.from)?.before;
}

function withOrigins(paths: readonly string[], files: readonly Changed[]): string[] {
  const origins = files.flatMap(({ path, from }) => (from && paths.includes(path) ? [from] : []));
  return [...paths, ...origins];
}
