import type { Choice, ExportRequest, Transfer } from "@slipway/contract/github";
import { text } from "#text/source.ts";
import { createEffect, createResource, createSignal, on, onCleanup } from "solid-js";
import {
  answerTransfer,
  cancelTransfer,
  discardChanges,
  draftPullRequest,
  exportProject,
  getSource,
  getTransfer,
  pullSource,
  refreshSource,
  resetExport,
  retryTransfer,
} from "@slipway/contract/routes/github";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";

/** Milliseconds to debounce changes of files, and between polls of a running transfer. */
const rest = 1200;
const lookEvery = 3000;

/** The project's origin and its changes since: loaded when first shown, and kept current while visible. */
export function createSource(workspace: Workspace) {
  const { projectID } = workspace;
  const [wanted, want] = createSignal(false);
  const [state, { refetch, mutate }] = createResource(wanted, () => call(getSource, { params: { id: projectID } }));
  const known = () => latest(state);
  const transfer = () => known()?.transfer;
  const isBusy = () => transfer()?.state === "running";
  const [message, setMessage] = createSignal("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isShown = false;
  let isStale = false;

  const look = () => void Promise.resolve(refetch()).catch(() => undefined);

  function take(next: Transfer): void {
    const before = transfer();
    if (!known()) return;
    mutate((now) => now && { ...now, transfer: next });
    if (next.state === "running" || (before?.id === next.id && before.state === next.state)) return;
    look();
    if (next.kind !== "pull" || next.state !== "completed") return;
    const { files = 0, undo } = next.result ?? {};
    if (files === 0) toast(text.transfer.upToDate);
    else
      toast(text.transfer.pulled(files), {
        label: text.undo,
        run: () => undo && void workspace.files.undo(undo),
      });
  }

  onCleanup(workspace.onTransfer(take));
  onCleanup(
    workspace.files.onChange(() => {
      clearTimeout(timer);
      // A comparison reads the whole list of files, so only for a visible panel.
      if (isShown) timer = setTimeout(look, rest);
      else isStale = true;
    }),
  );
  // Poll as well: a lost last push has no successor.
  createEffect(
    on(isBusy, (busy) => {
      if (!busy) return;
      const asking = setInterval(() => {
        const id = transfer()?.id;
        if (id) void call(getTransfer, { params: { id } }).then(take, () => undefined);
      }, lookEvery);
      onCleanup(() => clearInterval(asking));
    }),
  );
  onCleanup(() => clearTimeout(timer));

  /** A pull request may have been merged or closed on GitHub: looks once whenever the panel is shown. */
  async function lookAtPull(): Promise<void> {
    if (!known()?.source?.pull) return;
    const next = await call(refreshSource, { params: { id: projectID } }).catch(() => undefined);
    if (next) mutate(next);
  }
  createEffect(
    on(
      () => known() !== undefined,
      (isKnown) => isKnown && void lookAtPull(),
    ),
  );

  async function act(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      toast(messageOf(error));
    }
    look();
  }

  return {
    show(shown: boolean): void {
      isShown = shown;
      if (!shown) return;
      if (wanted() && isStale) look();
      else if (wanted()) void lookAtPull();
      isStale = false;
      want(true);
    },
    state,
    known,
    transfer,
    isBusy,
    look,
    /** @throws ApiError */
    async exportTo(request: Omit<ExportRequest, "projectId">): Promise<void> {
      await call(exportProject, { body: { projectId: projectID, ...request } });
      setMessage("");
      look();
    },
    /** The message of the next commit, kept while the panel is hidden. */
    message,
    setMessage,
    /** One more commit for the open pull request. @throws ApiError */
    async commit(): Promise<void> {
      const draft = await call(draftPullRequest, { params: { id: projectID } });
      await call(exportProject, {
        body: { projectId: projectID, pullRequest: { ...draft, message: message().trim() } },
      });
      setMessage("");
      look();
    },
    pull: (branch?: string) =>
      act(() => call(pullSource, { body: { projectId: projectID, ...(branch === undefined ? {} : { branch }) } })),
    /** Makes files as they were at the last sync. */
    discard: (paths: readonly string[]) =>
      act(async () => {
        const { undo } = await call(discardChanges, { params: { id: projectID }, body: { paths: [...paths] } });
        toast(text.changes.discarded(undo.paths?.length ?? paths.length), {
          label: text.undo,
          run: () => void workspace.files.undo(undo),
        });
      }),
    cancel: (id: string) => act(() => call(cancelTransfer, { params: { id } })),
    retry: (id: string) => act(() => call(retryTransfer, { params: { id } })),
    answer: (id: string, choices: Record<string, Choice>) =>
      act(() => call(answerTransfer, { params: { id }, body: { choices } })),
    putAside: () => act(() => call(resetExport, { body: { projectId: projectID } })),
  };
}
export type SourceStore = ReturnType<typeof createSource>;
