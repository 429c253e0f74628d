import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { createEffect, on, onCleanup } from "solid-js";
import { languageOf } from "../editor/languages.ts";
import { theme } from "../editor/theme.ts";

/** Two texts as one, to read: what goes in red, what comes in green. */
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
            extensions: [
              EditorState.lineSeparator.of("\n"),
              lineNumbers(),
              EditorView.lineWrapping,
              EditorState.readOnly.of(true),
              EditorView.editable.of(false),
              EditorView.contentAttributes.of({ "aria-label": props.label, tabindex: "0" }),
              unifiedMergeView({
                original: before,
                highlightChanges: true,
                gutter: true,
                mergeControls: false,
                collapseUnchanged: { margin: 3, minSize: 6 },
              }),
              language,
              theme,
            ],
          }),
        });
      },
    ),
  );
  onCleanup(() => view?.destroy());
  return <div ref={parent} class="bg-paper" />;
}
