import Check from "lucide-solid/icons/check";
import ChevronRight from "lucide-solid/icons/chevron-right";
import { createEffect, createResource, createSignal, For, lazy, on, onCleanup, Show, Suspense } from "solid-js";
import type { Changed, UndoRange } from "@slipway/contract/file";
import { undoChanges } from "@slipway/contract/routes/file";
import { acceptChange, restoreRun, revertRun, runChanges } from "@slipway/contract/routes/review";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { settled, type Outcome } from "../api/operation.ts";
import { Dialog } from "../components/dialog.tsx";
import { latest } from "../components/latest.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";

const ReviewedText = lazy(() => import("./reviewed-text.tsx"));

const words = { created: "new", edited: "edited", deleted: "deleted", moved: "moved" } as const;
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
      return await settled(await outcome, { onProgress: (done, total) => setProgress(`${done} of ${total}`) });
    } finally {
      setProgress("");
    }
  }

  function taken({ undo, kept }: Changed, what: string): void {
    const left = kept.length > 0 ? ` Kept, because edited since: ${kept.slice(0, 3).join(", ")}.` : "";
    toast(what + left, { label: "Undo", run: () => void act("undo", () => undoAll(undo)) });
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
      taken(done, paths ? `Took back ${paths.join(", ")}.` : "Took back the whole answer.");
    });
  const restore = () =>
    act("restore", async () => {
      setRestoring(false);
      const restored = await finished(call(restoreRun, { params: { id: props.runID } }));
      taken(restored, "The project is as it was before the answer.");
    });

  return (
    <div class="flex h-full min-h-0 flex-col">
      <div class="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        <p class="grow text-sm" role="status">
          <Show when={known()} fallback="Looking at what was changed…">
            <strong>
              {files().length} {files().length === 1 ? "file" : "files"} changed
            </strong>
            <Show when={progress()}> · Reverting: {progress()}</Show>
            <span class="text-quiet"> · {left() === 0 ? "all reviewed" : `${left()} to review`}</span>
          </Show>
        </p>
        <button
          class="button button-small button-main"
          disabled={busy() !== "" || left() === 0}
          onClick={() => void acceptAll()}
        >
          Accept all
        </button>
        <button class="button button-small" disabled={busy() !== "" || left() === 0} onClick={() => void revert()}>
          Take all back
        </button>
        <button class="button button-small" disabled={busy() !== ""} onClick={() => setRestoring(true)}>
          Restore project…
        </button>
      </div>
      <div class="min-h-0 grow overflow-y-auto" tabindex="0" role="region" aria-label="Changed files">
        <Show when={changes.error}>
          <p role="alert" class="m-3 text-sm text-bad">
            {messageOf(changes.error)}
          </p>
        </Show>
        <Show when={known() && files().length === 0}>
          <p class="p-4 text-sm text-quiet">This answer changed nothing that is still changed.</p>
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
                    {words[file.op]}
                  </span>
                </button>
                <Show
                  when={!file.isSettled}
                  fallback={
                    <span class="flex shrink-0 items-center gap-1 pr-1 text-xs text-quiet">
                      <Check size={13} /> reviewed
                    </span>
                  }
                >
                  <button
                    class="button button-small"
                    aria-label={`Accept ${file.path}`}
                    disabled={busy() !== ""}
                    onClick={() => void act("accept", async () => void (await accept(file.path)))}
                  >
                    Accept
                  </button>
                  <button
                    class="button button-small"
                    aria-label={`Take back ${file.path}`}
                    disabled={busy() !== ""}
                    onClick={() => void revert([file.path])}
                  >
                    Take back
                  </button>
                </Show>
              </div>
              <Show when={open().has(file.path)}>
                <Show
                  when={file.kind === "text"}
                  fallback={
                    <p class="px-4 py-2 text-sm text-quiet">
                      {file.kind === "folder" ? "A folder." : "This is not text; accept it or take it back as a whole."}
                    </p>
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
          <p class="p-3 text-sm text-quiet">
            And {files().length - maxShown} more; accept or take back all of them above.
          </p>
        </Show>
      </div>
      <Dialog open={restoring()} title="Restore the project" onClose={() => setRestoring(false)}>
        <p class="text-sm">
          Every file goes back to how it was before this answer, and what anyone changed since goes with it. You can
          undo this.
        </p>
        <div class="flex gap-2">
          <button class="button button-main" onClick={() => void restore()}>
            Restore
          </button>
          <button class="button" onClick={() => setRestoring(false)}>
            Cancel
          </button>
        </div>
      </Dialog>
    </div>
  );
}
