import { createStore, produce } from "solid-js/store";
import { batch } from "solid-js";
import { maxChanges, type Changed, type FileEntry } from "@slipway/contract/file";
import { createArchive, getArchive } from "@slipway/contract/routes/archive";
import { commitFiles, getFile, putFile } from "@slipway/contract/routes/file";
import { text as words } from "#text/explorer.ts";
import { text as common } from "#text/common.ts";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { settled, type Outcome } from "../api/operation.ts";
import { sendBytes } from "../api/upload.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";

/** Uploads and downloads, each with its progress and a way to cancel it. */

export interface Transfer {
  id: number;
  label: string;
  /** 0 to 1; undefined while unknown. */
  progress: number | undefined;
  /** Absent for what cannot be cancelled half way. */
  cancel?(): void;
}
/** A file to upload, and its path in the project. */
export interface Upload {
  path: string;
  file: File;
}
export type OnTaken = "replace" | "keep-both" | "skip";

/** Small texts are batched into one request; larger files and binaries go straight to the store. */
const maxInlineText = 512 * 1024;
const maxBatchBytes = 3 * 1024 * 1024;
const maxBatchFiles = maxChanges - 7;
const largest = 100 * 1024 * 1024;
/** Milliseconds. */
const shownAfter = 500;

export function createTransfers(workspace: Workspace) {
  const { projectID } = workspace;
  const [transfers, setTransfers] = createStore<Transfer[]>([]);
  let last = 0;

  function begin(
    label: string,
    canCancel = true,
  ): {
    id: number;
    signal: AbortSignal;
    update(fields: Partial<Transfer>): void;
    end(): void;
  } {
    const id = ++last;
    const aborted = new AbortController();
    const cancel = () => aborted.abort();
    setTransfers(transfers.length, { id, label, progress: undefined, ...(canCancel ? { cancel } : {}) });
    return {
      id,
      signal: aborted.signal,
      update: (fields) => setTransfers((each) => each.id === id, fields),
      end: () =>
        setTransfers(
          produce((all) => {
            all.splice(
              all.findIndex((each) => each.id === id),
              1,
            );
          }),
        ),
    };
  }

  const entryAt = (path: string): FileEntry | undefined => workspace.files.list()?.find((file) => file.path === path);

  function freePath(path: string, taken: ReadonlySet<string>): string {
    const slash = path.lastIndexOf("/");
    const dot = path.lastIndexOf(".");
    const isNamed = dot > slash + 1;
    for (let n = 2; ; n++) {
      const made = isNamed ? `${path.slice(0, dot)} (${n})${path.slice(dot)}` : `${path} (${n})`;
      if (!taken.has(made)) return made;
    }
  }

  async function upload(uploads: readonly Upload[], onTaken: OnTaken): Promise<void> {
    const taken = new Set(workspace.files.list()?.map(({ path }) => path));
    const wanted = uploads.flatMap(({ path, file }) => {
      if (!taken.has(path) || onTaken === "replace") return [{ path, file }];
      return onTaken === "skip" ? [] : [{ path: freePath(path, taken), file }];
    });
    if (wanted.length === 0) return;
    const total = wanted.reduce((sum, { file }) => sum + file.size, 0) || 1;
    const work = begin(
      wanted.length === 1 ? words.uploading(wanted[0]?.path ?? "") : words.uploadingOf(0, wanted.length),
    );
    const failed: string[] = [];
    let sent = 0;
    let done = 0;
    const report = (bytes = 0) =>
      work.update({
        progress: Math.min(1, (sent + bytes) / total),
        ...(wanted.length > 1 ? { label: words.uploadingOf(done, wanted.length) } : {}),
      });
    const finish = (file: File) => {
      sent += file.size;
      done++;
      report();
    };

    let batched: { path: string; content: string; file: File }[] = [];
    let bytes = 0;
    async function flush(): Promise<void> {
      const now = batched;
      [batched, bytes] = [[], 0];
      if (now.length === 0) return;
      const changes = now.map(({ path, content }) => {
        const rev = entryAt(path)?.rev;
        return { op: "put" as const, path, content, ...(rev === undefined ? {} : { rev }) };
      });
      try {
        await call(commitFiles, { params: { id: projectID }, body: { changes }, signal: work.signal });
      } catch (error) {
        if (work.signal.aborted) throw error;
        if (now.length === 1) failed.push(`${now[0]?.path}: ${messageOf(error)}`);
        // One file failed the whole commit: retry each alone.
        else
          for (const each of now) {
            batched = [each];
            await flush();
          }
        return;
      }
      batch(() => now.forEach(({ file }) => finish(file)));
    }

    try {
      for (const { path, file } of wanted) {
        if (work.signal.aborted) break;
        if (file.size > largest) {
          failed.push(words.tooLarge(path));
          continue;
        }
        const text = file.size <= maxInlineText ? await readText(file) : undefined;
        if (text !== undefined) {
          if (batched.length >= maxBatchFiles || bytes + file.size > maxBatchBytes) await flush();
          batched.push({ path, content: text, file });
          bytes += file.size;
          continue;
        }
        try {
          await uploadBytes(path, file, work.signal, report);
          finish(file);
        } catch (error) {
          if (work.signal.aborted) throw error;
          failed.push(`${path}: ${messageOf(error)}`);
        }
      }
      await flush();
    } catch (error) {
      if (!work.signal.aborted) toast(messageOf(error));
    } finally {
      work.end();
      await workspace.files.sync();
    }
    if (work.signal.aborted) toast(words.uploadStopped(done, wanted.length));
    else if (failed.length > 0) toast(words.uploadFailed(failed, wanted.length));
  }

  async function uploadBytes(
    path: string,
    file: File,
    signal: AbortSignal,
    onProgress: (bytes: number) => void,
  ): Promise<void> {
    const id = await sendBytes(projectID, file, signal, onProgress);
    await call(putFile, { params: { id: projectID, path }, body: { upload: id }, rev: entryAt(path)?.rev, signal });
  }

  async function downloadProject(): Promise<void> {
    const work = begin(words.packing);
    try {
      let archive = await call(createArchive, { params: { id: projectID }, signal: work.signal });
      while (archive.state === "making") {
        await new Promise((resolve) => setTimeout(resolve, 700));
        if (work.signal.aborted) return;
        archive = await call(getArchive, { params: { id: archive.id }, signal: work.signal });
        work.update({ progress: archive.files === 0 ? undefined : archive.done / archive.files });
      }
      if (archive.state === "failed" || archive.url === undefined)
        toast(words.notPacked, { label: common.tryAgain, run: () => void downloadProject() });
      else save(archive.url);
    } catch (error) {
      if (!work.signal.aborted) toast(messageOf(error));
    } finally {
      work.end();
    }
  }

  async function downloadFile(path: string): Promise<void> {
    try {
      const file = await call(getFile, { params: { id: projectID, path } });
      const name = path.slice(path.lastIndexOf("/") + 1);
      // `download` is ignored for another origin's URL, so fetch the bytes first.
      const blob = file.content === undefined ? await (await fetch(file.url ?? "")).blob() : new Blob([file.content]);
      const url = URL.createObjectURL(blob);
      save(url, name);
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (error) {
      toast(messageOf(error));
    }
  }

  /** Shows `label` if the work takes longer than a moment. */
  async function during<T>(label: string, run: () => Promise<T>): Promise<T> {
    let end: (() => void) | undefined;
    const timer = setTimeout(() => ({ end } = begin(label, false)), shownAfter);
    try {
      return await run();
    } finally {
      clearTimeout(timer);
      end?.();
    }
  }

  /** A change of files, with its progress and a way to stop it while it continues in the background. */
  async function change(label: string, request: () => Promise<Outcome>): Promise<Changed> {
    const outcome = await during(label, request);
    if (!("operation" in outcome)) return outcome;
    const work = begin(label);
    try {
      return await settled(outcome, {
        signal: work.signal,
        onProgress: (done, total) =>
          work.update({ progress: done / Math.max(1, total), label: words.progress(label, done, total) }),
      });
    } finally {
      work.end();
    }
  }

  return { transfers, upload, downloadProject, downloadFile, change };
}

/** The text of a file, by git's own test; undefined for binary files. */
async function readText(file: File): Promise<string | undefined> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.subarray(0, 8000).includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function save(url: string, name?: string): void {
  const link = document.createElement("a");
  link.href = url;
  if (name) link.download = name;
  link.rel = "noopener";
  link.click();
}

/** The files of a drop, folders included. */
export async function droppedFiles(data: DataTransfer, folder: string): Promise<Upload[]> {
  const at = (path: string) => (folder === "" ? path : `${folder}/${path}`).normalize("NFC");
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...data.files].map((file) => ({ path: at(file.name), file }));
  const found: Upload[] = [];
  async function visit(entry: FileSystemEntry, path: string): Promise<void> {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      found.push({ path: at(path), file });
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      // readEntries returns at most 100 entries per call.
      const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (part.length === 0) return;
      for (const child of part) if (child.name !== ".git") await visit(child, `${path}/${child.name}`);
    }
  }
  for (const entry of entries) await visit(entry, entry.name);
  return found;
}
