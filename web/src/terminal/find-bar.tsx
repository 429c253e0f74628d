import type { SearchAddon } from "@xterm/addon-search";
import ArrowDown from "lucide-solid/icons/arrow-down";
import ArrowUp from "lucide-solid/icons/arrow-up";
import X from "lucide-solid/icons/x";
import { createSignal, onCleanup, onMount } from "solid-js";
import { text } from "#text/terminal.ts";
import { isDark } from "../components/theme.tsx";
import { searchColors } from "./terminal-theme.ts";

/** Finds in what a terminal has printed. */
export function FindBar(props: { search: SearchAddon; onClose(): void }) {
  let field!: HTMLInputElement;
  // Once the bar closes, its props can be read no more.
  const { search } = props;
  const [found, setFound] = createSignal<{ at: number; total: number }>();
  const options = (incremental = false) => ({ incremental, decorations: searchColors(isDark()) });
  const next = () => search.findNext(field.value, options());
  const previous = () => search.findPrevious(field.value, options());

  onMount(() => {
    const listening = search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setFound({ at: resultIndex + 1, total: resultCount }),
    );
    field.focus();
    onCleanup(() => {
      listening.dispose();
      search.clearDecorations();
    });
  });

  return (
    <div role="search" class="card absolute top-1 right-4 z-10 flex items-center gap-1 p-1 shadow">
      <input
        ref={field}
        class="field h-7 w-44 px-2 py-0 text-sm"
        aria-label={text.findLabel}
        placeholder={text.findLabel}
        onInput={() => {
          if (field.value === "") {
            search.clearDecorations();
            setFound(undefined);
          } else search.findPrevious(field.value, options(true));
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") props.onClose();
          else if (event.key === "Enter" && !event.isComposing) {
            event.preventDefault();
            if (event.shiftKey) next();
            else previous();
          }
        }}
      />
      <span role="status" class="min-w-16 text-center text-xs text-quiet">
        {found() ? text.found(found()?.at ?? 0, found()?.total ?? 0) : ""}
      </span>
      <button class="icon-button" aria-label={text.findPrevious} title={text.findPrevious} onClick={previous}>
        <ArrowUp size={14} />
      </button>
      <button class="icon-button" aria-label={text.findNext} title={text.findNext} onClick={next}>
        <ArrowDown size={14} />
      </button>
      <button class="icon-button" aria-label={text.findClose} title={text.findClose} onClick={() => props.onClose()}>
        <X size={14} />
      </button>
    </div>
  );
}
