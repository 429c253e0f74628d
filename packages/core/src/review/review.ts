import { VisibleError } from "@slipway/contract/error";
import type { ReviewedFile, RunChange } from "@slipway/contract/review";
import { now } from "../clock/clock.ts";
import * as File from "../file/file.ts";
import type { Undone, UndoRange } from "../file/file.ts";
import type { Actor } from "../member/member.ts";
import * as Run from "../run/run.ts";
import { putItem, removeRows, type WriteItem } from "../table/table.ts";
import { RejectionEntity, ReviewEntity } from "./review.entity.ts";

/**
 * What a run changed, and what a person makes of it. The log says what each path held before the run and after it; what
 * is accepted moves the side that the rest is compared with, what is rejected is taken back by a commit and told to the
 * model. Nothing waits for a review: the files are as they are.
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
    base?.kind === "text" ? File.textOf(projectID, base) : undefined,
    now?.kind === "text" ? File.textOf(projectID, now) : undefined,
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
      : await File.storeText(projectID, base);
  await ReviewEntity.put({ runID, path, at: now(), ...(version ? { base: version } : {}) }).go();
}

/** Takes back a part of a file: it becomes `content`, and the model hears of `diff`. @throws as `File.commit` */
export async function reject(
  actor: Actor,
  runID: string,
  part: { path: string; content: string; rev: number; diff: string },
): Promise<{ rev: number }> {
  const { projectID } = await read(actor, runID, "write");
  const note = `In ${part.path} the person took back this part of your change:\n${part.diff}`;
  return File.commitNoting(
    actor,
    projectID,
    [{ op: "put", path: part.path, content: part.content, rev: part.rev }],
    (rev) => [rejectionItem(projectID, rev, runID, note)],
  );
}

/** Takes back all that the run did, or some files of it; what someone has changed since is kept, and named. */
export async function revert(actor: Actor, runID: string, paths: readonly string[] | undefined): Promise<Undone> {
  const { run, projectID, files } = await read(actor, runID, "write");
  const wanted = paths && withOrigins(paths, files);
  const undone = await File.undo(actor, projectID, {
    ...rangeOf(run),
    by: runID,
    ...(wanted ? { paths: wanted } : {}),
  });
  const what = paths ? `your changes of ${paths.join(", ")}` : "all changes of your last answer";
  const kept = undone.kept.length > 0 ? ` It stays in ${undone.kept.join(", ")}, which they had edited since.` : "";
  await note(projectID, undone.undo, runID, `The person took back ${what}.${kept}`);
  return undone;
}

/** Puts the whole project back to before the run, whoever changed it since. */
export async function restore(actor: Actor, runID: string): Promise<Undone> {
  const { run, projectID } = await read(actor, runID, "write");
  const { rev } = await File.headFor(actor, projectID);
  const undone = await File.undo(actor, projectID, { from: run.startRev ?? 0, to: rev });
  await note(projectID, undone.undo, runID, "The person put the whole project back to how it was before your answer.");
  return undone;
}

/** Undoes a range of commits; a rejection that is undone was none. */
export async function undo(actor: Actor, projectID: string, range: UndoRange): Promise<Undone> {
  const undone = await File.undo(actor, projectID, range);
  const { data } = await RejectionEntity.query
    .byRev({ projectID })
    .between({ rev: range.from + 1 }, { rev: range.to })
    .go({ pages: "all" });
  await Promise.all(data.map(({ rev }) => RejectionEntity.delete({ projectID, rev }).go()));
  return undone;
}

/** (internal) What was rejected of a project's runs, by run, oldest first. */
export async function rejections(projectID: string): Promise<Map<string, string[]>> {
  const { data } = await RejectionEntity.query.byRev({ projectID }).go({ order: "desc", limit: 50 });
  const notes = new Map<string, string[]>();
  for (const { runID, note: text } of data.toReversed()) notes.set(runID, [...(notes.get(runID) ?? []), text]);
  return notes;
}

async function read(actor: Actor, runID: string, action: "read" | "write" = "read") {
  const run = await Run.recordFor(actor, runID, action);
  const { projectID } = run;
  const files = await File.pathsChangedBy(projectID, { ...rangeOf(run), by: runID });
  return { run, projectID, files };
}

function rangeOf(run: Run.RunRecord): { from: number; to: number } {
  return { from: run.startRev ?? 0, to: run.endRev ?? Number.MAX_SAFE_INTEGER };
}

type Changed = Awaited<ReturnType<typeof File.pathsChangedBy>>[number];

/** What a moved file is compared with: what it was under its old name. */
function baseOf(file: Changed, files: readonly Changed[]): Changed["before"] {
  if (file.from === undefined || file.before) return file.before;
  return files.find(({ path }) => path === file.from)?.before;
}

function withOrigins(paths: readonly string[], files: readonly Changed[]): string[] {
  const origins = files.flatMap(({ path, from }) => (from && paths.includes(path) ? [from] : []));
  return [...paths, ...origins];
}

async function acceptedBases(runID: string): Promise<Map<string, Changed["before"]>> {
  const { data } = await ReviewEntity.query.byRun({ runID }).go({ pages: "all", consistent: true });
  return new Map(data.map(({ path, base }) => [path, base as Changed["before"]]));
}

async function note(projectID: string, { from, to }: UndoRange, runID: string, text: string): Promise<void> {
  if (to > from) await RejectionEntity.put(rejection(projectID, to, runID, text)).go();
}

function rejectionItem(projectID: string, rev: number, runID: string, text: string): WriteItem {
  return putItem(RejectionEntity.put(rejection(projectID, rev, runID, text)));
}

function rejection(projectID: string, rev: number, runID: string, text: string) {
  return { projectID, rev, runID, note: text.slice(0, 4000), at: now() };
}

/** (internal) What was accepted of a run. */
export async function purgeRun(runID: string): Promise<void> {
  const { data } = await ReviewEntity.query.byRun({ runID }).go({ pages: "all" });
  await removeRows(
    data.map(({ path }) => ({ runID, path })),
    (part) => ReviewEntity.delete(part).go(),
  );
}

/** (internal) What was rejected in a project. */
export async function purgeProject(projectID: string): Promise<void> {
  const { data } = await RejectionEntity.query.byRev({ projectID }).go({ pages: "all" });
  await removeRows(
    data.map(({ rev }) => ({ projectID, rev })),
    (part) => RejectionEntity.delete(part).go(),
  );
}
