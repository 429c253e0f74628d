import ArrowDown from "lucide-solid/icons/arrow-down-to-line";
import ExternalLink from "lucide-solid/icons/external-link";
import GitBranch from "lucide-solid/icons/git-branch";
import GitCommit from "lucide-solid/icons/git-commit-horizontal";
import GitPullRequest from "lucide-solid/icons/git-pull-request-arrow";
import { createSignal, Match, onCleanup, onMount, Show, Switch } from "solid-js";
import { text } from "#text/source.ts";
import { text as loading } from "#text/loading.ts";
import type { Source } from "@slipway/contract/github";
import { messageOf } from "../api/api-error.ts";
import { lazyDialog } from "../components/lazy-dialog.tsx";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";
import { Changes } from "./changes.tsx";
import { takeKept, type KeptExport } from "./kept-export.ts";
import type { SourceStore } from "./source-store.ts";
import { TransferCard } from "./transfer-card.tsx";

const BranchDialog = lazyDialog(loading.source, () => import("./branch-dialog.tsx"));
const SkippedDialog = lazyDialog(loading.source, () => import("./skipped-dialog.tsx"));
const PullRequestDialog = lazyDialog(loading.exports, async () => ({
  default: (await import("./export-dialogs.tsx")).PullRequestDialog,
}));
const NewRepositoryDialog = lazyDialog(loading.exports, async () => ({
  default: (await import("./export-dialogs.tsx")).NewRepositoryDialog,
}));

/** The project's origin on GitHub, its changes since, and export and pull. */
export default function SourcePanel(props: {
  workspace: Workspace;
  store: SourceStore;
  onCompare(path: string): void;
}) {
  const { store } = props;
  const [dialog, setDialog] = createSignal<"pull-request" | "repository" | "skipped" | "branch">();
  const [kept, setKept] = createSignal<KeptExport>();
  const [isCommitting, setCommitting] = createSignal(false);
  // Back from GitHub: restore the export form.
  onMount(() => {
    store.show(true);
    const before = takeKept(props.workspace.projectID);
    setKept(before);
    setDialog(before?.kind);
  });
  onCleanup(() => store.show(false));
  const closeDialog = () => (setDialog(undefined), setKept(undefined));
  const source = () => store.known()?.source;
  const changes = () => store.known()?.changes ?? [];
  const mayWrite = () => props.workspace.project().role !== "viewer";
  const isOpen = () => ["running", "asking"].includes(store.transfer()?.state ?? "");
  const openPull = () => (source()?.pull?.isMerged ? undefined : source()?.pull);
  const canSend = () => !isOpen() && !isCommitting() && changes().length > 0;

  /** With a message, a commit for the open pull request needs no dialog. */
  async function send(): Promise<void> {
    if (!canSend()) return;
    if (!openPull() || store.message().trim() === "") {
      setDialog("pull-request");
      return;
    }
    setCommitting(true);
    try {
      await store.commit();
    } catch (error) {
      toast(messageOf(error));
    } finally {
      setCommitting(false);
    }
  }

  return (
    <section class="flex h-full min-h-0 flex-col overflow-y-auto bg-panel" aria-label={text.sourceControl}>
      <Show
        when={store.known()}
        fallback={
          <Show when={store.state.error} fallback={<div class="skeleton m-3 h-24" aria-hidden="true" />}>
            <p role="alert" class="flex flex-col items-start gap-2 p-3 text-sm">
              {messageOf(store.state.error)}
              <button class="button button-small" onClick={() => store.look()}>
                {text.retry}
              </button>
            </p>
          </Show>
        }
      >
        <div class="flex shrink-0 flex-col gap-3 border-b border-line p-3">
          <Show when={source()} fallback={<p class="text-sm text-quiet">{text.origin.notOnGitHub}</p>}>
            {(from) => (
              <Origin
                source={from()}
                maySwitch={mayWrite() && !isOpen()}
                onSwitch={() => setDialog("branch")}
                onSkipped={() => setDialog("skipped")}
              />
            )}
          </Show>
          <Show when={mayWrite()}>
            <Show when={source()}>
              <textarea
                class="field field-sizing-content max-h-40 min-h-9 resize-none text-sm"
                rows={1}
                aria-label={text.actions.message}
                placeholder={text.actions.messagePlaceholder}
                value={store.message()}
                disabled={isCommitting()}
                onInput={(event) => store.setMessage(event.currentTarget.value)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
                  event.preventDefault();
                  void send();
                }}
              />
            </Show>
            <div class="flex flex-wrap gap-2">
              <Show when={source()}>
                {(from) => (
                  <>
                    <button
                      class="button button-small button-main"
                      disabled={!canSend()}
                      title={changes().length === 0 ? text.actions.noChanges : ""}
                      onClick={() => void send()}
                    >
                      <Show when={openPull()} fallback={<GitPullRequest size={14} />}>
                        <GitCommit size={14} />
                      </Show>
                      <Show when={!isCommitting()} fallback={text.actions.committing}>
                        <Show when={openPull()} fallback={text.actions.openPullRequest}>
                          {(pull) => text.actions.commitTo(pull().number)}
                        </Show>
                      </Show>
                    </button>
                    <button
                      class="button button-small"
                      disabled={isOpen() || from().branch === undefined}
                      title={from().branch === undefined ? text.actions.singleCommit : ""}
                      onClick={() => void store.pull()}
                    >
                      <ArrowDown size={14} /> {text.actions.pull}
                    </button>
                  </>
                )}
              </Show>
              <button
                class="button button-small"
                classList={{ "button-main": !source() }}
                disabled={isOpen()}
                onClick={() => setDialog("repository")}
              >
                {text.actions.newRepository}
              </button>
            </div>
          </Show>
          <Show when={store.transfer()}>{(transfer) => <TransferCard transfer={transfer()} store={store} />}</Show>
        </div>
        <Show when={source()}>
          <Changes
            changes={changes()}
            mayDiscard={mayWrite() && !isOpen()}
            onCompare={props.onCompare}
            onDiscard={(paths) => void store.discard(paths)}
          />
        </Show>
      </Show>

      <Switch>
        <Match when={dialog() === "skipped"}>
          <SkippedDialog projectID={props.workspace.projectID} onClose={() => setDialog(undefined)} />
        </Match>
        <Match when={dialog() === "branch" && source()?.branch}>
          {(branch) => (
            <BranchDialog
              projectID={props.workspace.projectID}
              current={branch()}
              onChoose={(chosen) => void store.pull(chosen)}
              onClose={() => setDialog(undefined)}
            />
          )}
        </Match>
        <Match when={dialog() === "pull-request" && source()}>
          {(from) => (
            <PullRequestDialog
              projectID={props.workspace.projectID}
              source={from()}
              files={changes().length}
              store={store}
              kept={kept()}
              onClose={closeDialog}
            />
          )}
        </Match>
        <Match when={dialog() === "repository"}>
          <NewRepositoryDialog
            projectID={props.workspace.projectID}
            name={props.workspace.project().name}
            store={store}
            kept={kept()}
            onClose={closeDialog}
          />
        </Match>
      </Switch>
    </section>
  );
}

function Origin(props: { source: Source; maySwitch: boolean; onSwitch(): void; onSkipped(): void }) {
  const place = () =>
    [
      props.source.branch === undefined ? props.source.ref : "",
      props.source.folder,
      props.source.commit?.slice(0, 7) ?? text.origin.noCommits,
    ]
      .filter(Boolean)
      .join(" · ");
  return (
    <div class="flex flex-col gap-1 text-sm">
      <a
        class="inline-flex min-w-0 items-center gap-1.5 font-medium hover:underline"
        href={props.source.url}
        target="_blank"
        rel="noopener"
      >
        <span class="min-w-0 break-all">{props.source.repository}</span>
        <ExternalLink size={13} class="shrink-0 text-quiet" aria-hidden="true" />
        <span class="sr-only">{text.origin.newTab}</span>
      </a>
      <p class="flex flex-wrap items-center gap-x-2 text-xs text-quiet">
        <Show when={props.source.branch}>
          {(branch) => (
            <button
              class="inline-flex max-w-full items-center gap-1 rounded-sm px-1 py-0.5 font-medium text-ink hover:bg-raised disabled:opacity-70 pointer-coarse:min-h-11"
              aria-label={text.branch.change(branch())}
              disabled={!props.maySwitch}
              onClick={() => props.onSwitch()}
            >
              <GitBranch size={13} class="shrink-0" aria-hidden="true" />
              <span class="min-w-0 truncate">{branch()}</span>
            </button>
          )}
        </Show>
        <span class="break-all">{place()}</span>
      </p>
      <Show when={props.source.pull}>
        {(pull) => (
          <p class="text-xs">
            <Show when={!pull().isMerged} fallback={<span role="status">{text.origin.merged(pull().number)}</span>}>
              <a class="text-accent underline" href={pull().url} target="_blank" rel="noopener">
                {text.origin.pullRequest(pull().number)}
              </a>{" "}
              <span class="break-all text-quiet">{text.origin.from(pull().branch)}</span>
            </Show>
          </p>
        )}
      </Show>
      <Show when={props.source.skipped > 0}>
        <button class="self-start text-xs text-accent underline" onClick={() => props.onSkipped()}>
          {text.origin.notImported(props.source.skipped)}
        </button>
      </Show>
    </div>
  );
}
