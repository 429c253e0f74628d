import type { FileVersion } from "@slipway/contract/file";
import { getVersion, listVersions } from "@slipway/contract/routes/file";
import { createEffect, createResource, createSignal, For, on, onCleanup, Show, Suspense } from "solid-js";
import { text } from "#text/history.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import { messageOf } from "../api/api-error.ts";
import { call, onReachable } from "../api/call.ts";
import { pageState } from "../api/page-state.ts";
import { bytesText } from "../components/format.ts";
import { latest } from "../components/latest.ts";
import { relativeTime } from "../components/relative-time.ts";
import { toast } from "../components/toasts.tsx";
import type { Documents } from "../stores/documents.ts";
import { readFormat } from "../stores/text-format.ts";
import type { Workspace } from "../stores/workspace.ts";

const CompareView = lazyPart(loading.comparison, () => import("../code/compare-view.tsx"));

/** Milliseconds without a save before the versions are read again. */
const reloadAfter = 2000;

/** The versions of a file in the project's log: what has changed since each, and a way back to it. */
export default function LocalHistory(props: {
  workspace: Workspace;
  documents: Documents;
  path: string;
  onOpen(path: string): void;
}) {
  const params = { id: props.workspace.projectID };
  const [versions, setVersions] = createSignal<readonly FileVersion[]>();
  const [next, setNext] = createSignal<{ before: number; path: string }>();
  const [chosen, setChosen] = createSignal<FileVersion>();
  const [failure, setFailure] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [content] = createResource(chosen, async ({ rev, path }) => {
    const version = await call(getVersion, { params: { ...params, rev: String(rev) }, query: { path } });
    return readFormat(version.content).text;
  });
  const now = () => props.documents.at(props.path);

  async function load(query: { path: string; before?: number }): Promise<void> {
    try {
      const page = await call(listVersions, { params, query });
      setVersions((all) => [...(query.before === undefined ? [] : (all ?? [])), ...page.versions]);
      setNext(page.next);
      setFailure("");
      if (!chosen()) setChosen(versions()?.[1] ?? versions()?.[0]);
    } catch (error) {
      setFailure(messageOf(error));
    }
  }
  createEffect(
    on(
      () => props.path,
      (path) => {
        setChosen(undefined);
        void props.documents.open(path).catch(() => undefined);
        void load({ path });
      },
    ),
  );
  // Reading them costs up to 3,000 rows of the log: once saving rests, and not for a hidden page.
  let resting: ReturnType<typeof setTimeout> | undefined;
  let isStale = false;
  function reload(): void {
    clearTimeout(resting);
    if (!isStale || document.visibilityState === "hidden") return;
    resting = setTimeout(() => {
      isStale = false;
      void load({ path: props.path });
    }, reloadAfter);
  }
  onCleanup(
    props.workspace.files.onChange((changed) => {
      if (!changed.has(props.path)) return;
      isStale = true;
      reload();
    }),
  );
  document.addEventListener("visibilitychange", reload);
  onCleanup(() => {
    clearTimeout(resting);
    document.removeEventListener("visibilitychange", reload);
  });
  onCleanup(onReachable(() => failure() && void load({ path: props.path })));

  async function restore(): Promise<void> {
    const before = latest(content);
    if (before === undefined) return;
    setBusy(true);
    try {
      await props.documents.replace(props.path, before);
      toast(text.restored);
      void load({ path: props.path });
    } catch (error) {
      toast(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div class="@container flex h-full min-h-0">
      <div class="flex min-h-0 min-w-0 grow @max-[36rem]:flex-col">
        <div class="shrink-0 overflow-y-auto border-line @max-[36rem]:h-48 @max-[36rem]:border-b @min-[36rem]:w-56 @min-[36rem]:border-r">
          <Show when={failure()}>
            <p role="alert" class="p-3 text-sm text-bad">
              {failure()}
            </p>
          </Show>
          <Show when={versions()?.length === 0}>
            <p class="p-3 text-sm text-quiet">{text.none}</p>
          </Show>
          <div
            role="listbox"
            aria-label={text.of(props.path)}
            tabindex="0"
            onKeyDown={(event) => {
              const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
              const all = versions() ?? [];
              const to = all[all.findIndex(({ rev }) => rev === chosen()?.rev) + (step ?? 0)];
              if (step === undefined || !to) return;
              event.preventDefault();
              setChosen(to);
            }}
          >
            <For each={versions()}>
              {(version, index) => (
                <div
                  role="option"
                  aria-selected={version.rev === chosen()?.rev}
                  class="cursor-pointer border-b border-line px-3 py-2 text-sm pointer-coarse:min-h-11"
                  classList={{ "bg-accent-soft": version.rev === chosen()?.rev }}
                  onClick={() => setChosen(version)}
                >
                  <div class="flex justify-between gap-2">
                    <time dateTime={new Date(version.at).toISOString()}>{relativeTime(version.at)}</time>
                    <span class="text-xs text-quiet">{index() === 0 ? text.current : bytesText(version.size)}</span>
                  </div>
                  <div class="truncate text-xs text-quiet">
                    {writerName(version)}
                    {version.path === props.path ? "" : ` · ${version.path}`}
                  </div>
                </div>
              )}
            </For>
          </div>
          <Show when={next()}>
            {(query) => (
              <button class="button button-small m-2" onClick={() => void load(query())}>
                {text.older}
              </button>
            )}
          </Show>
        </div>
        <div class="flex min-h-0 min-w-0 grow flex-col">
          <div class="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
            <span class="min-w-0 grow truncate font-mono text-xs">{props.path}</span>
            <button class="button button-small" onClick={() => props.onOpen(props.path)}>
              {text.open}
            </button>
            <button
              class="button button-small button-main"
              disabled={
                busy() || now()?.readOnly !== false || latest(content) === undefined || latest(content) === now()?.text
              }
              onClick={() => void restore()}
            >
              {text.restore}
            </button>
          </div>
          <div class="min-h-0 grow overflow-auto">
            <Show when={content.error}>
              <p role="alert" class="p-3 text-sm text-bad">
                {messageOf(content.error)}
              </p>
            </Show>
            <Show when={latest(content)}>
              {(before) => (
                <Show when={before() !== now()?.text} fallback={<p class="p-3 text-sm text-quiet">{text.same}</p>}>
                  <Suspense fallback={<div class="skeleton m-3 h-16" />}>
                    <CompareView
                      path={props.path}
                      label={text.changesSince(props.path)}
                      before={before()}
                      after={now()?.text ?? ""}
                    />
                  </Suspense>
                </Show>
              )}
            </Show>
          </div>
        </div>
      </div>
    </div>
  );
}

function writerName({ writer }: FileVersion): string {
  if (writer.kind === "run") return text.agent;
  if (writer.kind === "transfer") return text.github;
  if (writer.kind === "sync") return text.sync;
  return writer.id === pageState().user?.id ? text.you : text.other;
}
