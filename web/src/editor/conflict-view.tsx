import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { createSignal, onCleanup, onMount } from "solid-js";
import type { Documents, OpenDocument } from "../stores/documents.ts";
import { languageOf } from "../code/languages.ts";
import { theme } from "../code/theme.ts";

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
            EditorView.contentAttributes.of({ "aria-label": `Theirs: ${path}`, tabindex: "0" }),
          ],
        },
        b: {
          doc: props.document.text,
          extensions: [
            common,
            EditorView.contentAttributes.of({ "aria-label": `Yours: ${path}` }),
            EditorView.updateListener.of(({ docChanged, state }) => {
              if (docChanged) props.documents.edit(path, state.doc);
            }),
          ],
        },
        revertControls: "a-to-b",
        collapseUnchanged: { margin: 3 },
      });
    });
  });
  onCleanup(() => merge?.destroy());

  async function keep(text: string): Promise<void> {
    setBusy(true);
    await props.documents.resolve(path, text);
    setBusy(false);
  }

  return (
    <div class="flex h-full min-h-0 flex-col">
      <div role="alert" class="flex flex-wrap items-center gap-2 border-b border-line bg-warn-soft px-3 py-2 text-sm">
        <span class="grow">
          Someone else changed the same lines. Left is theirs, right is yours: bring over what you want, then keep it.
        </span>
        <button
          class="button button-small button-main"
          disabled={busy()}
          onClick={() => void keep(merge?.b.state.doc.toString() ?? props.document.text)}
        >
          Keep the right side
        </button>
        <button class="button button-small" disabled={busy()} onClick={() => void keep(theirs)}>
          Take theirs
        </button>
      </div>
      <div class="hidden grid-cols-2 border-b border-line text-xs text-quiet sm:grid">
        <span class="px-3 py-1">Theirs</span>
        <span class="px-3 py-1">Yours</span>
      </div>
      <div ref={parent} class="min-h-0 grow overflow-auto" />
    </div>
  );
}
