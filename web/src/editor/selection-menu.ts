import { StateField, type EditorState, type Extension } from "@codemirror/state";
import { keymap, showTooltip, type EditorView, type Tooltip } from "@codemirror/view";
import { text } from "#text/editor.ts";
import { beginQuickEdit, isQuickEditing, linesSelected } from "./quick-edit.ts";

export interface Selected {
  fromLine: number;
  toLine: number;
  text: string;
}

/** Actions on the selection, as a small menu at its end and as keys. */
export function selectionMenu(options: { onChat(selected: Selected): void; hasQuickEdit: boolean }): Extension {
  function addToChat(view: EditorView): boolean {
    const { from, to } = linesSelected(view.state);
    const { doc } = view.state;
    options.onChat({
      fromLine: doc.lineAt(from).number,
      toLine: doc.lineAt(to).number,
      text: view.state.sliceDoc(from, to),
    });
    return true;
  }

  function tooltip(state: EditorState): Tooltip | null {
    const { main } = state.selection;
    if (
      main.empty ||
      isQuickEditing(state) ||
      state.sliceDoc(main.from, Math.min(main.to, main.from + 200)).trim() === ""
    )
      return null;
    return {
      pos: main.head,
      above: main.head < main.anchor,
      strictSide: false,
      create(view) {
        const dom = document.createElement("div");
        dom.className = "cm-selection-menu";
        const action = (label: string, run: (view: EditorView) => boolean) => {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = label;
          // On mousedown: a click would first take the focus, and with it the selection.
          button.addEventListener("mousedown", (event) => event.preventDefault());
          button.addEventListener("click", () => run(view));
          dom.append(button);
        };
        action(text.addToChat, addToChat);
        if (options.hasQuickEdit && !state.readOnly) action(text.quickEdit, beginQuickEdit);
        return { dom };
      },
    };
  }

  return [
    StateField.define<Tooltip | null>({
      create: tooltip,
      update: (value, transaction) =>
        transaction.docChanged || transaction.selection || transaction.effects.length > 0
          ? tooltip(transaction.state)
          : value,
      provide: (field) => showTooltip.from(field),
    }),
    keymap.of([{ key: "Mod-l", preventDefault: true, run: addToChat }]),
  ];
}
