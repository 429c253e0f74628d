import { createResource, createSignal, Match, Show, Switch } from "solid-js";
import type { Message } from "@slipway/contract/conversation";
import type { UndoRange } from "@slipway/contract/file";
import { getProject } from "@slipway/contract/routes/project";
import { restoreRun } from "@slipway/contract/routes/review";
import { getRun } from "@slipway/contract/routes/run";
import { text } from "#text/fork.ts";
import { ApiError, messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { OperationFailed, settled } from "../api/operation.ts";
import { Dialog } from "../components/dialog.tsx";
import { latest } from "../components/latest.ts";
import { Toggle } from "../components/section.tsx";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";
import { forkAt } from "./fork.ts";

/** `gone`: the run of the message was deleted with its conversation. */
type Files = "changed" | "unchanged" | "gone";

/** Reverts to before a message: the conversation in a fork, and the files unless that is switched off. */
export default function RevertDialog(props: { workspace: Workspace; message: Message; onClose(): void }) {
  const runID = () => props.message.runId ?? props.message.sourceRunId;
  const [files] = createResource(filesSince);
  const [withFiles, setWithFiles] = createSignal(true);
  const [busy, setBusy] = createSignal<string>();
  const [failure, setFailure] = createSignal<string>();
  /** A fork that is retried reverts no file again. */
  let areReverted = false;
  const waiting = () => busy() ?? (files.loading ? text.checking : undefined);

  async function filesSince(): Promise<Files> {
    const id = runID();
    if (id === undefined) return "gone";
    try {
      const [{ startRev }, { rev }] = await Promise.all([
        call(getRun, { params: { id } }),
        call(getProject, { params: { id: props.workspace.projectID } }),
      ]);
      // A run that never started has no state of the files before it.
      return startRev !== undefined && startRev < rev ? "changed" : "unchanged";
    } catch (error) {
      if (error instanceof ApiError && error.code === "not_found") return "gone";
      throw error;
    }
  }

  async function revert(): Promise<void> {
    if (waiting() !== undefined) return;
    setBusy(text.busy);
    setFailure(undefined);
    try {
      const id = runID();
      // Files first: if they cannot be reverted, nothing is forked.
      if (withFiles() && !areReverted && id !== undefined && (await filesSince()) === "changed") await revertFiles(id);
      await forkAt(props.workspace, props.message, { includes: false });
      props.onClose();
    } catch (error) {
      setFailure(messageOf(error));
      if (error instanceof OperationFailed && error.undo) offerUndo(messageOf(error), error.undo);
    } finally {
      setBusy(undefined);
    }
  }

  async function revertFiles(id: string): Promise<void> {
    const started = await call(restoreRun, { params: { id } });
    const { undo, kept } = await settled(started, {
      onProgress: (done, total) => setBusy(text.progress(done, total)),
    });
    areReverted = true;
    offerUndo(text.reverted(kept), undo);
    await props.workspace.files.sync();
  }

  function offerUndo(what: string, range: UndoRange): void {
    const { files } = props.workspace;
    toast(what, { label: text.undo, run: () => void files.undo(range) });
  }

  return (
    <Dialog open title={text.title} onClose={props.onClose}>
      <form class="flex flex-col gap-4" onSubmit={(event) => (event.preventDefault(), void revert())}>
        <blockquote class="line-clamp-3 border-l-2 border-line pl-3 text-sm break-words text-quiet">
          {props.message.text}
        </blockquote>
        <p class="text-sm">{text.about}</p>
        <Switch>
          <Match when={latest(files) === "changed" || files.error}>
            <Toggle label={text.files} about={text.filesAbout} checked={withFiles()} onChange={setWithFiles} />
          </Match>
          <Match when={latest(files) === "unchanged"}>
            <p class="text-sm text-quiet">{text.unchanged}</p>
          </Match>
          <Match when={latest(files) === "gone"}>
            <p class="text-sm text-quiet">{text.runGone}</p>
          </Match>
        </Switch>
        <Show when={failure()}>
          <p role="alert" class="text-sm text-bad">
            {failure()}
          </p>
        </Show>
        <button class="button button-main" disabled={waiting() !== undefined}>
          {waiting() ?? text.submit}
        </button>
      </form>
    </Dialog>
  );
}
