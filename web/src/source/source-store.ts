import type { Choice, ExportRequest, SourceState, Transfer } from "@slipway/contract/github";
import { createEffect, createResource, createSignal, on, onCleanup } from "solid-js";
import { get, messageOf, post } from "../api.ts";
import { latest } from "../components/latest.ts";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../workspace/store.ts";

/** Milliseconds of rest after a change of files, and between looks at what goes on. */
const rest = 1200;
const lookEvery = 3000;

/** Where the project comes from and what differs: known once somebody has wanted to see it, and true while it is seen. */
export function createSource(workspace: Workspace) {
  const { projectID } = workspace;
  const [wanted, want] = createSignal(false);
  const [state, { refetch, mutate }] = createResource(wanted, () =>
    get<SourceState>(`/api/projects/${projectID}/source`),
  );
  const known = () => latest(state);
  const transfer = () => known()?.transfer;
  const isBusy = () => transfer()?.state === "running";
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
    if (files === 0) toast("Everything is up to date.");
    else
      toast(`Pulled ${files} ${files === 1 ? "file" : "files"}.`, {
        label: "Undo",
        run: () => undo && void workspace.undo(undo),
      });
  }

  onCleanup(workspace.onTransfer(take));
  onCleanup(
    workspace.onFiles(() => {
      clearTimeout(timer);
      // Comparing reads the whole list of files: not for a panel that nobody sees.
      if (isShown) timer = setTimeout(look, rest);
      else isStale = true;
    }),
  );
  // A last push that was lost has no successor.
  createEffect(
    on(isBusy, (busy) => {
      if (!busy) return;
      const asking = setInterval(() => {
        const id = transfer()?.id;
        if (id) void get<Transfer>(`/api/transfers/${id}`).then(take, () => undefined);
      }, lookEvery);
      onCleanup(() => clearInterval(asking));
    }),
  );
  onCleanup(() => clearTimeout(timer));

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
      await post("/api/github/export", { projectId: projectID, ...request });
      look();
    },
    pull: () => act(() => post("/api/github/pull", { projectId: projectID })),
    cancel: (id: string) => act(() => post(`/api/transfers/${id}/cancel`)),
    retry: (id: string) => act(() => post(`/api/transfers/${id}/retry`)),
    answer: (id: string, choices: Record<string, Choice>) =>
      act(() => post(`/api/transfers/${id}/answer`, { choices })),
    putAside: () => act(() => post("/api/github/export/reset", { projectId: projectID })),
  };
}
export type SourceStore = ReturnType<typeof createSource>;
