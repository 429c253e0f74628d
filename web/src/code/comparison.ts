import { unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { theme } from "./theme.ts";

type Controls = NonNullable<Parameters<typeof unifiedMergeView>[0]["mergeControls"]>;

/** Characters of both texts past which a comparison would lag. */
const maxCompared = 1_000_000;

export function isTooLong(before: string, after: string): boolean {
  return before.length + after.length > maxCompared;
}

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
      gutter: false,
      collapseUnchanged: { margin: 3, minSize: 6 },
      mergeControls: options.controls,
    }),
    options.language,
    theme,
    bars,
  ];
}

/** A bar beside what has come and what has gone. The gutter's would be red beside a hunk that removes nothing. */
const bars = EditorView.theme({
  ".cm-changedLine": { boxShadow: "inset 3px 0 var(--good)" },
  ".cm-deletedChunk:has(.cm-deletedLine)": { boxShadow: "inset 3px 0 var(--bad)" },
});
