import X from "lucide-solid/icons/x";
import { For } from "solid-js";
import { text } from "#text/preview.ts";
import { ToolButton } from "./tool-button.tsx";

/** What a previewed page has reported, and the way to the agent with it. */
export function ProblemList(props: { problems: readonly string[]; label: string; onAsk(): void; onHide(): void }) {
  return (
    <section aria-label={text.problemList} class="max-h-48 shrink-0 overflow-auto border-t border-line bg-panel">
      <header class="sticky top-0 flex items-center gap-2 bg-panel px-3 py-1.5">
        <h2 class="grow text-xs font-medium">{text.problemList}</h2>
        <button class="button button-small" onClick={() => props.onAsk()}>
          {props.label}
        </button>
        <ToolButton label={text.hide} onClick={() => props.onHide()}>
          <X size={14} />
        </ToolButton>
      </header>
      <ul class="px-3 pb-2 font-mono text-xs">
        <For each={props.problems}>
          {(problem) => <li class="py-0.5 break-words whitespace-pre-wrap">{problem}</li>}
        </For>
      </ul>
    </section>
  );
}
