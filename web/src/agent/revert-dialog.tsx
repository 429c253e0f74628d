import { createResource, createSignal, Show } from "solid-js";
import type { Message } from "@slipway/contract/conversation";
import { getProject } from "@slipway/contract/routes/project";
import { getRun } from "@slipway/contract/routes/run";
import { restoreRun } from "@slipway/contract/routes/review";
import { text } from "#text/fork.ts";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";
import { Dialog } from "../components/dialog.tsx";
import { Toggle } from "../components/section.tsx";
import { settled } from "../api/operation.ts";
import type { Workspace } from "../stores/workspace.ts";
import { forkAt } from "./fork.ts";

/** Goes back to before a question: the conversation in a fork, and the files if it is wished. */
export default function RewindDialog(props: {
  workspace: Workspace;
  question: Message;
  /** The run that answered it. */
  runID: string | undefined;
  onClose(): void;
}) {
  const [withFiles, setWithFiles] = createSignal(true);
  // Undefined until it is known; then nobody waits for it: going back asks again.
  const [changed] = createResource(() => props.runID, haveChangedSince);
  const [busy, setBusy] = createSignal<string>();
  const [failure, setFailure] = createSignal<string>();

  async function goBack(): Promise<void> {
    if (busy() !== undefined) return;
    setBusy(text.goingBack);
    setFailure(undefined);
    try {
      const { runID } = props;
      // Files first: what cannot be put back leaves everything as it is.
      if (withFiles() && runID !== undefined && (await haveChangedSince(runID))) {
        const started = await call(restoreRun, { params: { id: runID } });
        await settled(started, { onProgress: (done, total) => setBusy(text.progress(done, total)) });
        await props.workspace.files.sync();
      }
      await forkAt(props.workspace, props.question, { includes: false });
      props.onClose();
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(undefined);
    }
  }

  async function haveChangedSince(runID: string): Promise<boolean> {
    const [run, project] = await Promise.all([
      call(getRun, { params: { id: runID } }),
      call(getProject, { params: { id: props.workspace.projectID } }),
    ]);
    return (run.startRev ?? 0) < project.rev;
  }

  return (
    <Dialog open title={text.title} onClose={props.onClose}>
      <form class="flex flex-col gap-4" onSubmit={(event) => (event.preventDefault(), void goBack())}>
        <blockquote class="line-clamp-3 border-l-2 border-line pl-3 text-sm break-words text-quiet">
          {props.question.text}
        </blockquote>
        <p class="text-sm">{text.about}</p>
        <Show when={!changed.error && latest(changed)}>
          <Toggle label={text.files} about={text.filesAbout} checked={withFiles()} onChange={setWithFiles} />
        </Show>
        <Show when={failure()}>
          <p role="alert" class="text-sm text-bad">
            {failure()}
          </p>
        </Show>
        <button class="button button-main" disabled={busy() !== undefined}>
          {busy() ?? text.goBack}
        </button>
      </form>
    </Dialog>
  );
}
