import type { Changed, FileEntry, UndoRange } from "@slipway/contract/file";
import { changesSince, listFiles, undoChanges } from "@slipway/contract/routes/file";
import { createSignal } from "solid-js";
import { text } from "#text/saving.ts";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { settled, type Outcome } from "../api/operation.ts";
import { toast } from "../components/toasts.tsx";

/** Told which files anyone has changed, this page included, and where moved ones are now. */
type FileListener = (changed: ReadonlyMap<string, "put" | "delete">, moved: ReadonlyMap<string, string>) => void;

/** The list of a project's files, kept current by asking for the changes since the last known revision. */
export function createProjectFiles(projectID: string) {
  // A plain list: thousands of entries that are each watched would cost more than they show.
  const [list, setList] = createSignal<readonly FileEntry[]>();
  const listeners = new Set<FileListener>();
  const revisionListeners = new Set<(rev: number) => void>();
  let cursor = { rev: 0, gen: 0 };
  let syncing: Promise<void> | undefined;
  let syncAgain = false;

  async function load(): Promise<void> {
    const { rev, gen, files } = await call(listFiles, { params: { id: projectID } });
    cursor = { rev, gen };
    setList(files);
  }

  /** Reads what has changed. Calls that arrive while one runs share the next. Failures stay silent: a later sync catches up. */
  function sync(): Promise<void> {
    if (syncing) {
      syncAgain = true;
      return syncing;
    }
    syncing = (async () => {
      do {
        syncAgain = false;
        await syncOnce();
      } while (syncAgain);
    })()
      .catch(() => undefined)
      .finally(() => (syncing = undefined));
    return syncing;
  }

  async function syncOnce(): Promise<void> {
    const before = list();
    if (before === undefined) return load();
    const since = await call(changesSince, {
      params: { id: projectID },
      query: { since: cursor.rev, gen: cursor.gen },
    });
    const changed = new Map<string, "put" | "delete">();
    const moved = new Map<string, string>();
    if (since.reload) {
      await load();
      for (const file of list() ?? []) changed.set(file.path, "put");
    } else {
      const now = new Map(before.map((file) => [file.path, file]));
      for (const { rev, changes } of since.commits) {
        for (const { path, op, kind = "text", size = 0, from } of changes) {
          if (from) {
            // Moved twice since: its first name leads to its last.
            for (const [first, at] of moved) if (at === from) moved.set(first, path);
            moved.set(from, path);
          }
          if (op === "put") now.set(path, { path, kind, size, rev });
          else now.delete(path);
          changed.set(path, op);
        }
      }
      cursor = { rev: since.rev, gen: since.gen };
      if (changed.size > 0) setList([...now.values()]);
    }
    if (changed.size > 0) for (const listener of listeners) listener(changed, moved);
  }

  function tellRevision(rev: number): void {
    for (const listener of revisionListeners) listener(rev);
  }

  return {
    /** This page has made a revision; the socket tells of it later. */
    tellRevision,
    /** Undefined until it has been read once. */
    list,
    sync,
    /** The socket has told of a revision. */
    noteRevision(rev: number): void {
      tellRevision(rev);
      if (rev > cursor.rev) void sync();
    },
    /** Told at once of every revision that this page makes or hears of. */
    onRevision(listener: (rev: number) => void): () => void {
      revisionListeners.add(listener);
      return () => revisionListeners.delete(listener);
    },
    onChange(listener: FileListener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Undoes commits. `wait` shows the progress of an undo that continues in the background. */
    async undo(
      range: UndoRange,
      wait: (request: () => Promise<Outcome>) => Promise<Changed> = async (request) => settled(await request()),
    ): Promise<void> {
      try {
        const { kept } = await wait(() => call(undoChanges, { params: { id: projectID }, body: range }));
        await sync();
        if (kept.length > 0) toast(text.kept(kept));
      } catch (error) {
        toast(messageOf(error));
      }
    },
  };
}
