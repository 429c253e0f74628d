import { useNavigate } from "@solidjs/router";
import { createSignal, onCleanup, onMount, Show } from "solid-js";
import { text as common } from "#text/common.ts";
import { text } from "#text/source.ts";
import type { IncomingFolder, Transfer } from "@slipway/contract/github";
import type { Project } from "@slipway/contract/project";
import { cancelTransfer, getSource, getTransfer, listIncoming, retryTransfer } from "@slipway/contract/routes/github";
import { getProject, removeProject } from "@slipway/contract/routes/project";
import { ApiError, messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { PageHeader } from "../shell/page.tsx";
import { toast } from "../components/toasts.tsx";
import { connect } from "../live/socket.ts";
import { connectGitHub, wantsConnection } from "../stores/github-connection.ts";
import { TransferProgress } from "../source/progress.tsx";
import { IncomingTree } from "./incoming-tree.tsx";

/** Milliseconds between polls: a push on the socket may be lost. */
const lookEvery = 2500;

/** A project that is being imported or failed to: its progress, or the error and the next step. */
export default function ImportPage(props: { project: Project; onReady(project: Project): void }) {
  const navigate = useNavigate();
  const projectID = props.project.id;
  const [transfer, setTransfer] = createSignal<Transfer>();
  const [tree, setTree] = createSignal<IncomingFolder>();
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);

  async function look(): Promise<void> {
    try {
      const project = await call(getProject, { params: { id: projectID } });
      if (project.state === "ready") return props.onReady(project);
      const known = transfer();
      if (known !== undefined) setTransfer(await call(getTransfer, { params: { id: known.id } }));
      else setTransfer((await call(getSource, { params: { id: projectID } })).transfer);
      await lookAtTree();
      setFailure("");
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) navigate("/");
      else setFailure(messageOf(error));
    }
  }

  /** It does not change while it is imported, and is empty until it has been listed. */
  async function lookAtTree(): Promise<void> {
    if (transfer()?.state !== "running" || (tree()?.entries.length ?? 0) > 0) return;
    setTree(await call(listIncoming, { params: { id: projectID } }));
  }

  onMount(() => {
    void look();
    const timer = setInterval(() => void look(), lookEvery);
    const live = connect(projectID, {
      onOpen: () => void look(),
      onState: () => undefined,
      onMessage(message) {
        if (message.type === "transfer") setTransfer(message.transfer);
        if (message.type === "project" && message.project.state === "ready") void look();
      },
    });
    onCleanup(() => {
      clearInterval(timer);
      live.close();
    });
  });

  async function act(run: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    try {
      await run();
    } catch (error) {
      toast(messageOf(error));
    } finally {
      setBusy(false);
      await look();
    }
  }

  const cancel = () =>
    act(async () => {
      const id = transfer()?.id;
      if (id) await call(cancelTransfer, { params: { id } });
      navigate("/");
    });
  const retry = () =>
    act(async () => {
      const id = transfer()?.id;
      if (id) await call(retryTransfer, { params: { id } });
      // The new try has an id of its own.
      setTransfer(undefined);
    });
  const remove = () =>
    act(async () => {
      await call(removeProject, { params: { id: projectID } });
      navigate("/");
    });

  const hasFailed = () => ["failed", "cancelled"].includes(transfer()?.state ?? "");

  return (
    <div class="flex min-h-full flex-col">
      <PageHeader />
      <main
        id="main"
        tabindex="-1"
        class="mx-auto outline-none flex w-full max-w-lg grow flex-col justify-center gap-5 px-4 py-6"
      >
        <h1 class="text-xl font-semibold">
          <span class="break-words">
            {hasFailed() ? text.importing.failed(props.project.name) : text.importing.title(props.project.name)}
          </span>
        </h1>
        <Show
          when={transfer()}
          fallback={<div class="skeleton h-16" aria-label={common.loading} aria-busy={failure() === ""} />}
        >
          {(now) => (
            <div class="card flex flex-col gap-4 p-5">
              <p class="text-sm text-quiet">{text.importing.from(now().repository)}</p>
              <Show
                when={hasFailed()}
                fallback={<TransferProgress transfer={now()} label={text.importing.label(now().repository)} />}
              >
                <p role="alert" class="text-sm">
                  {now().error?.message ?? text.importing.cancelled}
                </p>
              </Show>
              <div class="flex flex-wrap gap-2">
                <Show
                  when={hasFailed()}
                  fallback={
                    <button class="button" disabled={busy()} onClick={() => void cancel()}>
                      {common.cancel}
                    </button>
                  }
                >
                  <button class="button button-main" disabled={busy()} onClick={() => void retry()}>
                    {busy() ? text.starting : text.retry}
                  </button>
                  <Show when={wantsConnection(now().error?.code)}>
                    {(how) => (
                      <button class="button" onClick={() => void connectGitHub(location.pathname, how().workflow)}>
                        {text.connectGitHub}
                      </button>
                    )}
                  </Show>
                  <button class="button button-bad" disabled={busy()} onClick={() => void remove()}>
                    {text.importing.deleteProject}
                  </button>
                </Show>
              </div>
            </div>
          )}
        </Show>
        <Show when={!hasFailed() && tree()}>{(root) => <IncomingTree projectID={projectID} root={root()} />}</Show>
        <Show when={failure()}>
          <p role="alert" class="text-sm text-warn">
            {failure()}
          </p>
        </Show>
        <Show when={!hasFailed()}>
          <p class="text-xs text-quiet">{text.importing.leave}</p>
        </Show>
      </main>
    </div>
  );
}
