import { text as words } from "#text/editor.ts";
import { completionStatus } from "@codemirror/autocomplete";
import { Prec, StateEffect, StateField, type Extension, type Text } from "@codemirror/state";
import { Decoration, EditorView, keymap, ViewPlugin, WidgetType, type ViewUpdate } from "@codemirror/view";

/** Asks the model for a completion at the cursor. Empty for none. */
export type Complete = (before: string, after: string, signal: AbortSignal) => Promise<string>;

interface Suggestion {
  at: number;
  text: string;
}

/** Milliseconds without typing before the model is asked. */
const rest = 400;
const around = 6000;

const suggest = StateEffect.define<Suggestion | null>();

/**
 * A suggestion belongs to one text and one cursor position. A change of either discards it, so a stale one is never
 * inserted.
 */
const suggestion = StateField.define<Suggestion | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(suggest)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : value;
  },
  provide: (field) =>
    EditorView.decorations.from(field, (value) =>
      value === null
        ? Decoration.none
        : Decoration.set([Decoration.widget({ widget: new Ghost(value.text), side: 1 }).range(value.at)]),
    ),
});

class Ghost extends WidgetType {
  readonly text: string;
  constructor(text: string) {
    super();
    this.text = text;
  }
  override eq(other: Ghost): boolean {
    return other.text === this.text;
  }
  override toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = "cm-ghost";
    span.textContent = this.text;
    span.setAttribute("aria-label", words.suggestion(this.text));
    return span;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

function accept(view: EditorView, part: (text: string) => string): boolean {
  const value = view.state.field(suggestion);
  if (value === null) return false;
  const text = part(value.text);
  const left = value.text.slice(text.length);
  view.dispatch({
    changes: { from: value.at, insert: text },
    selection: { anchor: value.at + text.length },
    userEvent: "input.complete",
    scrollIntoView: true,
  });
  if (left !== "") view.dispatch({ effects: suggest.of({ at: value.at + text.length, text: left }) });
  return true;
}

function dismiss(view: EditorView): boolean {
  if (view.state.field(suggestion) === null) return false;
  view.dispatch({ effects: suggest.of(null) });
  return true;
}

/** `hasTyped`: the person has typed already, so the first suggestion is asked for without another key. */
export function ghostText(complete: Complete, hasTyped: boolean): Extension {
  const asking = ViewPlugin.fromClass(
    class {
      readonly view: EditorView;
      timer: ReturnType<typeof setTimeout> | undefined;
      request: AbortController | undefined;
      constructor(view: EditorView) {
        this.view = view;
        if (hasTyped) this.timer = setTimeout(() => void this.ask(), rest);
      }
      update(update: ViewUpdate): void {
        if (!update.docChanged && !update.selectionSet) return;
        this.stop();
        const typed = update.transactions.some(
          (each) => each.isUserEvent("input.type") || each.isUserEvent("delete.backward"),
        );
        if (typed) this.timer = setTimeout(() => void this.ask(), rest);
      }
      async ask(): Promise<void> {
        const { state } = this.view;
        const { main } = state.selection;
        const isQuiet = completionStatus(state) === null && !this.view.composing && this.view.hasFocus;
        if (!main.empty || !isQuiet || state.readOnly) return;
        // Not in the middle of a word.
        const line = state.doc.lineAt(main.head);
        if (/\w/.test(state.sliceDoc(main.head, Math.min(line.to, main.head + 1)))) return;
        if (state.doc.length === 0) return;
        const asked: Text = state.doc;
        const request = (this.request = new AbortController());
        try {
          const before = state.sliceDoc(Math.max(0, main.head - around), main.head);
          const after = state.sliceDoc(main.head, Math.min(state.doc.length, main.head + around));
          const text = await complete(before, after, request.signal);
          const now = this.view.state;
          const isCurrent = now.doc === asked && now.selection.main.empty && now.selection.main.head === main.head;
          if (text !== "" && isCurrent && !request.signal.aborted)
            this.view.dispatch({ effects: suggest.of({ at: main.head, text }) });
        } catch {
          // A failed suggestion needs no message.
        }
      }
      stop(): void {
        clearTimeout(this.timer);
        this.request?.abort();
      }
      destroy(): void {
        this.stop();
      }
    },
  );
  return [
    suggestion,
    asking,
    Prec.highest(
      keymap.of([
        { key: "Tab", run: (view) => accept(view, (text) => text) },
        { key: "Mod-ArrowRight", run: (view) => accept(view, (text) => /^\s*\S+/.exec(text)?.[0] ?? text) },
        { key: "Escape", run: dismiss },
      ]),
    ),
    EditorView.domEventHandlers({ blur: (_, view) => void dismiss(view) }),
  ];
}
