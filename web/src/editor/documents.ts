import type { FileContent } from "@slipway/contract/file";
import { del, get as readDraft, set as writeDraft } from "idb-keyval";
import { createStore, produce } from "solid-js/store";
import { ApiError, call, filePath, get, messageOf } from "../api.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../workspace/store.ts";
import { merge, minimalChange } from "./merge.ts";

/**
 * Open files and their saving. What is typed is in the browser's own store at once and there until the server has it; a
 * save says which revision it is based on, and a lost race is merged or asked about, never written over.
 */
export interface OpenDocument {
  path: string;
  kind: FileContent["kind"];
  rev: number;
  /** The text as the server last had it. */
  base: string;
  text: string;
  url: string | undefined;
  size: number;
  saving: boolean;
  /** What someone else wrote to the same lines. */
  conflict: { text: string; rev: number } | undefined;
  failed: string | undefined;
  deleted: boolean;
}
interface Draft {
  base: string;
  rev: number;
  text: string;
}
export interface TextListener {
  /** A change from elsewhere, to be made in the editor without moving cursor and scroll. */
  (path: string, change: { from: number; to: number; insert: string }): void;
}

const saveAfter = 1500;

export function createDocuments(workspace: Workspace) {
  const { projectID } = workspace;
  const [documents, setDocuments] = createStore<Record<string, OpenDocument>>({});
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  let listener: TextListener = () => undefined;
  const draftKey = (path: string) => `draft ${projectID} ${path}`;
  const isDirty = (path: string) => documents[path] !== undefined && documents[path].text !== documents[path].base;

  const patch = (path: string, changes: Partial<OpenDocument>) => {
    if (documents[path]) setDocuments(path, changes);
  };

  async function open(path: string): Promise<void> {
    if (documents[path]) return;
    const file = await get<FileContent>(filePath(projectID, path));
    const text = file.content ?? "";
    setDocuments(path, {
      path,
      kind: file.kind,
      rev: file.rev,
      base: text,
      text,
      url: file.url,
      size: file.size,
      saving: false,
      conflict: undefined,
      failed: undefined,
      deleted: false,
    });
    const draft = await readDraft<Draft>(draftKey(path)).catch(() => undefined);
    if (!draft || draft.text === text) return;
    // Typed before the page went away, and never acknowledged: it is put back on top of what is there now.
    const merged = draft.base === text ? draft.text : merge(draft.base, draft.text, text);
    if (merged === undefined) patch(path, { text: draft.text, conflict: { text, rev: file.rev } });
    else edit(path, merged);
  }

  function setText(path: string, text: string): void {
    const before = documents[path];
    if (!before) return;
    const change = minimalChange(before.text, text);
    patch(path, { text });
    if (change) listener(path, change);
  }

  /** What the person typed. */
  function edit(path: string, text: string): void {
    const document = documents[path];
    if (!document || document.text === text) return;
    patch(path, { text, failed: undefined });
    const draft: Draft = { base: document.base, rev: document.rev, text };
    void writeDraft(draftKey(path), draft).catch(() =>
      toast("This browser's store is full: unsaved edits would not survive a reload."),
    );
    clearTimeout(timers.get(path));
    timers.set(
      path,
      setTimeout(() => void save(path), saveAfter),
    );
  }

  async function save(path: string, options: { keepalive?: boolean } = {}): Promise<void> {
    clearTimeout(timers.get(path));
    const document = documents[path];
    if (!document || document.saving || document.conflict || document.deleted || !isDirty(path)) return;
    const { text, rev } = document;
    patch(path, { saving: true });
    try {
      const saved = await call<{ rev: number }>("PUT", filePath(projectID, path), {
        body: { content: text },
        rev,
        ...options,
      });
      patch(path, { base: text, rev: saved.rev, saving: false, failed: undefined });
      if (documents[path]?.text === text) await del(draftKey(path));
      else
        timers.set(
          path,
          setTimeout(() => void save(path), saveAfter),
        );
    } catch (error) {
      patch(path, { saving: false });
      if (error instanceof ApiError && error.code === "stale_revision") await takeTheirs(path);
      else {
        patch(path, { failed: messageOf(error) });
        // The draft is safe; try again until the server is there.
        timers.set(
          path,
          setTimeout(() => void save(path), 4000),
        );
      }
    }
  }

  /** Brings in what someone else wrote: silently where nothing overlaps. */
  async function takeTheirs(path: string): Promise<void> {
    const document = documents[path];
    if (!document) return;
    let file: FileContent;
    try {
      file = await get<FileContent>(filePath(projectID, path));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) patch(path, { deleted: true });
      return;
    }
    const now = documents[path];
    if (!now || file.rev <= now.rev) return;
    if (file.content === undefined) {
      patch(path, { rev: file.rev, url: file.url, size: file.size, kind: file.kind });
      return;
    }
    const merged = merge(now.base, now.text, file.content);
    if (merged === undefined) {
      patch(path, { conflict: { text: file.content, rev: file.rev } });
      return;
    }
    patch(path, { base: file.content, rev: file.rev, deleted: false });
    setText(path, merged);
    if (isDirty(path)) await save(path);
  }

  function resolve(path: string, keep: "mine" | "theirs"): void {
    const document = documents[path];
    if (!document?.conflict) return;
    const { text, rev } = document.conflict;
    patch(path, { base: text, rev, conflict: undefined });
    if (keep === "theirs") {
      setText(path, text);
      void del(draftKey(path));
    } else void save(path);
  }

  async function close(path: string): Promise<void> {
    await save(path);
    if (!isDirty(path)) {
      setDocuments(
        produce((all) => {
          delete all[path];
        }),
      );
    }
  }

  function saveAll(options: { keepalive?: boolean } = {}): void {
    for (const path of Object.keys(documents)) void save(path, options);
  }

  const unlisten = workspace.onFiles((changed) => {
    for (const [path, op] of changed) {
      const document = documents[path];
      if (!document || document.saving) continue;
      if (op === "delete" && !isDirty(path)) {
        setDocuments(
          produce((all) => {
            delete all[path];
          }),
        );
      } else if (op === "delete") patch(path, { deleted: true });
      else void takeTheirs(path);
    }
  });
  const leave = () => saveAll({ keepalive: true });
  const hide = () => document.visibilityState === "hidden" && leave();
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", hide);

  return {
    documents,
    isDirty,
    open,
    edit,
    save,
    saveAll,
    resolve,
    close,
    /** Writes a file anew that was deleted under unsaved edits. */
    async recreate(path: string): Promise<void> {
      const document = documents[path];
      if (!document) return;
      const made = await call<{ rev: number }>("PUT", filePath(projectID, path), { body: { content: document.text } });
      patch(path, { base: document.text, rev: made.rev, deleted: false });
    },
    onText(next: TextListener): void {
      listener = next;
    },
    dispose(): void {
      unlisten();
      removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", hide);
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
export type Documents = ReturnType<typeof createDocuments>;
