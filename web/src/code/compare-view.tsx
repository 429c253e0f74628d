import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { createEffect, on, onCleanup, Show } from "solid-js";
import { text } from "#text/common.ts";
import { comparison, isTooLong } from "./comparison.ts";
import { languageOf } from "./languages.ts";

/** A read-only diff of two texts: removed lines red, added lines green. */
export default function CompareView(props: { path: string; label: string; before: string; after: string }) {
  let parent!: HTMLDivElement;
  let view: EditorView | undefined;
  createEffect(
    on(
      () => [props.path, props.before, props.after] as const,
      async ([path, before, after]) => {
        view?.destroy();
        view = undefined;
        if (isTooLong(before, after)) return;
        const language = await languageOf(path);
        if (path !== props.path || after !== props.after || !parent.isConnected) return;
        view = new EditorView({
          parent,
          state: EditorState.create({
            doc: after,
            extensions: comparison({ original: before, label: props.label, language, controls: false }),
          }),
        });
      },
    ),
  );
  onCleanup(() => view?.destroy());
  return (
    <>
      <Show when={isTooLong(props.before, props.after)}>
        <p class="px-4 py-2 text-sm text-quiet">{text.tooLongToCompare}</p>
      </Show>
      <div ref={parent} class="bg-paper" />
    </>
  );
}
