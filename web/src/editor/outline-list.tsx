import { For } from "solid-js";
import { text } from "#text/editor.ts";
import { editorStatus, outline } from "../stores/editor-status.ts";

/** The declarations of the focused file; each leads to its line. */
export default function OutlineList() {
  const current = () => outline().findLast(({ line }) => line <= (editorStatus()?.line ?? 0));
  return (
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
  );
}
