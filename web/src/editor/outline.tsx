import ChevronRight from "lucide-solid/icons/chevron-right";
import { For, Show } from "solid-js";
import { text } from "#text/editor.ts";
import { editorStatus, outline } from "../stores/editor-status.ts";
import { layout, setLayout } from "../stores/layout.ts";

/** The declarations of the focused file below the tree, closed until it is asked for. */
export function Outline() {
  const current = () => outline().findLast(({ line }) => line <= (editorStatus()?.line ?? 0));
  return (
    <section class="flex max-h-[40%] shrink-0 flex-col border-t border-line bg-panel" aria-label={text.outline}>
      <button
        class="touch-target flex h-7 shrink-0 items-center gap-1 px-1 text-xs font-semibold text-quiet hover:text-ink"
        aria-expanded={layout().hasOutline}
        onClick={() => setLayout({ hasOutline: !layout().hasOutline })}
      >
        <ChevronRight size={14} classList={{ "rotate-90": layout().hasOutline }} />
        {text.outline}
      </button>
      <Show when={layout().hasOutline}>
        <ul class="min-h-0 overflow-y-auto pb-1">
          <For each={outline()} fallback={<li class="px-3 py-1 text-xs text-quiet">{text.noSymbols}</li>}>
            {(item) => (
              <li>
                <button
                  class="touch-target block w-full truncate py-0.5 pr-2 text-left text-sm hover:bg-raised"
                  classList={{ "bg-accent-soft": item === current() }}
                  style={{ "padding-left": `${20 + item.depth * 12}px` }}
                  onClick={() => document.dispatchEvent(new CustomEvent("go-to-line", { detail: item.line }))}
                >
                  {item.name}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}
