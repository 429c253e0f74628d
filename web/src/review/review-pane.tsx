import Check from "lucide-solid/icons/check";
import ChevronRight from "lucide-solid/icons/chevron-right";
import { createEffect, createResource, createSignal, For, on, onCleanup, Show, Suspense } from "solid-js";
import type { Changed, UndoRange } from "@slipway/contract/file";
import { undoChanges } from "@slipway/contract/routes/file";
import { acceptChange, restoreRun, revertRun, runChanges } from "@slipway/contract/routes/review";
import { text as common } from "#text/common.ts";
import { text } from "#text/review.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { settled, type Outcome } from "../api/operation.ts";
import { Dialog } from "../components/dialog.tsx";
import { latest } from "../components/latest.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";

const ReviewedText = lazyPart(loading.review, () => import("./reviewed-text.tsx"));

const maxShown = 200;

/** A run's changes, file by file and hunk by hunk: accept or revert each, and undo that. */
export default function ReviewPane(props: { workspace: Workspace; runID: string; onOpen(path: string): void }) {
  const { workspace } = props;
  const [changes, { refetch }] = createResource(
    () => props.runID,
    async (runID) => (await call(runChanges, { params: { id: runID } })).files,
  );
  const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = createSignal("");
  const [progress, setProgress] = createSignal("");
  const [restoring, setRestoring] = createSignal(false);
  const known = () => latest(changes);
  const files = () => known() ?? [];
  const left = () => files().filter(({ isSettled }) => !isSettled).length;

  // The first files start expanded.
  createEffect(
    on(
      () => changes.state === "ready" && props.runID,
      (isReady) => {
        if (!isReady || open().size > 0) return;
        const unsettled = files().filter(({ isSettled }) => !isSettled);
        setOpen(new Set(unsettled.slice(0, 3).map(({ path }) => path)));
      },
    ),
  );
  onCleanup(
    workspace.files.onChange((changed) => {
      if (files().some(({ path, from }) => changed.has(path) || (from && changed.has(from)))) void refetch();
    }),
  );

  async function act(what: string, run: () => Promise<void>): Promise<void> {
    setBusy(what);
    try {
      await run();
      await workspace.files.sync();
    } catch (error) {
      toast(messageOf(error));
    } finally {
      setBusy("");
      await refetch();
    }
  }

  /** Waits for a revert that continues in the background, and shows its progress. */
  async function finished(outcome: Promise<Outcome>): Promise<Changed> {
    try {
      return await settled(await outcome, { onProgress: (done, total) => setProgress(text.progress(done, total)) });
    } finally {
      setProgress("");
    }
  }

  function taken({ undo, kept }: Changed, what: string): void {
    toast(what + text.kept(kept), { label: text.undo, run: () => void act("undo", () => undoAll(undo)) });
  }
  async function undoAll(range: UndoRange): Promise<void> {
    await finished(call(undoChanges, { params: { id: workspace.projectID }, body: range }));
  }

  const accept = (path: string) => call(acceptChange, { params: { id: props.runID }, body: { path } });
  const acceptAll = () =>
    act("accept", async () => {
      for (const { path, isSettled } of files()) if (!isSettled) await accept(path);
    });
  const revert = (paths?: string[]) =>
    act("revert", async () => {
      const done = await finished(call(revertRun, { params: { id: props.runID }, body: paths ? { paths } : {} }));
      taken(done, paths ? text.revertedFiles(paths) : text.revertedAll);
    });
  const restore = () =>
    act("restore", async () => {
      setRestoring(false);
      const restored = await finished(call(restoreRun, { params: { id: props.runID } }));
      taken(restored, text.restored);
    });

  return (
    <div class="flex h-full min-h-0 flex-col">
      <div class="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <p class="grow text-sm" role="status">
          <Show when={known()} fallback={text.loading}>
            <strong>{text.changed(files().length)}</strong>
            <Show when={progress()}> · {text.reverting(progress())}</Show>
            <span class="text-quiet"> · {left() === 0 ? text.allReviewed : text.toReview(left())}</span>
          </Show>
        </p>
        <button
          class="button button-small button-main"
          disabled={busy() !== "" || left() === 0}
          onClick={() => void acceptAll()}
        >
          {text.keepAll}
        </button>
        <button class="button button-small" disabled={busy() !== "" || left() === 0} onClick={() => void revert()}>
          {text.revertAll}
        </button>
        <button class="button button-small" disabled={busy() !== ""} onClick={() => setRestoring(true)}>
          {text.restoreProject}
        </button>
      </div>
      <div class="min-h-0 grow overflow-y-auto" tabindex="0" role="region" aria-label={text.files}>
        <Show when={changes.error}>
          <p role="alert" class="m-3 text-sm text-bad">
            {messageOf(changes.error)}
          </p>
        </Show>
        <Show when={known() && files().length === 0}>
          <p class="p-4 text-sm text-quiet">{text.none}</p>
        </Show>
        <For each={files().slice(0, maxShown)}>
          {(file) => (
            <section class="border-b border-line" aria-label={file.path}>
              <div class="sticky top-0 z-10 flex items-center gap-2 bg-panel px-2 py-1">
                <button
                  class="flex min-w-0 grow items-center gap-2 rounded-sm py-1 text-left text-sm"
                  aria-expanded={open().has(file.path)}
                  onClick={() =>
                    setOpen((all) => {
                      const next = new Set(all);
                      if (!next.delete(file.path)) next.add(file.path);
                      return next;
                    })
                  }
                >
                  <ChevronRight
                    size={14}
                    class="shrink-0 text-quiet transition-transform"
                    classList={{ "rotate-90": open().has(file.path) }}
                  />
                  <span class="truncate font-mono text-xs">
                    {file.from ? `${file.from} → ${file.path}` : file.path}
                  </span>
                  <span
                    class="shrink-0 text-xs"
                    classList={{
                      "text-good": file.op === "created",
                      "text-bad": file.op === "deleted",
                      "text-quiet": file.op === "edited" || file.op === "moved",
                    }}
                  >
                    {text.ops[file.op]}
                  </span>
                </button>
                <Show
                  when={!file.isSettled}
                  fallback={
                    <span class="flex shrink-0 items-center gap-1 pr-1 text-xs text-quiet">
                      <Check size={13} /> {text.reviewed}
                    </span>
                  }
                >
                  <button
                    class="button button-small"
                    aria-label={text.keepFile(file.path)}
                    disabled={busy() !== ""}
                    onClick={() => void act("accept", async () => void (await accept(file.path)))}
                  >
                    {text.keep}
                  </button>
                  <button
                    class="button button-small"
                    aria-label={text.revertFile(file.path)}
                    disabled={busy() !== ""}
                    onClick={() => void revert([file.path])}
                  >
                    {text.revert}
                  </button>
                </Show>
              </div>
              <Show when={open().has(file.path)}>
                <Show
                  when={file.kind === "text"}
                  fallback={
                    <p class="px-4 py-2 text-sm text-quiet">{file.kind === "folder" ? text.folder : text.notText}</p>
                  }
                >
                  <Suspense fallback={<div class="skeleton m-3 h-16" />}>
                    <ReviewedText
                      runID={props.runID}
                      file={file}
                      onChanged={() => void workspace.files.sync().then(refetch)}
                      onOpen={props.onOpen}
                      onUndo={(range) => void act("undo", () => undoAll(range))}
                    />
                  </Suspense>
                </Show>
              </Show>
            </section>
          )}
        </For>
        <Show when={files().length > maxShown}>
          <p class="p-3 text-sm text-quiet">{text.more(files().length - maxShown)}</p>
        </Show>
      </div>
      <Dialog open={restoring()} title={text.restoreTitle} onClose={() => setRestoring(false)}>
        <p class="text-sm">{text.restoreAbout}</p>
        <div class="flex gap-2">
          <button class="button button-main" onClick={() => void restore()}>
            {text.restore}
          </button>
          <button class="button" onClick={() => setRestoring(false)}>
            {common.cancel}
          </button>
        </div>
      </Dialog>
    </div>
  );
}
