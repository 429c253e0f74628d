import ChevronRight from "lucide-solid/icons/chevron-right";
import { Show, Suspense } from "solid-js";
import { text } from "#text/editor.ts";
import { text as loading } from "#text/loading.ts";
import { lazyPart } from "../components/lazy-part.tsx";
import { layout, setLayout } from "../stores/layout.ts";

const OutlineList = lazyPart(loading.outline, () => import("./outline-list.tsx"));

/** The declarations of the focused file below the tree, closed until it is asked for. */
export function Outline() {
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
        <Suspense>
          <OutlineList />
        </Suspense>
      </Show>
    </section>
  );
}
