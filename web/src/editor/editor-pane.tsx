import WrapText from "lucide-solid/icons/text-wrap";
import X from "lucide-solid/icons/x";
import { createSignal, For, lazy, Match, Show, Suspense, Switch } from "solid-js";
import { Mark } from "../components/mark.tsx";
import type { Documents } from "./documents.ts";

const CodeEditor = lazy(() => import("./code-editor.tsx"));

export interface Tab {
  path: string;
  /** A preview gives way to the next one. */
  pinned: boolean;
}

/** Tabs, breadcrumbs, and what the open file is: text, picture, or something that only downloads. */
export function EditorPane(props: {
  tabs: readonly Tab[];
  active: string | undefined;
  documents: Documents;
  onOpen(path: string, pinned: boolean): void;
  onClose(path: string): void;
}) {
  const [wrap, setWrap] = createSignal(false);
  const document = () => (props.active === undefined ? undefined : props.documents.documents[props.active]);
  return (
    <section class="flex h-full min-h-0 min-w-0 flex-col" aria-label="Editor">
      <Show when={props.tabs.length > 0} fallback={<Nothing />}>
        <div class="flex h-9 shrink-0 items-center border-b border-line bg-panel">
          <nav aria-label="Open files" class="flex h-full min-w-0 grow overflow-x-auto">
            <For each={props.tabs}>
              {(tab) => (
                <div
                  class="flex h-full shrink-0 items-center border-r border-line"
                  classList={{ "bg-paper": tab.path === props.active }}
                >
                  <button
                    aria-current={tab.path === props.active ? "page" : undefined}
                    class="h-full max-w-48 truncate pr-1 pl-3 text-sm"
                    classList={{ italic: !tab.pinned, "text-quiet": tab.path !== props.active }}
                    title={tab.path}
                    onClick={() => props.onOpen(tab.path, tab.pinned)}
                    onDblClick={() => props.onOpen(tab.path, true)}
                    onAuxClick={(event) => event.button === 1 && props.onClose(tab.path)}
                  >
                    {tab.path.slice(tab.path.lastIndexOf("/") + 1)}
                    <Show when={props.documents.isDirty(tab.path)}>
                      <span class="text-accent" aria-label="not saved yet">
                        {" "}
                        ●
                      </span>
                    </Show>
                  </button>
                  <button
                    class="icon-button mr-1 size-6"
                    aria-label={`Close ${tab.path}`}
                    onClick={() => props.onClose(tab.path)}
                  >
                    <X size={13} />
                  </button>
                </div>
              )}
            </For>
          </nav>
          <button
            class="icon-button mx-1"
            aria-pressed={wrap()}
            aria-label="Wrap long lines"
            title="Wrap long lines"
            onClick={() => setWrap(!wrap())}
          >
            <WrapText size={15} />
          </button>
        </div>
        <Show when={props.active}>
          {(path) => (
            <nav
              aria-label="Path of the file"
              class="flex h-7 shrink-0 items-center gap-1 overflow-x-auto px-3 text-xs whitespace-nowrap text-quiet"
            >
              {path().split("/").join(" › ")}
            </nav>
          )}
        </Show>
        <Show when={document()?.conflict}>
          <div
            role="alert"
            class="flex flex-wrap items-center gap-2 border-y border-line bg-warn-soft px-3 py-2 text-sm"
          >
            <span class="grow">Someone else changed the same lines. Yours are kept here until you choose.</span>
            <button class="button button-small" onClick={() => props.documents.resolve(props.active ?? "", "mine")}>
              Keep mine
            </button>
            <button class="button button-small" onClick={() => props.documents.resolve(props.active ?? "", "theirs")}>
              Take theirs
            </button>
          </div>
        </Show>
        <Show when={document()?.deleted}>
          <div
            role="alert"
            class="flex flex-wrap items-center gap-2 border-y border-line bg-warn-soft px-3 py-2 text-sm"
          >
            <span class="grow">This file was deleted elsewhere; your edits are only here.</span>
            <button class="button button-small" onClick={() => void props.documents.recreate(props.active ?? "")}>
              Write it again
            </button>
          </div>
        </Show>
        <div class="min-h-0 grow">
          <Switch
            fallback={
              <div class="p-4">
                <div class="skeleton mb-2 h-4 w-1/2" />
                <div class="skeleton h-4 w-1/3" />
              </div>
            }
          >
            <Match when={document()?.url && /\.(avif|gif|ico|jpe?g|png|webp)$/i.test(props.active ?? "")}>
              <div class="flex h-full items-center justify-center overflow-auto p-6">
                <img src={document()?.url} alt={props.active} class="max-h-full max-w-full" />
              </div>
            </Match>
            <Match when={document()?.url}>
              <div class="flex h-full flex-col items-center justify-center gap-3 p-6 text-center">
                <p>This file is not text ({Math.ceil((document()?.size ?? 0) / 1024)} KB).</p>
                <a class="button" href={document()?.url} download={props.active}>
                  Download
                </a>
              </div>
            </Match>
            <Match when={document() && props.active}>
              {(path) => (
                <Suspense fallback={<div class="skeleton m-4 h-24" />}>
                  <CodeEditor path={path()} documents={props.documents} wrap={wrap()} />
                </Suspense>
              )}
            </Match>
          </Switch>
        </div>
      </Show>
    </section>
  );
}

function Nothing() {
  return (
    <div class="flex h-full flex-col items-center justify-center gap-4 p-6 text-center text-quiet">
      <div class="opacity-40">
        <Mark size={56} />
      </div>
      <p class="text-sm">Choose a file to read and edit it.</p>
      <dl class="grid grid-cols-[auto_auto] gap-x-4 gap-y-1 text-xs">
        <dt>Save now</dt>
        <dd>Ctrl S</dd>
        <dt>Find in the file</dt>
        <dd>Ctrl F</dd>
        <dt>Rename, in the tree</dt>
        <dd>F2</dd>
      </dl>
    </div>
  );
}
