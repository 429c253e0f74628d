import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { createSignal, onCleanup, onMount } from "solid-js";
import type { Documents, OpenDocument } from "../stores/documents.ts";
import { text } from "#text/editor.ts";
import { languageOf } from "../code/languages.ts";
import { theme } from "../code/theme.ts";
import { panesOf } from "./panes.ts";

/** Both sides of a conflict: theirs read-only, ours editable, with arrows that copy a hunk over. */
export default function ConflictView(props: { document: OpenDocument; documents: Documents }) {
  let parent!: HTMLDivElement;
  let merge: MergeView | undefined;
  const { path } = props.document;
  const theirs = props.document.conflict?.text ?? "";
  const [busy, setBusy] = createSignal(false);

  onMount(() => {
    void languageOf(path).then((language) => {
      const common = [lineNumbers(), EditorView.lineWrapping, theme, language];
      merge = new MergeView({
        parent,
        a: {
          doc: theirs,
          extensions: [
            common,
            EditorState.readOnly.of(true),
            EditorView.contentAttributes.of({ "aria-label": text.theirsOf(path), tabindex: "0" }),
          ],
        },
        b: {
          doc: props.document.text,
          extensions: [
            common,
            EditorView.contentAttributes.of({ "aria-label": text.yoursOf(path) }),
            EditorView.updateListener.of(({ docChanged, changes, state }) => {
              if (!docChanged) return;
              props.documents.edit(path, state.doc);
              panesOf(props.documents).change(path, changes);
            }),
          ],
        },
        revertControls: "a-to-b",
        collapseUnchanged: { margin: 3 },
      });
    });
  });
  onCleanup(() => merge?.destroy());

  async function keep(content: string): Promise<void> {
    setBusy(true);
    await props.documents.resolve(path, content);
    setBusy(false);
  }

  return (
    <div class="flex h-full min-h-0 flex-col">
      <div role="alert" class="flex flex-wrap items-center gap-2 border-b border-line bg-warn-soft px-3 py-2 text-sm">
        <span class="grow">{text.conflict}</span>
        <button
          class="button button-small button-main"
          disabled={busy()}
          onClick={() => void keep(merge?.b.state.doc.toString() ?? props.document.text)}
        >
          {text.useMine}
        </button>
        <button class="button button-small" disabled={busy()} onClick={() => void keep(theirs)}>
          {text.useTheirs}
        </button>
      </div>
      <div class="hidden grid-cols-2 border-b border-line text-xs text-quiet sm:grid">
        <span class="px-3 py-1">{text.theirs}</span>
        <span class="px-3 py-1">{text.yours}</span>
      </div>
      <div ref={parent} class="min-h-0 grow overflow-auto" />
    </div>
  );
}
