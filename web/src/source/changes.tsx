import Undo from "lucide-solid/icons/undo-2";
import { createSignal, createUniqueId, For, Show } from "solid-js";
import { text } from "#text/source.ts";
import { text as common } from "#text/common.ts";
import { maxDiscarded, type SourceChange } from "@slipway/contract/github";
import { Dialog } from "../components/dialog.tsx";

const maxShown = 1000;
const letters = { added: "A", modified: "M", deleted: "D", renamed: "R" } as const;

/** What has changed since the last sync. Each file can be compared and discarded. */
export function Changes(props: {
  changes: readonly SourceChange[];
  mayDiscard: boolean;
  onCompare(path: string): void;
  onDiscard(paths: string[]): void;
}) {
  const [isAsking, ask] = createSignal(false);
  const id = createUniqueId();
  const pathsOf = (changes: readonly SourceChange[]) =>
    changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));
  const canDiscardAll = () => {
    const { length } = pathsOf(props.changes);
    return props.mayDiscard && length > 1 && length <= maxDiscarded;
  };
  return (
    <div class="flex min-h-40 grow flex-col">
      <div class="flex min-h-9 items-center justify-between gap-2 px-3 pt-2 pb-1">
        <h2 class="text-xs font-semibold text-quiet">
          {props.changes.length > 0 ? text.changes.titleWith(props.changes.length) : text.changes.title}
        </h2>
        <Show when={canDiscardAll()}>
          <button class="button button-small" onClick={() => ask(true)}>
            {text.changes.discardAll}
          </button>
        </Show>
      </div>
      <Show when={props.changes.length > 0} fallback={<p class="px-3 text-sm text-quiet">{text.changes.none}</p>}>
        <ul class="min-h-0 grow overflow-y-auto pb-2" aria-label={text.changes.list} tabindex="-1">
          <For each={props.changes.slice(0, maxShown)}>
            {(change, index) => (
              <li class="group flex items-center pr-2 hover:bg-raised">
                <button
                  id={`${id}-${index()}`}
                  class="flex h-7 min-w-0 grow items-center gap-2 px-3 text-left text-sm pointer-coarse:h-11"
                  title={change.from ? text.changes.renamed(change.from, change.path) : change.path}
                  onClick={() => props.onCompare(change.path)}
                >
                  <span class="max-w-[75%] shrink-0 truncate">
                    {change.path.slice(change.path.lastIndexOf("/") + 1)}
                  </span>
                  <span class="min-w-0 grow truncate text-xs text-quiet">
                    {change.path.slice(0, Math.max(0, change.path.lastIndexOf("/")))}
                  </span>
                </button>
                <Show when={props.mayDiscard}>
                  <button
                    class="icon-button size-6 shrink-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:size-11 pointer-coarse:opacity-100"
                    aria-label={text.changes.discard}
                    aria-describedby={`${id}-${index()}`}
                    title={text.changes.discard}
                    onClick={() => props.onDiscard(pathsOf([change]))}
                  >
                    <Undo size={14} />
                  </button>
                </Show>
                <span
                  class="w-4 shrink-0 text-center font-mono text-xs"
                  classList={{
                    "text-good": change.status === "added",
                    "text-bad": change.status === "deleted",
                    "text-warn": change.status === "modified" || change.status === "renamed",
                  }}
                  aria-label={text.changes.status[change.status]}
                  role="img"
                >
                  {letters[change.status]}
                </span>
              </li>
            )}
          </For>
          <Show when={props.changes.length > maxShown}>
            <li class="px-3 py-1 text-xs text-quiet">{text.andMore(props.changes.length - maxShown)}</li>
          </Show>
        </ul>
      </Show>
      <Show when={isAsking()}>
        <Dialog open title={text.changes.discardAllTitle(props.changes.length)} onClose={() => ask(false)}>
          <p class="text-sm text-quiet">{text.changes.discardAllAbout}</p>
          <div class="flex justify-end gap-2">
            <button class="button" onClick={() => ask(false)}>
              {common.cancel}
            </button>
            <button
              class="button button-bad"
              onClick={() => {
                ask(false);
                props.onDiscard(pathsOf(props.changes));
              }}
            >
              {text.changes.discardAll}
            </button>
          </div>
        </Dialog>
      </Show>
    </div>
  );
}
