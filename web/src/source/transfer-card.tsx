import ExternalLink from "lucide-solid/icons/external-link";
import { Match, Show, Suspense, Switch } from "solid-js";
import { text } from "#text/source.ts";
import { text as common } from "#text/common.ts";
import { text as loading } from "#text/loading.ts";
import type { Transfer } from "@slipway/contract/github";
import { lazyPart } from "../components/lazy-part.tsx";
import { connectGitHub, wantsConnection } from "../stores/github-connection.ts";
import { TransferProgress } from "./progress.tsx";
import type { SourceStore } from "./source-store.ts";

const Conflicts = lazyPart(loading.conflicts, () => import("./conflicts.tsx"));

/** The newest import, export or pull: its progress, questions or outcome. */
export function TransferCard(props: { transfer: Transfer; store: SourceStore }) {
  const { store } = props;
  const noun = () => text.transfer.nouns[props.transfer.kind];
  const result = () => props.transfer.result;
  return (
    <div class="card flex flex-col gap-2 p-3 text-sm">
      <Switch>
        <Match when={props.transfer.state === "running"}>
          <TransferProgress transfer={props.transfer} label={text.transfer.label(noun(), props.transfer.repository)} />
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
                  {text.transfer.viewOnGitHub} <ExternalLink size={13} aria-hidden="true" />
                </a>
              )}
            </Show>
            <Dismiss store={store} />
          </div>
        </Match>
        <Match when={props.transfer.state === "failed" || props.transfer.state === "cancelled"}>
          <p role="alert">
            {props.transfer.state === "failed"
              ? (props.transfer.error?.message ?? "")
              : text.transfer.cancelled(noun())}{" "}
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
                  {text.connectGitHub}
                </button>
              )}
            </Show>
            <button class="button button-small" onClick={() => void store.retry(props.transfer.id)}>
              {text.retry}
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
      {common.cancel}
    </button>
  );
}

function Dismiss(props: { store: SourceStore }) {
  return (
    <button class="button button-small" onClick={() => void props.store.putAside()}>
      {text.dismiss}
    </button>
  );
}

function done({ kind, result, repository }: Transfer): string {
  const files = result?.files ?? 0;
  if (kind === "import") return text.transfer.imported(files);
  if (kind === "pull") return files === 0 ? text.transfer.upToDate : text.transfer.pulled(files);
  return result?.pullNumber
    ? text.transfer.pullRequestHas(result.pullNumber, files)
    : text.transfer.repositoryHas(repository, files);
}
