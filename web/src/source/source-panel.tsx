import ArrowDown from "lucide-solid/icons/arrow-down-to-line";
import ExternalLink from "lucide-solid/icons/external-link";
import GitPullRequest from "lucide-solid/icons/git-pull-request-arrow";
import { createSignal, For, lazy, Match, onCleanup, onMount, Show, Suspense, Switch } from "solid-js";
import type { Source, SourceChange, Transfer } from "@slipway/contract/github";
import { messageOf } from "../api/api-error.ts";
import type { Workspace } from "../stores/workspace.ts";
import { connectGitHub, wantsConnection } from "../stores/github-connection.ts";
import { takeKept, type KeptExport } from "./kept-export.ts";
import { TransferProgress } from "./progress.tsx";
import type { SourceStore } from "./source-store.ts";

const Conflicts = lazy(() => import("./conflicts.tsx"));
const SkippedDialog = lazy(() => import("./skipped-dialog.tsx"));
const PullRequestDialog = lazy(async () => ({ default: (await import("./export-dialogs.tsx")).PullRequestDialog }));
const NewRepositoryDialog = lazy(async () => ({ default: (await import("./export-dialogs.tsx")).NewRepositoryDialog }));

const maxShown = 1000;
const letters = { added: "A", modified: "M", deleted: "D", renamed: "R" } as const;
const nouns = { import: "Import", export: "Export", pull: "Pull" } as const;

/** The project's origin on GitHub, its changes since, and export and pull. */
export function SourcePanel(props: { workspace: Workspace; store: SourceStore; onCompare(path: string): void }) {
  const { store } = props;
  const [dialog, setDialog] = createSignal<"pull-request" | "repository" | "skipped">();
  const [kept, setKept] = createSignal<KeptExport>();
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
  return (
    <section class="flex h-full min-h-0 flex-col bg-panel" aria-label="GitHub">
      <Show
        when={store.known()}
        fallback={
          <Show when={store.state.error} fallback={<div class="skeleton m-3 h-24" aria-label="Loading" />}>
            <p role="alert" class="flex flex-col items-start gap-2 p-3 text-sm">
              {messageOf(store.state.error)}
              <button class="button button-small" onClick={() => store.look()}>
                Try again
              </button>
            </p>
          </Show>
        }
      >
        <div class="flex flex-col gap-3 border-b border-line p-3">
          <Show
            when={source()}
            fallback={
              <p class="text-sm text-quiet">This project is not on GitHub yet. Export it, and it has a home there.</p>
            }
          >
            {(from) => <Origin source={from()} onSkipped={() => setDialog("skipped")} />}
          </Show>
          <Show when={mayWrite()}>
            <div class="flex flex-wrap gap-2">
              <Show when={source()}>
                {(from) => (
                  <>
                    <button
                      class="button button-small button-main"
                      disabled={isOpen() || changes().length === 0}
                      title={changes().length === 0 ? "Nothing has changed" : ""}
                      onClick={() => setDialog("pull-request")}
                    >
                      <GitPullRequest size={14} />
                      {from().pull ? `Add to #${from().pull?.number}` : "Open pull request"}
                    </button>
                    <button
                      class="button button-small"
                      disabled={isOpen() || from().branch === undefined}
                      title={from().branch === undefined ? "A single commit does not move on" : ""}
                      onClick={() => void store.pull()}
                    >
                      <ArrowDown size={14} /> Pull
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
                New repository
              </button>
            </div>
          </Show>
          <Show when={store.transfer()}>{(transfer) => <TransferCard transfer={transfer()} store={store} />}</Show>
        </div>
        <Show when={source()}>
          <Changes changes={changes()} onCompare={props.onCompare} />
        </Show>
      </Show>
      <Suspense>
        <Switch>
          <Match when={dialog() === "skipped"}>
            <SkippedDialog projectID={props.workspace.projectID} onClose={() => setDialog(undefined)} />
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
      </Suspense>
    </section>
  );
}

function Origin(props: { source: Source; onSkipped(): void }) {
  const place = () => [props.source.ref, props.source.folder].filter(Boolean).join(" · ");
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
        <span class="sr-only">(on GitHub, in a new tab)</span>
      </a>
      <p class="text-xs break-all text-quiet">
        {place()}
        <Show when={props.source.commit} fallback=" · no commit yet">
          {(commit) => <> · {commit().slice(0, 7)}</>}
        </Show>
      </p>
      <Show when={props.source.pull}>
        {(pull) => (
          <p class="text-xs">
            <a class="text-accent underline" href={pull().url} target="_blank" rel="noopener">
              Pull request #{pull().number}
            </a>{" "}
            <span class="break-all text-quiet">from {pull().branch}</span>
          </p>
        )}
      </Show>
      <Show when={props.source.skipped > 0}>
        <button class="self-start text-xs text-accent underline" onClick={() => props.onSkipped()}>
          {props.source.skipped} {props.source.skipped === 1 ? "entry" : "entries"} not imported
        </button>
      </Show>
    </div>
  );
}

function TransferCard(props: { transfer: Transfer; store: SourceStore }) {
  const { store } = props;
  const noun = () => nouns[props.transfer.kind];
  const result = () => props.transfer.result;
  return (
    <div class="card flex flex-col gap-2 p-3 text-sm">
      <Switch>
        <Match when={props.transfer.state === "running"}>
          <TransferProgress transfer={props.transfer} label={`${noun()} of ${props.transfer.repository}`} />
          <Stop onClick={() => void store.cancel(props.transfer.id)} />
        </Match>
        <Match when={props.transfer.state === "asking"}>
          <Suspense fallback={<div class="skeleton h-24" />}>
            <Conflicts
              transfer={props.transfer}
              onAnswer={(choices) => void store.answer(props.transfer.id, choices)}
            />
          </Suspense>
          <Stop onClick={() => void store.cancel(props.transfer.id)} />
        </Match>
        <Match when={props.transfer.state === "completed"}>
          <p role="status">
            {done(props.transfer)}{" "}
            <Show when={result()?.note}>
              <span class="text-quiet">{result()?.note}</span>
            </Show>
          </p>
          <div class="flex flex-wrap gap-2">
            <Show when={result()?.url}>
              {(url) => (
                <a class="button button-small" href={url()} target="_blank" rel="noopener">
                  View on GitHub <ExternalLink size={13} aria-hidden="true" />
                </a>
              )}
            </Show>
            <Dismiss store={store} />
          </div>
        </Match>
        <Match when={props.transfer.state === "failed" || props.transfer.state === "cancelled"}>
          <p role="alert">
            {props.transfer.state === "failed" ? (props.transfer.error?.message ?? "") : `${noun()} cancelled.`}{" "}
            <Show when={result()?.note}>
              <span class="text-quiet">{result()?.note}</span>
            </Show>
          </p>
          <div class="flex flex-wrap gap-2">
            <Show when={wantsConnection(props.transfer.error?.code)}>
              {(how) => (
                <button
                  class="button button-small button-main"
                  onClick={() => void connectGitHub(location.pathname + location.search, how().workflow)}
                >
                  Connect GitHub
                </button>
              )}
            </Show>
            <button class="button button-small" onClick={() => void store.retry(props.transfer.id)}>
              Try again
            </button>
            <Dismiss store={store} />
          </div>
        </Match>
      </Switch>
    </div>
  );
}

function Stop(props: { onClick(): void }) {
  return (
    <button class="button button-small self-start" onClick={() => props.onClick()}>
      Cancel
    </button>
  );
}

function Dismiss(props: { store: SourceStore }) {
  return (
    <button class="button button-small" onClick={() => void props.store.putAside()}>
      Dismiss
    </button>
  );
}

function done({ kind, result, repository }: Transfer): string {
  const files = result?.files ?? 0;
  const count = `${files.toLocaleString("en")} ${files === 1 ? "file" : "files"}`;
  if (kind === "import") return `Imported ${count}.`;
  if (kind === "pull") return files === 0 ? "Everything is up to date." : `Pulled ${count}.`;
  return result?.pullNumber ? `Pull request #${result.pullNumber} has ${count}.` : `${repository} has ${count}.`;
}

function Changes(props: { changes: readonly SourceChange[]; onCompare(path: string): void }) {
  return (
    <div class="flex min-h-0 grow flex-col">
      <h2 class="px-3 pt-2 pb-1 text-xs font-semibold text-quiet">
        Changes{props.changes.length > 0 ? ` · ${props.changes.length.toLocaleString("en")}` : ""}
      </h2>
      <Show
        when={props.changes.length > 0}
        fallback={<p class="px-3 text-sm text-quiet">The project is as it is on GitHub.</p>}
      >
        <ul class="min-h-0 grow overflow-y-auto pb-2" aria-label="Changed files" tabindex="-1">
          <For each={props.changes.slice(0, maxShown)}>
            {(change) => (
              <li>
                <button
                  class="flex h-7 w-full items-center gap-2 px-3 text-left text-sm hover:bg-raised"
                  title={change.from ? `${change.from} → ${change.path}` : change.path}
                  onClick={() => props.onCompare(change.path)}
                >
                  <span class="max-w-[75%] shrink-0 truncate">
                    {change.path.slice(change.path.lastIndexOf("/") + 1)}
                  </span>
                  <span class="min-w-0 grow truncate text-xs text-quiet">
                    {change.path.slice(0, Math.max(0, change.path.lastIndexOf("/")))}
                  </span>
                  <span
                    class="shrink-0 font-mono text-xs"
                    classList={{
                      "text-good": change.status === "added",
                      "text-bad": change.status === "deleted",
                      "text-warn": change.status === "modified" || change.status === "renamed",
                    }}
                    aria-label={change.status}
                    role="img"
                  >
                    {letters[change.status]}
                  </span>
                </button>
              </li>
            )}
          </For>
          <Show when={props.changes.length > maxShown}>
            <li class="px-3 py-1 text-xs text-quiet">and {props.changes.length - maxShown} more</li>
          </Show>
        </ul>
      </Show>
    </div>
  );
}
