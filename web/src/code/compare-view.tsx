import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { createEffect, on, onCleanup } from "solid-js";
import { comparison } from "./comparison.ts";
import { languageOf } from "./languages.ts";

/** A read-only diff of two texts: removed lines red, added lines green. */
export default function CompareView(props: { path: string; label: string; before: string; after: string }) {
  let parent!: HTMLDivElement;
  let view: EditorView | undefined;
  createEffect(
    on(
      () => [props.path, props.before, props.after] as const,
      async ([path, before, after]) => {
        const language = await languageOf(path);
        if (path !== props.path || after !== props.after || !parent.isConnected) return;
        view?.destroy();
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
  return <div ref={parent} class="bg-paper" />;
}
