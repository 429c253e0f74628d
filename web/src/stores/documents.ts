import type { FileContent } from "@slipway/contract/file";
import { batch } from "solid-js";
import { createStore, produce } from "solid-js/store";
import { getFile, putFile } from "@slipway/contract/routes/file";
import { text as words } from "#text/saving.ts";
import { ApiError, messageOf } from "../api/api-error.ts";
import { call, onReachable } from "../api/call.ts";
import { sendBytes } from "../api/upload.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "./workspace.ts";
import { dropDraft, keepDraft, takeDrafts, type Draft } from "./drafts.ts";
import { lineChanges, merge, type TextChange } from "./merge.ts";
import { decodeText, readFormat, writeFormat, type TextFormat } from "./text-format.ts";

/**
 * Open files and how they are saved. An edit is a draft in the browser's store until the server has acknowledged it. A
 * save names its base revision; a lost race is merged, or becomes a conflict, and never overwrites.
 */
export interface OpenDocument {
  path: string;
  kind: FileContent["kind"];
  rev: number;
  /** Byte order mark and line ending on the server. */
  format: TextFormat;
  /** The last text known to be on the server. */
  base: string;
  text: string;
  /** Has edits that the server has not acknowledged. */
  dirty: boolean;
  readOnly: boolean;
  url: string | undefined;
  size: number;
  saving: boolean;
  /** Their text, when both sides changed the same lines. */
  conflict: { text: string; rev: number } | undefined;
  failed: string | undefined;
  deleted: boolean;
}
/** What editors of a file must follow. */
export interface TextListener {
  /** Changes that were not typed here, one per hunk. */
  onText(path: string, changes: readonly TextChange[], before: string, after: string): void;
  onMove(from: string, to: string): void;
}
/** A text that becomes a string on demand. */
interface Typed {
  length: number;
  toString(): string;
}

const saveAfter = 1500;
/** Milliseconds from a keystroke to its draft. */
const draftAfter = 40;
const retryAfter = 4000;
/** Milliseconds between retries after a 401: the person has been asked to sign in. */
const signInAgainAfter = 30_000;
/** Characters past which a file is read-only. */
const editLimit = 2 * 1024 * 1024;
/** Characters past which typing is read ten times a second: a string per keystroke would lag. */
const lazyLimit = 16 * 1024;
const lazyAfter = 100;
/** Most bytes of a keepalive request, with room for headers. */
const keepaliveLimit = 60_000;
/** Characters past which a text is uploaded instead of sent as JSON. */
const inlineLimit = 1_500_000;

export function createDocuments(workspace: Workspace) {
  const { projectID } = workspace;
  // Under "/path": a file may be called `constructor` or `__proto__`.
  const [documents, setDocuments] = createStore<Record<string, OpenDocument>>({});
  const keyOf = (path: string) => `/${path}`;
  const at = (path: string): OpenDocument | undefined => documents[keyOf(path)];
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const unread = new Map<string, { typed: Typed; timer: ReturnType<typeof setTimeout> }>();
  const drafting = new Map<string, ReturnType<typeof setTimeout>>();
  const missed = new Set<string>();
  const listeners = new Set<TextListener>();
  let toldFull = false;
  const all = () => Object.values(documents);
  const isDirty = (path: string) => at(path)?.dirty ?? false;

  const patch = (path: string, changes: Partial<OpenDocument>) => {
    if (at(path)) setDocuments(keyOf(path), changes);
  };
  const forget = (path: string) =>
    setDocuments(
      produce((all) => {
        delete all[keyOf(path)];
      }),
    );

  function later(path: string, milliseconds: number): void {
    clearTimeout(timers.get(path));
    timers.set(
      path,
      setTimeout(() => void save(path), milliseconds),
    );
  }

  const opening = new Map<string, Promise<void>>();
  /** Opens a file, with edits to it that have not been saved. */
  function open(path: string, draft?: Draft): Promise<void> {
    if (at(path)) return Promise.resolve();
    const going = opening.get(path) ?? read(path, draft).finally(() => opening.delete(path));
    opening.set(path, going);
    return going;
  }

  async function read(path: string, draft: Draft | undefined): Promise<void> {
    const file = await call(getFile, { params: { id: projectID, path } });
    const raw = await textOf(file);
    const { text, format } = raw === undefined ? binary : readFormat(raw);
    batch(() => {
      setDocuments(keyOf(path), {
        path,
        kind: file.kind,
        rev: file.rev,
        format,
        base: text ?? "",
        text: text ?? "",
        dirty: false,
        readOnly: (text?.length ?? 0) > editLimit || workspace.project().role === "viewer",
        url: text === undefined ? file.url : undefined,
        size: file.size,
        saving: false,
        conflict: undefined,
        failed: undefined,
        deleted: false,
      });
      if (draft) restore(path, draft);
    });
    // The text shows without waiting for the browser's store.
    if (text !== undefined && !draft) void restoreDrafts(path);
  }

  async function restoreDrafts(path: string): Promise<void> {
    for (const draft of await takeDrafts(projectID, path)) {
      readTyped(path);
      restore(path, draft);
    }
  }

  /** Merges an unacknowledged draft of an earlier page into the current text. */
  function restore(path: string, draft: Draft): void {
    const now = at(path);
    if (!now || draft.text === now.text) return;
    const merged = merge(draft.base, draft.text, now.text);
    if (merged === undefined) {
      const { base, rev } = now;
      setText(path, draft.text);
      patch(path, { dirty: true, base: draft.base, rev: draft.rev, conflict: { text: base, rev } });
      keep(path);
    } else {
      setText(path, merged);
      take(path, merged);
    }
  }

  function setText(path: string, text: string): void {
    const before = at(path)?.text;
    if (before === undefined) return;
    const changes = lineChanges(before, text);
    patch(path, { text });
    if (changes.length > 0) for (const listener of listeners) listener.onText(path, changes, before, text);
  }

  /** Takes an edit by the person. */
  function edit(path: string, typed: Typed): void {
    const waiting = unread.get(path);
    if (typed.length <= lazyLimit) {
      clearTimeout(waiting?.timer);
      unread.delete(path);
      return take(path, typed.toString());
    }
    if (!at(path)?.dirty) patch(path, { dirty: true });
    const timer = waiting?.timer ?? setTimeout(() => readTyped(path), lazyAfter);
    unread.set(path, { typed, timer });
  }

  function readTyped(path: string): void {
    const waiting = unread.get(path);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    unread.delete(path);
    take(path, waiting.typed.toString());
  }

  function take(path: string, text: string): void {
    const document = at(path);
    if (!document) return;
    // While a save is pending, a return to the old text is a change as well.
    const dirty = text !== document.base || document.saving;
    patch(path, { text, dirty, failed: undefined });
    if (!dirty) {
      void dropDraft(projectID, path);
      return;
    }
    drafting.set(path, drafting.get(path) ?? setTimeout(() => keep(path), draftAfter));
    later(path, saveAfter);
  }

  /** Writes the draft, after the keystroke has been painted. */
  function keep(path: string): void {
    clearTimeout(drafting.get(path));
    drafting.delete(path);
    const document = at(path);
    if (!document?.dirty) return;
    const { base, rev, text } = document;
    keepDraft(projectID, path, { base, rev, text }).catch(() => {
      if (!toldFull) toast(words.noDrafts);
      toldFull = true;
    });
  }

  async function save(path: string, options: { leaving?: boolean } = {}): Promise<void> {
    readTyped(path);
    clearTimeout(timers.get(path));
    const document = at(path);
    if (!document || document.saving || document.conflict || document.deleted || !document.dirty) return;
    const { text, rev } = document;
    patch(path, { saving: true });
    try {
      const saved = await put(document, text, rev, options.leaving ?? false);
      workspace.files.tellRevision(saved.rev);
      patch(path, { base: text, rev: saved.rev, saving: false, failed: undefined });
      if (saved.content !== undefined) takeMerged(path, text, readFormat(saved.content).text);
      const after = at(path);
      if (after?.text === after?.base) {
        patch(path, { dirty: false });
        await dropDraft(projectID, path);
      } else {
        patch(path, { dirty: true });
        // A conflict waits for the person: `save` leaves it alone.
        later(path, saveAfter);
      }
    } catch (error) {
      patch(path, { saving: false });
      if (error instanceof ApiError && error.code === "stale_revision") await takeTheirs(path);
      else {
        patch(path, { failed: messageOf(error) });
        // The draft is safe; retry until the server answers.
        later(path, error instanceof ApiError && error.status === 401 ? signInAgainAfter : retryAfter);
      }
    }
    // Someone else saved meanwhile.
    if (missed.delete(path)) await takeTheirs(path);
  }

  async function put(
    { path, format }: OpenDocument,
    lines: string,
    rev: number | undefined,
    leaving: boolean,
  ): Promise<{ rev: number; content?: string | undefined }> {
    const text = writeFormat(lines, format);
    if (text.length <= inlineLimit) {
      const keepalive = leaving && text.length < keepaliveLimit;
      return call(putFile, { params: { id: projectID, path }, body: { content: text, merge: true }, rev, keepalive });
    }
    const upload = await sendBytes(projectID, new File([text], "text"), new AbortController().signal);
    return call(putFile, { params: { id: projectID, path }, body: { upload }, rev });
  }

  /** The server merged `sent` with a remote change: merge the result with what was typed meanwhile. */
  function takeMerged(path: string, sent: string, merged: string): void {
    readTyped(path);
    const document = at(path);
    if (!document) return;
    const text = merge(sent, document.text, merged);
    if (text === undefined) patch(path, { conflict: { text: merged, rev: document.rev } });
    else {
      patch(path, { base: merged });
      setText(path, text);
    }
  }

  /** Merges a remote change; a change of the same lines becomes a conflict. */
  async function takeTheirs(path: string): Promise<void> {
    if (!at(path)) return;
    let file: FileContent;
    let theirs: string | undefined;
    try {
      file = await call(getFile, { params: { id: projectID, path } });
      const raw = await textOf(file);
      if (raw !== undefined) {
        const read = readFormat(raw);
        theirs = read.text;
        patch(path, { format: read.format });
      }
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) patch(path, { deleted: true });
      else missed.add(path);
      return;
    }
    readTyped(path);
    const now = at(path);
    if (!now || file.rev <= now.rev) return;
    if (now.saving) {
      missed.add(path);
      return;
    }
    if (theirs === undefined) {
      patch(path, { rev: file.rev, url: file.url, size: file.size, kind: file.kind });
      return;
    }
    const merged = merge(now.base, now.text, theirs);
    if (merged === undefined) {
      patch(path, { conflict: { text: theirs, rev: file.rev } });
      return;
    }
    patch(path, { base: theirs, rev: file.rev, deleted: false });
    setText(path, merged);
    patch(path, { dirty: merged !== theirs });
    if (isDirty(path)) await save(path);
    else await dropDraft(projectID, path);
  }

  /** Resolves a conflict with a merged text. */
  async function resolve(path: string, text: string): Promise<void> {
    readTyped(path);
    const document = at(path);
    if (!document?.conflict) return;
    const { text: theirs, rev } = document.conflict;
    patch(path, { base: theirs, rev, conflict: undefined });
    setText(path, text);
    take(path, text);
    await save(path);
  }

  async function close(path: string): Promise<void> {
    await save(path);
    if (!isDirty(path)) forget(path);
  }

  function saveAll(options: { leaving?: boolean } = {}): void {
    for (const { path } of all()) void save(path, options);
  }

  /** Follows a moved file, with its unsaved edits. */
  async function follow(from: string, to: string): Promise<void> {
    readTyped(from);
    const document = at(from);
    if (!document) return;
    clearTimeout(timers.get(from));
    const { base, rev, text, dirty } = document;
    const draft = dirty ? { base, rev, text } : undefined;
    for (const listener of listeners) listener.onMove(from, to);
    // At once: the next to open the new path gets the unsaved edits too.
    const reading = open(to, draft).catch(() => undefined);
    forget(from);
    if (draft) await keepDraft(projectID, to, draft).catch(() => undefined);
    await dropDraft(projectID, from);
    await reading;
  }

  const unlisten = workspace.files.onChange((changed, moved) => {
    for (const [path, op] of changed) {
      const document = at(path);
      if (!document) continue;
      const to = moved.get(path);
      if (op === "delete" && to !== undefined) void follow(path, to);
      else if (op === "delete" && !document.dirty) forget(path);
      else if (op === "delete") patch(path, { deleted: true });
      else if (document.saving) missed.add(path);
      else void takeTheirs(path);
    }
  });
  function leave(): void {
    for (const path of unread.keys()) readTyped(path);
    for (const path of drafting.keys()) keep(path);
    saveAll({ leaving: true });
  }
  const hide = () => document.visibilityState === "hidden" && leave();
  const online = () => saveAll();
  const stopWaiting = onReachable(() => saveAll());
  addEventListener("pagehide", leave);
  addEventListener("online", online);
  document.addEventListener("visibilitychange", hide);

  return {
    /** An open file. */
    at,
    /** All open files. */
    all,
    isDirty,
    open,
    edit,
    save,
    saveAll,
    resolve,
    close,
    /** Replaces the text of an open file, such as by an earlier version of it. */
    async replace(path: string, text: string): Promise<void> {
      readTyped(path);
      setText(path, text);
      take(path, text);
      await save(path);
    },
    /** Recreates a file that was deleted under unsaved edits. */
    async recreate(path: string): Promise<void> {
      const document = at(path);
      if (!document) return;
      try {
        const { text } = document;
        const made = await put(document, text, undefined, false);
        patch(path, { base: text, rev: made.rev, deleted: false, dirty: at(path)?.text !== text });
        await dropDraft(projectID, path);
      } catch (error) {
        toast(messageOf(error));
      }
    },
    /** @returns a function that ends the listening */
    listen(listener: TextListener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose(): void {
      unlisten();
      stopWaiting();
      saveAll();
      removeEventListener("pagehide", leave);
      removeEventListener("online", online);
      document.removeEventListener("visibilitychange", hide);
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
export type Documents = ReturnType<typeof createDocuments>;

const binary: { text: string | undefined; format: TextFormat } = {
  text: undefined,
  format: { hasMark: false, ending: "\n" },
};

/** A text too large for a reply is read from the store. Undefined for binary files. */
async function textOf(file: FileContent): Promise<string | undefined> {
  if (file.kind === "folder") throw new ApiError(422, "not_text", words.folder, {});
  if (file.content !== undefined || file.kind !== "text" || file.url === undefined) return file.content;
  const reply = await fetch(file.url);
  if (!reply.ok) throw new ApiError(reply.status, "unavailable", words.unreadable, {});
  return decodeText(await reply.arrayBuffer());
}
