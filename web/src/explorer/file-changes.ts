import type { FileChange, UndoRange } from "@slipway/contract/file";
import { commitFiles, deleteFile, patchFile, putFile } from "@slipway/contract/routes/file";
import { createSignal } from "solid-js";
import { text } from "#text/explorer.ts";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { OperationFailed } from "../api/operation.ts";
import { offer, toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";
import { copyName, folderOf, joined, nameOf } from "./names.ts";
import type { createTransfers } from "./transfers.ts";

/** Files of one commit. */
const batchSize = 90;

/** Creates, moves, copies and deletes files, and undoes that. */
export function createFileChanges(workspace: Workspace, transfers: ReturnType<typeof createTransfers>) {
  const params = { id: workspace.projectID };
  const undone: { ranges: readonly UndoRange[]; dismiss(): void }[] = [];
  /** What was cut or copied in the tree. */
  const [clipboard, setClipboard] = createSignal<{ paths: readonly string[]; isCut: boolean }>();
  /** The latest change, until it can be undone. */
  let changing: Promise<unknown> = Promise.resolve();

  const paths = () => new Set(workspace.files.list()?.map(({ path }) => path));
  const isFolder = (path: string) =>
    workspace.files.list()?.every((file) => file.path !== path || file.kind === "folder") ?? false;

  /** Confirms a change and offers to undo it. */
  function done(what: string, ranges: readonly UndoRange[]): void {
    const dismiss = offer(what, { label: text.undo, run: () => void undo(entry) });
    const entry = { ranges, dismiss };
    undone.push(entry);
  }
  /** A large change can fail half way: offers to undo the half that was written. */
  function failed(error: unknown): void {
    void workspace.files.sync();
    if (error instanceof OperationFailed && error.undo) done(error.message, [error.undo]);
    else toast(messageOf(error));
  }
  async function undo(entry = undone.at(-1)): Promise<void> {
    const at = entry ? undone.indexOf(entry) : -1;
    if (!entry || at < 0) return;
    undone.splice(at, 1);
    entry.dismiss();
    for (const range of entry.ranges.toReversed())
      await workspace.files.undo(range, (request) => transfers.change(text.undoing, request));
  }

  /** One change after the other: an undo waits for the one that it undoes. */
  function change<T>(run: () => Promise<T>): Promise<T | undefined> {
    const going = run().catch((error: unknown) => (failed(error), undefined));
    changing = going;
    return going;
  }

  /** Files in as few commits as they fit in, folders each on its own. @returns what undoes them */
  async function apply(
    all: readonly string[],
    fileChange: (path: string) => FileChange,
    folder: (path: string) => Promise<UndoRange>,
  ): Promise<UndoRange[]> {
    const ranges: UndoRange[] = [];
    const files = all.filter((path) => !isFolder(path));
    for (let at = 0; at < files.length; at += batchSize) {
      const changes = files.slice(at, at + batchSize).map(fileChange);
      const { rev } = await call(commitFiles, { params, body: { changes } });
      const touched = changes.flatMap((each) => ("to" in each ? [each.path, each.to] : [each.path]));
      ranges.push({ from: rev - 1, to: rev, paths: touched });
    }
    for (const path of all) if (isFolder(path)) ranges.push(await folder(path));
    return ranges;
  }

  /** @throws ApiError that says what is wrong with the path */
  async function create(kind: "file" | "folder", path: string): Promise<void> {
    await call(putFile, { params: { ...params, path }, body: kind === "file" ? { content: "" } : { kind: "folder" } });
    await workspace.files.sync();
  }

  /** @throws ApiError that says what is wrong with the path */
  async function rename(from: string, to: string): Promise<void> {
    const going = moveOne(from, to);
    changing = going.catch(() => undefined);
    const range = await going;
    await workspace.files.sync();
    done(text.renamed(nameOf(from)), [range]);
  }

  async function moveOne(from: string, to: string): Promise<UndoRange> {
    const { undo: range } = await transfers.change(text.moving([nameOf(from)]), () =>
      call(patchFile, { params: { ...params, path: from }, body: { path: to } }),
    );
    return range;
  }

  /** Moves into a folder. */
  async function move(all: readonly string[], folder: string): Promise<void> {
    const moved = all.filter((path) => folderOf(path) !== folder);
    const inside = moved.find((path) => path === folder || folder.startsWith(`${path}/`));
    if (inside !== undefined) return toast(text.cannotMoveInside(nameOf(inside)));
    if (moved.length === 0) return;
    const to = (path: string) => joined(folder, nameOf(path));
    await change(async () => {
      const ranges = await apply(
        moved,
        (path) => ({ op: "move", path, to: to(path) }),
        (path) => moveOne(path, to(path)),
      );
      await workspace.files.sync();
      done(text.moved(moved.map(nameOf)), ranges);
    });
  }

  /** Copies into a folder, under free names. @returns the copies */
  async function copy(all: readonly string[], folder: string): Promise<string[]> {
    const taken = paths();
    const isTaken = (path: string) => taken.has(path) || [...taken].some((each) => each.startsWith(`${path}/`));
    const to = new Map(
      all.map((path) => {
        const wanted = joined(folder, nameOf(path));
        const free = isTaken(wanted) ? copyName(wanted, taken) : wanted;
        taken.add(free);
        return [path, free];
      }),
    );
    const commit = async (path: string): Promise<UndoRange> => {
      const target = to.get(path) ?? path;
      const { rev } = await call(commitFiles, { params, body: { changes: [{ op: "copy", path, to: target }] } });
      return { from: rev - 1, to: rev, paths: [target] };
    };
    await change(async () => {
      const ranges = await apply(all, (path) => ({ op: "copy", path, to: to.get(path) ?? path }), commit);
      await workspace.files.sync();
      done(text.copied(all.map(nameOf)), ranges);
    });
    return [...to.values()];
  }

  async function remove(all: readonly string[]): Promise<void> {
    const names = all.map(nameOf);
    await change(async () => {
      const ranges = await apply(
        all,
        (path) => ({ op: "delete", path }),
        async (path) =>
          (
            await transfers.change(text.deleting([nameOf(path)]), () =>
              call(deleteFile, { params: { ...params, path } }),
            )
          ).undo,
      );
      await workspace.files.sync();
      done(text.deleted(names), ranges);
    });
  }

  return {
    paths,
    clipboard,
    create,
    rename,
    move,
    copy,
    remove,
    take: (all: readonly string[], isCut: boolean) => void setClipboard({ paths: all, isCut }),
    /** Puts what was cut or copied into a folder. @returns the copies */
    async paste(folder: string): Promise<string[]> {
      const held = clipboard();
      if (!held) return [];
      if (!held.isCut) return copy(held.paths, folder);
      setClipboard(undefined);
      await move(held.paths, folder);
      return [];
    },
    /** Undoes the latest change. */
    undo: () => void changing.then(() => undo()),
  };
}
