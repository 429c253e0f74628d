import { unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { theme } from "./theme.ts";

type Controls = NonNullable<Parameters<typeof unifiedMergeView>[0]["mergeControls"]>;

/** A read-only diff against `original`, with unchanged lines folded. */
export function comparison(options: {
  original: string;
  label: string;
  language: Extension;
  /** Buttons at each hunk. */
  controls: Controls;
}): Extension {
  return [
    EditorState.lineSeparator.of("\n"),
    lineNumbers(),
    EditorView.lineWrapping,
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0" }),
    unifiedMergeView({
      original: options.original,
      highlightChanges: true,
      gutter: true,
      collapseUnchanged: { margin: 3, minSize: 6 },
      mergeControls: options.controls,
    }),
    options.language,
    theme,
  ];
}
